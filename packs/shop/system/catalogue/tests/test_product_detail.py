"""The page of one product, and pages that are not there."""

from django.test import TestCase

from catalogue.models import Rating, Variant
from catalogue.tests.shop import furnish, product, shelf


class ProductDetailTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.item = product(1, category=shelf("Pots", parent=shelf("Kitchen")), price="20.00")

    def get(self):
        return self.client.get(self.item.get_absolute_url())

    def test_it_shows_where_the_product_lies(self):
        page = self.get().content.decode()
        self.assertLess(page.index("category=kitchen"), page.index("category=pots"))

    def test_it_leads_on_to_the_maker_and_to_the_shelf(self):
        page = self.get()
        self.assertContains(page, "More from <bdi>Moss &amp; Mortar</bdi>")
        self.assertContains(page, "More in <bdi>Pots</bdi>")

    def test_a_variant_costs_its_own_price_or_else_the_product_s(self):
        Variant.objects.create(product=self.item, sku="V-1", name="Small", stock=3)
        Variant.objects.create(product=self.item, sku="V-2", name="Large", price_override="25.00")
        page = self.get()
        self.assertContains(page, '<td class="figure">€20.00</td><td><span class="in">3 in stock</span></td>')
        self.assertContains(page, '<td class="figure">€25.00</td><td><span class="out">Sold out</span></td>')

    def test_it_shows_the_newest_opinions_and_counts_all(self):
        for number in range(12):
            Rating.objects.create(product=self.item, stars=4, author=f"Guest {number:02}", text="Fine.")
        page = self.get()
        self.assertContains(page, "Fine.", count=10)
        self.assertContains(page, "The newest 10 of 12.")
        self.assertContains(page, 'data-average="4.00" data-count="12"')

    def test_a_bare_product_has_a_page_too(self):
        self.assertContains(self.get(), "Nobody has written about this product yet.")

    def test_a_furnished_product_shows_its_pictures(self):
        furnish(self.item, children=3)
        self.assertContains(self.get(), "/images/mug-", count=3)

    def test_what_is_not_there_is_not_found(self):
        for address in ("/products/nothing/", "/nothing", "/products/tea pot/", "/images/mug-400-00000a.svg"):
            response = self.client.get(address)
            self.assertEqual(response.status_code, 404, address)
            self.assertContains(response, "There is nothing here", status_code=404)

    def test_a_page_can_be_read_and_not_posted_to(self):
        self.assertEqual(self.client.post(self.item.get_absolute_url()).status_code, 405)
        self.assertEqual(self.client.post("/products/").status_code, 405)
