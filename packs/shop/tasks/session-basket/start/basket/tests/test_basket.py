"""What the basket does as long as everybody does what the page offers."""

from django.test import TestCase
from django.urls import reverse

from orders.tests.shelf import variant

PAGE, ADD, CHANGE, REMOVE = (reverse(f"basket:{name}") for name in ("basket", "add", "change", "remove"))


class BasketTests(TestCase):
    def test_goods_are_added_changed_and_taken_out(self):
        mug = variant("Mug", stock=5)
        self.client.post(ADD, {"variant": mug.pk, "quantity": 2})
        self.client.post(ADD, {"variant": mug.pk, "quantity": 1})
        self.assertContains(self.client.get(PAGE), 'data-quantity="3"')
        self.client.post(CHANGE, {"variant": mug.pk, "quantity": 1})
        self.assertContains(self.client.get(PAGE), 'data-quantity="1"')
        self.client.post(REMOVE, {"variant": mug.pk})
        self.assertNotContains(self.client.get(PAGE), "data-quantity")
