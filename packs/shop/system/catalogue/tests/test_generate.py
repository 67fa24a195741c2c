"""`manage.py generate`, and what it makes."""

from io import StringIO

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase

from catalogue.models import Brand, Category, Product, ProductImage, Rating


class GenerateTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.output = StringIO()
        call_command("generate", size="S", stdout=cls.output)

    def test_it_makes_two_thousand_products_and_says_so(self):
        self.assertEqual(Product.objects.count(), 2_000)
        self.assertIn("2000 products", self.output.getvalue())

    def test_it_does_not_write_over_goods_unless_it_is_told_to(self):
        with self.assertRaisesMessage(CommandError, "not empty"):
            call_command("generate", stdout=StringIO())
        connection.check_constraints()  # settles the checks that this test's one transaction has put off
        call_command("generate", replace=True, seed="other", stdout=StringIO())
        self.assertEqual(Product.objects.count(), 2_000)

    def test_new_rows_can_be_added_afterwards(self):
        latest = Brand.objects.latest("pk").pk
        self.assertEqual(Brand.objects.create(name="Newcomer", slug="newcomer").pk, latest + 1)

    def test_there_are_products_of_every_kind(self):
        self.assertTrue(Product.objects.filter(images__isnull=True).exists())
        self.assertTrue(ProductImage.objects.filter(is_main=True, position__gt=0).exists())
        self.assertTrue(Product.objects.filter(ratings__isnull=True).exists())
        self.assertTrue(Product.objects.filter(tags__isnull=True).exists())
        self.assertTrue(Product.objects.filter(published=False).exists())
        self.assertTrue(Category.objects.filter(parent__parent__isnull=False).exists())

    def test_all_of_it_lies_in_2019(self):
        for model, field in ((Product, "added_at"), (Rating, "created_at")):
            years = model.objects.dates(field, "year")
            self.assertEqual([day.year for day in years], [2019])

    def test_everything_it_makes_passes_the_models_own_checks(self):
        for model in (Category, Brand):
            for row in model.objects.all():
                row.full_clean()
        for row in Product.objects.select_related("brand", "category")[:50]:
            row.full_clean()
        for row in ProductImage.objects.select_related("product")[:50]:
            row.full_clean()

    def test_the_pages_open_with_it(self):
        self.assertEqual(self.client.get("/products/?page=3").status_code, 200)
        self.assertEqual(self.client.get(Product.objects.published().first().get_absolute_url()).status_code, 200)
