"""The peer of a whole grading: SH4's checks at SH4's sizes, as one Django test run that a project would keep."""

import io
import re
from decimal import Decimal

from catalogue.models import Brand, Category, Product, ProductImage, Rating, Tag, Variant
from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

PAGE = 24
CARD = re.compile(r'<article class="product".*?data-sku="([^"]+)".*?</article>', re.DOTALL)


class Shelf:
    """A category with products, and children of each."""

    def __init__(self, slug, products=PAGE, brands=1, images=1, tags=1, ratings=2):
        self.slug = slug
        self.category = Category.objects.create(name=slug.title(), slug=slug)
        makers = [Brand.objects.create(name=f"{slug} maker {n}", slug=f"{slug}-maker-{n}") for n in range(brands)]
        words = [Tag.objects.create(name=f"{slug} tag {n}", slug=f"{slug}-tag-{n}") for n in range(tags)]
        self.products = Product.objects.bulk_create(
            Product(
                sku=f"{slug}-{n}",
                name=f"{slug} {n}",
                slug=f"{slug}-{n}",
                category=self.category,
                brand=makers[n % brands],
                price=Decimal(500 + n) / 100,
                published=True,
            )
            for n in range(products)
        )
        link = Product.tags.through
        link.objects.bulk_create(link(product=one, tag=word) for one in self.products for word in words)
        ProductImage.objects.bulk_create(
            ProductImage(product=one, drawing="mug-7-00ff00", is_main=n == 0, position=n)
            for one in self.products
            for n in range(images)
        )
        Rating.objects.bulk_create(
            Rating(product=one, stars=4, author="Ada") for one in self.products for _ in range(ratings)
        )
        Variant.objects.bulk_create(
            Variant(product=one, sku=f"{one.sku}-v", name="One size", stock=one.pk % 3) for one in self.products
        )


class ProductListTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        call_command("generate", size="S", verbosity=0, stdout=io.StringIO())
        cls.plain = Shelf("plain")
        cls.few = Shelf("few", products=6)
        cls.many = Shelf("many", products=230)
        cls.brands = Shelf("brands", brands=PAGE)
        cls.images = Shelf("images", images=8)
        cls.tags = Shelf("tags", tags=8)
        cls.ratings = Shelf("ratings", ratings=40)
        cls.odd = Shelf("odd", products=17, brands=5, images=3, tags=4, ratings=5)

    def page(self, query):
        answer = self.client.get(f"/products/?{query}")
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def statements(self, shelf):
        with CaptureQueriesContext(connection) as queries:
            self.page(f"category={shelf.slug}")
        return len(queries)

    def test_statements_do_not_grow(self):
        plain = self.statements(self.plain)
        self.assertLess(plain, 20)
        for shelf in (self.few, self.many, self.brands, self.images, self.tags, self.ratings):
            with self.subTest(shelf.slug):
                self.assertLessEqual(abs(self.statements(shelf) - plain), 2)

    def test_pages_show_what_they_should(self):
        for query in (
            "category=odd",
            "category=odd&sort=name",
            "category=odd&in_stock=on",
            "category=odd&price_from=20&price_to=60&sort=-price",
            "category=many&sort=price&page=2",
            "category=many&page=10",
            "category=tags&q=a",
            "sort=name",
        ):
            with self.subTest(query):
                self.assertLessEqual(len(CARD.findall(self.page(query))), PAGE)
        self.assertEqual(len(CARD.findall(self.page("category=plain"))), PAGE)

    def test_pages_are_made_anew(self):
        first, second, third = self.plain.products[:3]
        before = self.page("category=plain")
        Product.objects.filter(pk=first.pk).update(name="Something else")
        Product.objects.filter(pk=second.pk).update(published=False)
        Rating.objects.filter(product=third).delete()
        Brand.objects.filter(pk=first.brand_id).update(name="Somebody & Sons")
        Tag.objects.filter(products=third).update(name="new word")
        after = self.page("category=plain")
        self.assertNotEqual(before, after)
        self.assertIn("Something else", after)
        self.assertIn("Somebody &amp; Sons", after)
        self.assertNotIn(f'"{second.sku}"', after)
