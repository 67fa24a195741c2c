"""What the sidebar says. Run these at any time; they count for nothing."""

import re
from decimal import Decimal

from django.test import TestCase
from django.urls import reverse

from catalogue.models import Brand, Category, Product, Tag

FACET = re.compile(r'class="facet" data-kind="(\w+)" data-value="([\w-]+)" data-count="(\d+)"(?: data-pieces="(\d+)")?')


class FacetTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.kitchen = Category.objects.create(name="Kitchen", slug="kitchen")
        cls.moss = Brand.objects.create(name="Moss & Mortar", slug="moss")
        cls.fern = Brand.objects.create(name="Fern", slug="fern")
        cls.vegan = Tag.objects.create(name="vegan", slug="vegan")

    def product(self, number, brand, stocks=(), reviews=0):
        product = Product.objects.create(
            sku=f"T-{number}", name=f"Teapot {number}", slug=f"teapot-{number}", category=self.kitchen, brand=brand,
            price=Decimal("12.50"),
        )  # fmt: skip
        product.tags.add(self.vegan)
        for place, stock in enumerate(stocks):
            product.variants.create(sku=f"T-{number}-{place}", name=f"No. {place}", stock=stock)
        for _ in range(reviews):
            product.ratings.create(stars=4, author="Ada")
        return product

    def facets(self, **query):
        """Products and pieces by kind and slug."""
        page = self.client.get(reverse("catalogue:product-list"), query).content.decode()
        return {(kind, slug): (int(count), int(pieces or 0)) for kind, slug, count, pieces in FACET.findall(page)}

    def test_a_plain_product_is_counted(self):
        self.product(1, self.moss, [3])
        self.assertEqual(self.facets()["brand", "moss"], (1, 3))

    def test_a_product_with_two_variants_and_reviews_is_one_product(self):
        self.product(1, self.moss, [5, 5], reviews=3)
        self.assertEqual(self.facets()["brand", "moss"], (1, 10))
        self.assertEqual(self.facets()["tag", "vegan"], (1, 10))
        self.assertEqual(self.facets()["in_stock", "on"][0], 1)

    def test_other_brands_stay_beside_a_chosen_one(self):
        self.product(1, self.moss, [1])
        self.product(2, self.fern, [0])
        self.assertEqual(self.facets(brand="moss")["brand", "fern"], (1, 0))
        self.assertEqual(self.facets(brand="moss")["tag", "vegan"], (1, 1))
