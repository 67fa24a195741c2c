"""The desk shows a seller what was ordered of their brands, and nobody anything else, at every door."""

from decimal import Decimal

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

    def test_a_seller_sees_their_own_lines_and_not_those_of_others_at_every_door(self):
        ines = self.as_(self.ines)
        for address in (LIST, door("order-detail", self.order), door("invoice", self.order)):
            with self.subTest(address):
                answer = ines.get(address)
                self.assertContains(answer, "Mug, small")
                self.assertNotContains(answer, "Pan, small")
        rows = b"".join(ines.get(EXPORT).streaming_content).decode()
        self.assertIn("Mug, small", rows)
        self.assertNotIn("Pan, small", rows)

    def test_an_order_without_goods_of_the_seller_is_as_good_as_missing(self):
        ines = self.as_(self.ines)
        for address in (door("order-detail", self.others), door("invoice", self.others)):
            self.assertEqual(ines.get(address).status_code, 404)
        self.assertEqual(ines.post(door("order-edit", self.others), {"status": "packed"}).status_code, 404)
        self.assertNotContains(ines.get(LIST), self.others.number)
        self.assertNotContains(ines.get(LIST, {"q": self.others.number}), str(self.others.public_id))
        self.assertNotContains(ines.get(LIST, {"q": self.pan.sku}), "data-order")
        self.assertEqual(Order.objects.get(pk=self.others.pk).status, "paid")

    def test_buyers_are_refused_and_guests_are_asked_to_sign_in(self):
        doors = (LIST, EXPORT, door("order-detail", self.order), door("invoice", self.order))
        for address in doors:
            self.assertEqual(self.as_(self.bo).get(address).status_code, 403)
        edit = door("order-edit", self.order)
        self.assertEqual(self.client.post(edit, {"status": "packed"}).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.post(edit, {"status": "packed"}).status_code, 302)
        self.assertEqual(Order.objects.get(pk=self.order.pk).status, "paid")
        for address in doors:
            self.assertRedirects(
                self.client.get(address), f"{reverse('accounts:sign-in')}?next={address}", fetch_redirect_response=False
            )

    def test_a_seller_packs_and_sends_and_notes_the_parcel_at_their_own_lines_alone(self):
        ines = self.as_(self.ines)
        ines.post(door("order-edit", self.order), {"status": "packed", "tracking": ""})
        ines.post(door("order-edit", self.order), {"status": "sent", "tracking": "DE 77"})
        self.assertEqual(Order.objects.get(pk=self.order.pk).status, "sent")
        self.assertEqual(dict(OrderLine.objects.filter(order=self.order).values_list("sku", "tracking")),
                         {self.mug.sku: "DE 77", self.pan.sku: ""})  # fmt: skip

    def test_other_fields_that_are_sent_along_and_steps_of_others_change_nothing(self):
        ines = self.as_(self.ines)
        ines.post(door("order-edit", self.order), {"tracking": "x", "total": "0", "buyer": self.ines.pk, "name": "Eve"})
        answer = ines.post(door("order-edit", self.order), {"status": "refunded"})
        self.assertContains(answer, "id_status_error", status_code=422)
        order = Order.objects.get(pk=self.order.pk)
        self.assertEqual((order.status, order.buyer, order.name), ("paid", self.bo, "Bo Buyer"))
        self.assertGreater(order.total, Decimal(0))

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

    def test_pages_need_as_many_statements_for_one_order_as_for_twelve(self):
        ines = self.as_(self.ines)
        for more in (0, 11):
            for _ in range(more):
                self.placed(line(self.mug), line(self.pan))
            with self.assertNumQueries(6):  # session, user, brands, count, page, lines
                ines.get(LIST)
            with self.assertNumQueries(4):  # session, user, brands, lines
                b"".join(ines.get(EXPORT).streaming_content)

    def test_the_page_and_the_invoice_of_one_line_need_as_many_statements_as_those_of_nine(self):
        cups = [variant(f"Cup {number}", brand="Kiso", stock=9) for number in range(8)]
        ines = self.as_(self.ines)
        for order in (self.order, self.placed(line(self.mug), *map(line, cups))):
            for name, statements in (("order-detail", 5), ("invoice", 6)):
                with self.assertNumQueries(statements):  # session, user, brands, order, lines; who sold it
                    ines.get(door(name, order))
