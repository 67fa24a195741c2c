"""The pages that cost the same number of statements, however much they show."""

from django.contrib.auth.models import User
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue.models import Category, Product
from catalogue.tests.shop import furnish, product, shelf

TABLES = ("category", "brand", "tag", "product", "variant", "productimage", "rating")


class QueryCountTests(TestCase):
    def setUp(self):
        self.shelf = shelf()
        furnish(product(1, category=self.shelf), children=2)

    def statements(self, address):
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(self.client.get(address).status_code, 200)
        return [query["sql"] for query in queries]

    def grow(self, products, children):
        """More products, each on a shelf and of a brand of its own, with children of every kind."""
        first = Category.objects.count() * 100
        for number in range(first, first + products):
            inner = Category.objects.create(name=f"Shelf {number}", slug=f"shelf-{number}", parent=self.shelf)
            furnish(product(number, category=inner), children=children)

    def assert_constant(self, address, at_most):
        self.statements(address)  # Django remembers content types after the first request
        before = self.statements(address)
        self.grow(products=12, children=5)
        after = self.statements(address)
        self.assertEqual(len(after), len(before), "\n".join(after))
        self.assertLessEqual(len(after), at_most, "\n".join(after))

    def test_a_product(self):
        self.assert_constant("/products/teapot-1/", at_most=7)

    def sign_in(self):
        self.client.force_login(User.objects.create_superuser("ines"))

    def test_every_list_of_the_back_office(self):
        self.sign_in()
        for table in TABLES:
            with self.subTest(table):
                self.assert_constant(reverse(f"admin:catalogue_{table}_changelist"), at_most=10)

    def test_a_product_in_the_back_office(self):
        self.sign_in()
        address = reverse("admin:catalogue_product_change", args=[Product.objects.get().pk])
        self.assert_constant(address, at_most=20)
