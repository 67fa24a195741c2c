"""What the product list shows. Run these at any time; they count for nothing."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.test import TestCase
from django.urls import reverse

from catalogue.models import Brand, Category, Product, ProductImage, Rating, Tag

LIST = reverse("catalogue:product-list")


class ProductListTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.kitchen = Category.objects.create(name="Kitchen", slug="kitchen")
        cls.tea = Category.objects.create(name="Tea", slug="tea", parent=cls.kitchen)
        cls.garden = Category.objects.create(name="Garden", slug="garden")
        cls.brand = Brand.objects.create(name="Moss & Mortar", slug="moss")
        cls.tags = [Tag.objects.create(name=name, slug=name) for name in ("vegan", "classic")]

    def product(self, number, category=None, **values):
        """A product added on the given day of March 2019."""
        return Product.objects.create(
            sku=f"T-{number:03}",
            name=f"Teapot {number}",
            slug=f"teapot-{number}",
            category=category or self.tea,
            brand=self.brand,
            price=Decimal("12.50") + number,
            added_at=datetime(2019, 3, 1, tzinfo=UTC) + timedelta(days=number),
            **values,
        )

    def page(self, **query):
        response = self.client.get(LIST, query)
        self.assertEqual(response.status_code, 200)
        return response.content.decode()

    def skus(self, **query):
        return re.findall(r'class="product" data-sku="([^"]+)"', self.page(**query))

    def test_a_card_shows_name_brand_price_and_tags(self):
        self.product(1).tags.set(self.tags)
        page = self.page()
        self.assertInHTML("<bdi>Teapot 1</bdi>", page)
        self.assertInHTML('<p class="brand"><bdi>Moss &amp; Mortar</bdi></p>', page)
        self.assertInHTML('<p class="price" data-amount="13.50" data-currency="EUR">€13.50</p>', page)
        tags = re.search(r'<ul class="tags">(.*?)</ul>', page, re.DOTALL).group(1)
        self.assertEqual(re.findall(r">([a-z]+)</a>", tags), ["classic", "vegan"])

    def test_the_picture_is_the_main_one_wherever_it_stands(self):
        product = self.product(1)
        ProductImage.objects.create(product=product, drawing="mug-10-aaaaaa", position=0)
        ProductImage.objects.create(product=product, drawing="mug-20-bbbbbb", position=1, is_main=True)
        page = self.page()
        self.assertIn('src="/images/mug-20-bbbbbb.svg"', page)
        self.assertNotIn("mug-10-aaaaaa", page)

    def test_a_product_without_a_main_image_has_no_picture(self):
        ProductImage.objects.create(product=self.product(1), drawing="mug-10-aaaaaa")
        page = self.page()
        self.assertEqual(self.skus(), ["T-001"])
        self.assertNotIn('class="main"', page)

    def test_ratings_are_averaged_and_counted_whatever_else_belongs_to_the_product(self):
        product = self.product(1)
        product.tags.set(self.tags)
        for stars in (5, 4, 4):
            Rating.objects.create(product=product, stars=stars, author="Ada")
        self.assertIn('data-average="4.33" data-count="3"', self.page())

    def test_a_product_without_ratings_says_so(self):
        self.product(1)
        page = self.page()
        self.assertIn('data-average="" data-count="0"', page)
        self.assertIn("No ratings yet", page)

    def test_the_newest_come_first_and_twenty_four_fill_a_page(self):
        for number in range(1, 27):
            self.product(number)
        self.assertEqual(self.skus(), [f"T-{number:03}" for number in range(26, 2, -1)])
        self.assertEqual(self.skus(page=2), ["T-002", "T-001"])
        self.assertIn('data-page="2" data-pages="2"', self.page(page=2))
        self.assertIn('data-total="26"', self.page())

    def test_a_category_holds_what_lies_in_those_below_it(self):
        self.product(1, category=self.tea)
        self.product(2, category=self.garden)
        self.assertEqual(self.skus(category="kitchen"), ["T-001"])

    def test_unpublished_products_are_not_shown(self):
        self.product(1, published=False)
        self.assertEqual(self.skus(), [])

    def test_a_change_is_visible_at_once(self):
        product = self.product(1)
        self.page()
        Product.objects.filter(pk=product.pk).update(price=Decimal("99.00"))
        Rating.objects.create(product=product, stars=2, author="Ada")
        page = self.page()
        self.assertIn('data-amount="99.00"', page)
        self.assertIn('data-average="2.00" data-count="1"', page)
