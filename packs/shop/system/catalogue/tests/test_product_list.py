"""What visitors find, filter and page through."""

import re
from decimal import Decimal

from django.test import TestCase

from catalogue.forms import SORT_CHOICES
from catalogue.models import Brand, Product, Rating, Tag, Variant
from catalogue.querysets import SORTS
from catalogue.tests.shop import product, shelf


class ProductListTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.kitchen = shelf("Kitchen")
        cls.tea = shelf("Tea", parent=cls.kitchen)
        cls.pots = shelf("Pots", parent=cls.tea)
        cls.garden = shelf("Garden")

    def get(self, status=200, **query):
        response = self.client.get("/products/", query)
        self.assertEqual(response.status_code, status)
        return response.content.decode()

    def skus(self, **query):
        return re.findall(r'class="product" data-sku="([^"]+)"', self.get(**query))

    def test_a_chosen_filter_can_be_taken_off_and_the_others_stay(self):
        product(1, category=self.tea, price="15.00")
        page = self.get(category="tea", price_to="20", q="teapot", page=1)
        self.assertIn('href="?category=tea&amp;price_to=20"', page)
        self.assertIn('href="?category=tea&amp;q=teapot"', page)
        self.assertNotIn('class="chosen"', self.get(category="tea"))

    def test_the_order_is_chosen_by_a_link_that_keeps_the_filters(self):
        product(1, category=self.tea)
        page = self.get(category="tea", sort="price", page=1)
        self.assertIn('href="?category=tea&amp;sort=-price"', page)
        self.assertIn('href="?category=tea&amp;sort=price" aria-current="true"', page)

    def test_a_page_is_headed_by_what_was_asked_for(self):
        product(1, category=self.tea).tags.add(Tag.objects.create(name="Vegan", slug="vegan"))
        for query, heading in (
            ({}, "All products"), ({"category": "tea"}, "<bdi>Tea</bdi>"), ({"brand": "moss"}, "Moss &amp; Mortar"),
            ({"tag": "vegan"}, "<bdi>Vegan</bdi>"), ({"q": "teapot"}, "“<bdi>teapot</bdi>”"),
        ):  # fmt: skip
            self.assertIn(heading, self.get(**query).partition("<h1>")[2].partition("</h1>")[0], query)

    def test_where_nothing_fits_the_page_says_what_to_do(self):
        self.assertIn("Try fewer words", self.get(q="spoon"))
        self.assertIn("Fewer filters show more", self.get(in_stock="on"))

    def test_a_category_holds_what_lies_in_all_below_it(self):
        product(1, category=self.kitchen)
        product(2, category=self.pots)
        product(3, category=self.garden)
        self.assertEqual(self.skus(category="kitchen"), ["T-0002", "T-0001"])
        self.assertEqual(self.skus(category="tea"), ["T-0002"])

    def test_filters_narrow_together(self):
        tag = Tag.objects.create(name="Vegan", slug="vegan")
        other = Brand.objects.create(name="Ode", slug="ode")
        product(1, category=self.tea, price="5.00").tags.add(tag)
        product(2, category=self.tea, price="15.00").tags.add(tag)
        product(3, category=self.tea, price="25.00").tags.add(tag)
        product(4, category=self.tea, price="15.00", brand=other).tags.add(tag)
        product(5, category=self.tea, price="15.00")
        found = self.skus(tag="vegan", brand="moss", price_from="10", price_to="20", q="TEAPOT")
        self.assertEqual(found, ["T-0002"])

    def test_search_wants_every_word_in_the_name_or_the_article_number(self):
        product(1, category=self.tea, name="Kiso glazed teapot 100%")
        product(2, category=self.tea, name="Kiso enamel mug")
        self.assertEqual(self.skus(q="kiso teapot"), ["T-0001"])
        self.assertEqual(self.skus(q="t-0002"), ["T-0002"])
        self.assertEqual(self.skus(q="100%"), ["T-0001"])
        self.assertEqual(self.skus(q="kiso spoon"), [])

    def test_in_stock_means_that_some_variant_is(self):
        for number, stocks in ((1, [0, 3]), (2, [0, 0]), (3, [])):
            item = product(number, category=self.tea)
            for position, stock in enumerate(stocks):
                sku = f"V-{number}-{position}"
                Variant.objects.create(product=item, sku=sku, name=f"Size {position}", stock=stock)
        self.assertEqual(self.skus(in_stock="on"), ["T-0001"])

    def test_every_order_that_is_offered_works(self):
        product(1, category=self.tea, price="20.00", name="Alder mug")
        product(2, category=self.tea, price="10.00", name="Birch mug")
        self.assertEqual([value for value, _ in SORT_CHOICES], list(SORTS))
        firsts = {sort: self.skus(sort=sort)[0] for sort in SORTS}
        self.assertEqual(firsts, {"newest": "T-0002", "price": "T-0002", "-price": "T-0001", "name": "T-0001"})

    def test_pages_hold_twenty_four_and_keep_the_filters(self):
        for number in range(1, 27):
            product(number, category=self.tea)
        self.assertEqual(len(self.skus(category="tea")), 24)
        self.assertEqual(self.skus(category="tea", page=2), ["T-0002", "T-0001"])
        page = self.get(category="tea", page=2)
        self.assertIn('href="?category=tea&amp;page=1"', page)
        self.assertIn('data-page="2" data-pages="2"', page)

    def test_pages_that_do_not_exist_are_not_found(self):
        for number in ("2", "0", "-1", "x", "9" * 30):
            self.get(status=404, page=number)

    def test_filters_that_make_no_sense_are_named_and_show_nothing(self):
        product(1, category=self.tea)
        for query in (
            {"brand": "unknown"}, {"category": "unknown"}, {"tag": "\x00"}, {"q": "\x00"}, {"sort": "random"},
            {"price_from": "-1"}, {"price_from": "NaN"}, {"price_to": "1e99999"}, {"price_from": "9", "price_to": "1"},
        ):  # fmt: skip
            page = self.get(status=400, **query)
            self.assertNotIn('class="product"', page, query)
            self.assertIn('class="error"', page, query)

    def test_what_a_visitor_types_is_escaped(self):
        probe = "<script>alert(1)</script>"
        product(1, category=self.tea, name=probe, slug="probe")
        for query in ({"q": probe}, {"brand": probe}, {"price_from": probe}, {}):
            self.assertNotIn(probe, self.client.get("/products/", query).content.decode())
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;", self.get())

    def test_unpublished_products_are_nowhere(self):
        product(1, category=self.tea, published=False)
        self.assertEqual(self.skus(), [])
        self.assertEqual(self.client.get("/products/teapot-1/").status_code, 404)

    def test_a_card_tells_average_and_number_of_ratings(self):
        item = product(1, category=self.tea, price="1234.50")
        item.tags.set([Tag.objects.create(name=name, slug=name) for name in ("a", "b", "c")])
        for stars in (5, 4, 4):
            Rating.objects.create(product=item, stars=stars, author="Ada")
        page = self.get()
        self.assertIn('data-average="4.33" data-count="3"', page)
        self.assertIn('data-amount="1234.50" data-currency="EUR">€1,234.50<', page)
        Product.objects.update(currency="CHF", price=Decimal("0.10"))
        self.assertIn('data-currency="CHF">CHF\N{NO-BREAK SPACE}0.10<', self.get())
