"""The peer: one point of SH4's growth check, as a Django project would test it by itself."""

from catalogue.models import Brand, Category, Product, ProductImage, Rating, Tag
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext


class ProductListTests(TestCase):
    def test_a_page_of_24_products_is_read_with_few_statements(self):
        shelf = Category.objects.create(name="Shelf", slug="shelf")
        brand = Brand.objects.create(name="Brand", slug="brand")
        tag = Tag.objects.create(name="Tag", slug="tag")
        # What the filters of the page show in the shop.
        Brand.objects.bulk_create(Brand(name=f"Maker {n}", slug=f"maker-{n}") for n in range(74))
        Tag.objects.bulk_create(Tag(name=f"Word {n}", slug=f"word-{n}") for n in range(57))
        for number in range(24):
            product = Product.objects.create(
                sku=f"B-{number}", name=f"Thing {number}", slug=f"thing-{number}", category=shelf, brand=brand, price=5
            )
            product.tags.add(tag)
            ProductImage.objects.create(product=product, drawing="mug-7-00ff00", is_main=True)
            Rating.objects.create(product=product, stars=4, author="Ada")
        with CaptureQueriesContext(connection) as queries:
            answer = self.client.get("/products/?category=shelf")
        self.assertContains(answer, "Thing 7")
        self.assertLess(len(queries), 20)
