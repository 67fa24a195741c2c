"""What a seller does at the desk."""

from django.test import TestCase
from django.urls import reverse

from accounts.models import Membership
from orders.checkout import place_order
from orders.models import Order, OrderLine
from orders.states import Status, change_status
from orders.tests.shelf import ADDRESS, line, person, variant

LIST, EXPORT = reverse("desk:order-list"), reverse("desk:export")


def door(name, order):
    """An address of one order."""
    return reverse(f"desk:{name}", args=[order.public_id])


class DeskTests(TestCase):
    def setUp(self):
        self.ines, self.otto, self.bo = person("ines"), person("otto"), person("bo")
        self.mug, self.pan = variant("Mug", brand="Kiso", stock=90), variant("Pan", brand="Olden", stock=90)
        Membership.objects.create(user=self.ines, brand=self.mug.product.brand)
        Membership.objects.create(user=self.otto, brand=self.pan.product.brand)
        self.order = self.placed(line(self.mug, 2), line(self.pan))
        self.others = self.placed(line(self.pan))

    def placed(self, *lines, **address):
        order = place_order(buyer=self.bo, lines=lines, address={**ADDRESS, **address})
        return change_status(order, Status.PAID)

    def as_(self, user):
        self.client.force_login(user)
        return self.client

    def test_a_seller_sees_their_own_lines_at_every_door(self):
        ines = self.as_(self.ines)
        for address in (LIST, door("order-detail", self.order), door("invoice", self.order)):
            with self.subTest(address):
                self.assertContains(ines.get(address), "Mug, small")
        self.assertIn("Mug, small", b"".join(ines.get(EXPORT).streaming_content).decode())

    def test_a_seller_packs_and_sends_and_notes_the_parcel(self):
        ines = self.as_(self.ines)
        ines.post(door("order-edit", self.order), {"status": "packed", "tracking": ""})
        ines.post(door("order-edit", self.order), {"status": "sent", "tracking": "DE 77"})
        self.assertEqual(Order.objects.get(pk=self.order.pk).status, "sent")
        self.assertEqual(OrderLine.objects.get(order=self.order, sku=self.mug.sku).tracking, "DE 77")

    def test_the_list_is_found_through_by_status_number_and_article(self):
        ines = self.as_(self.ines)
        for query, count in (
            ({"q": self.order.number}, 1), ({"q": self.mug.sku.lower()}, 1), ({"q": "nothing"}, 0),
            ({"status": "paid"}, 1), ({"status": "sent"}, 0),
        ):  # fmt: skip
            with self.subTest(query):
                self.assertEqual(ines.get(LIST, query).content.count(b"data-order="), count)
        self.assertEqual(ines.get(LIST, {"status": "nonsense"}).status_code, 400)

    def test_no_cell_of_the_export_is_a_formula(self):
        self.placed(line(self.mug), name="=HYPERLINK(1)", city="@SUM(A1)")
        rows = b"".join(self.as_(self.ines).get(EXPORT).streaming_content).decode()
        self.assertIn("'=HYPERLINK(1)", rows)
        self.assertIn("'@SUM(A1)", rows)
