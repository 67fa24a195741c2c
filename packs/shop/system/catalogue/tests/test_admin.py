"""The back office, as an editor uses it."""

from django.contrib.auth.models import User
from django.test import TestCase
from django.urls import reverse

from catalogue.models import Product
from catalogue.tests.shop import furnish, product, shelf

TABLES = ("category", "brand", "tag", "product", "variant", "productimage", "rating")


class AdminTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.item = product(1, category=shelf("Pots", parent=shelf("Kitchen")))
        furnish(cls.item, children=2)
        cls.editor = User.objects.create_superuser("ines", password="x")

    def setUp(self):
        self.client.force_login(self.editor)

    def test_every_table_can_be_listed_searched_and_added_to(self):
        for table in TABLES:
            changelist = reverse(f"admin:catalogue_{table}_changelist")
            self.assertEqual(self.client.get(changelist).status_code, 200, table)
            self.assertEqual(self.client.get(changelist, {"q": "a"}).status_code, 200, table)
            self.assertEqual(self.client.get(reverse(f"admin:catalogue_{table}_add")).status_code, 200, table)

    def test_a_product_is_found_by_name_and_by_article_number(self):
        changelist = reverse("admin:catalogue_product_changelist")
        for text in ("teapot", "t-0001"):
            self.assertContains(self.client.get(changelist, {"q": text}), "Teapot 1")

    def test_a_product_is_changed_with_its_variants_and_pictures(self):
        page = self.client.get(reverse("admin:catalogue_product_change", args=[self.item.pk]))
        self.assertContains(page, "variants-0-sku")
        self.assertContains(page, "images-0-drawing")

    def test_products_are_taken_down_and_published_again(self):
        for action, published in (("take_down", False), ("publish", True)):
            data = {"action": action, "_selected_action": [self.item.pk]}
            self.client.post(reverse("admin:catalogue_product_changelist"), data)
            self.assertEqual(Product.objects.get().published, published)

    def test_a_visitor_is_asked_to_sign_in(self):
        self.client.logout()
        self.assertEqual(self.client.get(reverse("admin:catalogue_product_changelist")).status_code, 302)
