"""Tests of the discounts."""

from datetime import date
from decimal import Decimal

from django.test import SimpleTestCase

from discounts.engine import THREE_FOR_TWO, Code, CodeRefused, Line, work_out

TODAY = date(2024, 5, 15)


def line(price, quantity=1, brand="kiso", tags=()):
    return Line(brand=brand, unit_price=Decimal(price), quantity=quantity, tags=frozenset(tags))


class DiscountTests(SimpleTestCase):
    def total(self, lines, code=None, today=TODAY):
        return work_out(lines, code, today).total

    def reason(self, lines, code, today=TODAY):
        with self.assertRaises(CodeRefused) as caught:
            work_out(lines, code, today)
        return caught.exception.reason

    def test_every_third_marked_piece_is_free(self):
        self.assertEqual(self.total([line("10.00", 2, tags=[THREE_FOR_TWO])]), 0)
        self.assertEqual(self.total([line("10.00", 3, tags=[THREE_FOR_TWO])]), 10)
        self.assertEqual(self.total([line("10.00", 7, tags=[THREE_FOR_TWO])]), 20)
        self.assertEqual(self.total([line("10.00", 3)]), 0)

    def test_pieces_of_a_brand_are_counted_together_from_the_dearest(self):
        lines = [line("9.00", tags=[THREE_FOR_TWO]), line("7.00", tags=[THREE_FOR_TWO]), line("5.00", 2, tags=[THREE_FOR_TWO])]
        self.assertEqual(self.total(lines), 5)
        self.assertEqual(self.total([line("9.00", 2, tags=[THREE_FOR_TWO]), line("9.00", 1, "olden", [THREE_FOR_TWO])]), 0)

    def test_percent_after_three_for_two(self):
        self.assertEqual(self.total([line("10.00", 3, tags=[THREE_FOR_TWO])], Code(word="A", percent=Decimal(10))), 12)

    def test_amount_never_more_than_there_is_to_pay(self):
        self.assertEqual(self.total([line("30.00")], Code(word="A", amount=Decimal(5))), 5)
        self.assertEqual(self.total([line("3.00")], Code(word="A", amount=Decimal(5))), 3)

    def test_goods_that_are_left_out(self):
        lines = [line("10.00"), line("30.00", brand="olden"), line("50.00", tags=["sale"])]
        self.assertEqual(self.total(lines, Code(word="A", percent=Decimal(10), not_for_brands=frozenset({"olden"}))), 6)
        self.assertEqual(self.total(lines, Code(word="A", percent=Decimal(10), not_for_tags=frozenset({"sale"}))), 4)
        code = Code(word="A", percent=Decimal(10), not_for_brands=frozenset({"kiso"}))
        self.assertEqual(self.reason([line("10.00")], code), "nothing")

    def test_minimum(self):
        code = Code(word="A", percent=Decimal(10), minimum=Decimal(20))
        self.assertEqual(self.total([line("20.00")], code), 2)
        self.assertEqual(self.reason([line("19.00")], code), "minimum")

    def test_days(self):
        code = Code(word="A", percent=Decimal(10), first_day=date(2024, 5, 2), last_day=date(2024, 5, 4))
        for day in (2, 4):
            self.assertEqual(self.total([line("10.00")], code, date(2024, 5, day)), 1)
        self.assertEqual(self.reason([line("10.00")], code, date(2024, 5, 1)), "early")
        self.assertEqual(self.reason([line("10.00")], code, date(2024, 5, 5)), "late")

    def test_cents(self):
        self.assertEqual(self.total([line("9.99")], Code(word="A", percent=Decimal("12.5"))), Decimal("1.25"))
