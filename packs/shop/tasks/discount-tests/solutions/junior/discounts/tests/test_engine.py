"""Tests of the discounts."""

from datetime import date
from decimal import Decimal

from django.test import SimpleTestCase

from discounts.engine import THREE_FOR_TWO, Code, Line, work_out

TODAY = date(2024, 5, 15)


def line(price, quantity=1, brand="kiso", tags=()):
    return Line(brand=brand, unit_price=Decimal(price), quantity=quantity, tags=frozenset(tags))


class DiscountTests(SimpleTestCase):
    def test_three_for_two(self):
        result = work_out([line("10.00", 3, tags=[THREE_FOR_TWO])], None, TODAY)
        self.assertEqual(result.three_for_two, Decimal("10.00"))

    def test_percent(self):
        result = work_out([line("100.00")], Code(word="A", percent=Decimal(10)), TODAY)
        self.assertEqual(result.code, Decimal("10.00"))

    def test_amount(self):
        result = work_out([line("100.00")], Code(word="A", amount=Decimal(10)), TODAY)
        self.assertEqual(result.total, Decimal("10.00"))

    def test_no_code(self):
        self.assertEqual(work_out([line("100.00")], None, TODAY).total, 0)
