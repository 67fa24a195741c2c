"""Some of what was asked for. Which amounts, how many lines and which rates are tried is for you to think of."""

from decimal import Decimal

from django.test import TestCase
from django.urls import reverse

from discounts.models import Code
from orders.checkout import place_order
from orders.models import Order, TaxRate
from orders.states import Status, change_status
from orders.tests.shelf import ADDRESS, line, person, variant

SPENT = reverse("orders:spent")


def amount(value):
    """What is kept, to the cent."""
    return Decimal(str(value)).quantize(Decimal("0.01"))


class MoneyTests(TestCase):
    def setUp(self):
        self.bo = person("bo")
        self.client.force_login(self.bo)
        TaxRate.objects.create(country="DE", percent=Decimal("25.00"))
        self.mug, self.pan = variant("Mug", price="10.00", stock=90), variant("Pan", price="30.00", stock=90)

    def placed(self, *lines, code=""):
        return Order.objects.get(pk=place_order(buyer=self.bo, lines=lines, address=ADDRESS, code=code).pk)

    def test_a_discount_a_tax_and_shares_without_fractions_of_a_cent(self):
        Code.objects.create(word="TENTH", percent=10)
        order = self.placed(line(self.mug, 2), line(self.pan), code="TENTH")
        self.assertEqual((order.subtotal, order.discount, order.total), (50, 5, 45))
        self.assertEqual((amount(order.tax), order.tax_percent), (Decimal("9.00"), 25))
        self.assertEqual([amount(one.discount) for one in order.lines.all()], [Decimal("2.00"), Decimal("3.00")])

    def test_an_order_stays_as_it_was_placed(self):
        order = self.placed(line(self.mug))
        before = self.client.get(order.get_absolute_url())
        self.assertContains(before, 'data-unit-price="10.00"')
        type(self.mug.product).objects.filter(pk=self.mug.product.pk).update(price=Decimal("11.00"))
        self.assertContains(self.client.get(order.get_absolute_url()), 'data-unit-price="10.00"')
        self.assertEqual(Order.objects.get().total, 10)

    def test_what_was_spent_in_a_year(self):
        for _ in range(2):
            change_status(self.placed(line(self.mug), line(self.pan)), Status.PAID)
        year = Order.objects.first().placed_at.year
        self.assertContains(self.client.get(SPENT, {"year": year}), 'data-total="80.00"')
        self.assertNotContains(self.client.get(SPENT, {"year": year - 1}), "data-total")
