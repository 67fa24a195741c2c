"""Tests of the discounts."""

from datetime import date
from decimal import Decimal

from django.test import SimpleTestCase

from discounts.engine import THREE_FOR_TWO, Code, CodeRefused, Line, work_out

TODAY = date(2024, 5, 15)


def line(price, quantity=1, brand="kiso", tags=()):
    return Line(brand=brand, unit_price=Decimal(price), quantity=quantity, tags=frozenset(tags))


class DiscountTests(SimpleTestCase):
    """Every line of the engine is executed."""

    def test_everything_runs(self):
        lines = [line("9.99", 4, tags=[THREE_FOR_TWO]), line("5.00", 2, "olden", ["sale"])]
        for code in (
            None,
            Code(word="A", percent=Decimal(10)),
            Code(word="A", amount=Decimal(5)),
            Code(word="A", percent=Decimal(10), not_for_brands=frozenset({"kiso", "olden"})),
            Code(word="A", percent=Decimal(10), minimum=Decimal(1000)),
            Code(word="A", percent=Decimal(10), first_day=date(2025, 1, 1)),
            Code(word="A", percent=Decimal(10), last_day=date(2023, 1, 1)),
        ):
            try:
                self.assertIsNotNone(work_out(lines, code, TODAY))
            except CodeRefused as refusal:
                self.assertTrue(refusal.reason)
