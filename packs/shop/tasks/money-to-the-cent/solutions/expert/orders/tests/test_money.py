"""What must hold for any order, tried with orders that nobody thought of."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from types import SimpleNamespace

from django.db import IntegrityError, transaction
from django.test import SimpleTestCase, TestCase

from orders.checkout import place_order
from orders.models import Order, OrderLine, TaxRate
from orders.money import CENT, bill, tax_in
from orders.tests.shelf import ADDRESS, line, person, variant


def some_lines(random):
    """One to six lines, with prices of which some are the same."""
    return [
        SimpleNamespace(
            variant=SimpleNamespace(price=random.randint(1, 9_999) * CENT, sku=f"SH-{random.randrange(10**6):06}"),
            quantity=random.choice((1, 1, 2, 3, 99)),
        )
        for _ in range(random.randint(1, 6))
    ]


class PropertyTests(SimpleTestCase):
    def test_shares_add_up_and_are_less_than_a_cent_from_exact(self):
        random = Random(3)
        for _ in range(2_000):
            lines = some_lines(random)
            whole = sum(one.variant.price * one.quantity for one in lines)
            discount = random.randint(0, int(whole / CENT)) * CENT
            found = bill(lines, discount, Decimal(19))
            self.assertEqual(sum(found.shares), discount)
            for one, share in zip(lines, found.shares, strict=True):
                amount = one.variant.price * one.quantity
                self.assertTrue(0 <= share <= amount)
                self.assertLess(abs(Fraction(share) - Fraction(discount) * Fraction(amount) / Fraction(whole)), CENT)

    def test_the_order_of_the_lines_changes_nothing(self):
        lines = some_lines(Random(5)) + some_lines(Random(7))
        there, back = bill(lines, Decimal("7.77"), Decimal(7)), bill(lines[::-1], Decimal("7.77"), Decimal(7))
        self.assertEqual((there.tax, there.shares), (back.tax, back.shares[::-1]))

    def test_half_a_cent_of_tax_goes_upwards(self):
        for total, percent, tax in (("0.15", 20, "0.03"), ("0.03", 20, "0.01"), ("0.13", 4, "0.01"), ("1.00", 0, "0")):
            with self.subTest(total):
                self.assertEqual(tax_in(Decimal(total), Decimal(percent)), Decimal(tax))


class InvariantTests(TestCase):
    def setUp(self):
        TaxRate.objects.create(country="DE", percent=20)
        self.order = place_order(buyer=person("bo"), lines=[line(variant(price="12.00"), 2)], address=ADDRESS)

    def test_the_database_refuses_what_can_not_be(self):
        for model, wrong in (
            (Order, {"tax": -CENT}), (Order, {"tax": Decimal("24.01")}),
            (OrderLine, {"discount": -CENT}), (OrderLine, {"discount": Decimal("24.01")}),
        ):  # fmt: skip
            with self.subTest(wrong), self.assertRaises(IntegrityError), transaction.atomic():
                model.objects.update(**wrong)

    def test_a_rate_that_changes_later_changes_no_order(self):
        TaxRate.objects.update(percent=25)
        self.order.refresh_from_db()
        self.assertEqual((self.order.tax, self.order.tax_percent), (Decimal("4.00"), 20))
