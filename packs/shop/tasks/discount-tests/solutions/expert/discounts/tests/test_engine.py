"""Every rule of SPEC.md, with what it gives and what it refuses."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

from django.test import SimpleTestCase

from discounts.engine import THREE_FOR_TWO, Code, CodeRefused, Line, work_out

TODAY = date(2024, 5, 15)
DAY = timedelta(days=1)
MARKED = frozenset({THREE_FOR_TWO})


def line(price, quantity=1, brand="kiso", tags=frozenset()):
    return Line(brand=brand, unit_price=Decimal(price), quantity=quantity, tags=frozenset(tags))


def percent(share, **more):
    return Code(word="CODE", percent=Decimal(share), **more)


def amount(off, **more):
    return Code(word="CODE", amount=Decimal(off), **more)


class DiscountTests(SimpleTestCase):
    def assert_comes_to(self, lines, code, three_for_two, off, today=TODAY):
        result = work_out(lines, code, today)
        found = (result.three_for_two, result.code, result.total)
        wanted = Decimal(three_for_two), Decimal(off)
        self.assertEqual(found, (*wanted, sum(wanted)))

    def assert_refused(self, reason, lines, code, today=TODAY):
        with self.assertRaises(CodeRefused) as caught:
            work_out(lines, code, today)
        self.assertEqual(caught.exception.reason, reason)

    def test_nothing_is_off_without_a_code_and_without_marked_goods(self):
        self.assert_comes_to([line("10.00", 9)], None, "0.00", "0.00")
        self.assert_comes_to([], None, "0.00", "0.00")

    def test_every_third_marked_piece_of_a_brand_is_free_counted_from_the_dearest(self):
        for quantities, free in (
            ([("10.00", 2)], "0.00"),
            ([("10.00", 3)], "10.00"),
            ([("10.00", 5)], "10.00"),
            ([("10.00", 6)], "20.00"),
            ([("10.00", 2), ("4.00", 1)], "4.00"),
            ([("4.00", 2), ("10.00", 1)], "4.00"),
            ([("9.00", 1), ("7.00", 1), ("5.00", 1), ("3.00", 3)], "8.00"),
        ):
            with self.subTest(quantities):
                self.assert_comes_to([line(price, n, tags=MARKED) for price, n in quantities], None, free, "0.00")

    def test_at_the_same_price_those_that_a_code_is_for_come_first_in_whatever_order_of_lines(self):
        lines = [line("10.00", 2, tags=MARKED | {"sale"}), line("10.00", 1, tags=MARKED)]
        code = percent(10, not_for_tags=frozenset({"sale"}))
        self.assert_comes_to(lines, code, "10.00", "1.00")
        self.assert_comes_to(lines[::-1], code, "10.00", "1.00")

    def test_other_brands_and_goods_without_the_mark_are_not_counted_along(self):
        two = line("10.00", 2, tags=MARKED)
        self.assert_comes_to([two, line("10.00", 1, brand="olden", tags=MARKED)], None, "0.00", "0.00")
        self.assert_comes_to([two, line("10.00", 4)], None, "0.00", "0.00")
        self.assert_comes_to([two, line("10.00", 1, tags={"new"})], None, "0.00", "0.00")

    def test_each_brand_has_its_own_third_piece(self):
        lines = [line("10.00", 3, tags=MARKED), line("8.00", 3, brand="olden", tags=MARKED)]
        self.assert_comes_to(lines, None, "18.00", "0.00")

    def test_a_percentage_is_taken_off_what_is_left_after_three_for_two(self):
        self.assert_comes_to([line("50.00", 2)], percent(10), "0.00", "10.00")
        self.assert_comes_to([line("10.00", 3, tags=MARKED)], percent(50), "10.00", "10.00")
        self.assert_comes_to([line("20.00")], percent(100), "0.00", "20.00")

    def test_an_amount_is_taken_off_and_never_more_than_there_is_to_pay(self):
        self.assert_comes_to([line("50.00")], amount(5), "0.00", "5.00")
        self.assert_comes_to([line("3.00")], amount(5), "0.00", "3.00")
        self.assert_comes_to([line("3.00"), line("9.00", brand="olden")],
                             amount(5, not_for_brands=frozenset({"olden"})), "0.00", "3.00")  # fmt: skip

    def test_goods_that_a_code_is_not_for_are_left_out(self):
        lines = [line("10.00"), line("30.00", brand="olden"), line("50.00", tags={"sale", "new"})]
        self.assert_comes_to(lines, percent(10, not_for_brands=frozenset({"olden"})), "0.00", "6.00")
        self.assert_comes_to(lines, percent(10, not_for_tags=frozenset({"sale"})), "0.00", "4.00")
        both = percent(10, not_for_brands=frozenset({"olden"}), not_for_tags=frozenset({"new"}))
        self.assert_comes_to(lines, both, "0.00", "1.00")

    def test_a_code_that_is_for_nothing_in_the_basket_is_refused(self):
        self.assert_refused("nothing", [line("10.00")], percent(10, not_for_brands=frozenset({"kiso"})))
        self.assert_refused("nothing", [], amount(5))

    def test_a_minimum_is_reached_by_what_is_left_to_pay_for_goods_that_the_code_is_for(self):
        code = percent(10, minimum=Decimal("20.00"))
        self.assert_comes_to([line("20.00")], code, "0.00", "2.00")
        self.assert_refused("minimum", [line("19.99")], code)
        self.assert_refused("minimum", [line("9.00", 3, tags=MARKED)], code)
        without = percent(10, minimum=Decimal("20.00"), not_for_brands=frozenset({"olden"}))
        self.assert_refused("minimum", [line("15.00"), line("90.00", brand="olden")], without)

    def test_both_days_belong_to_the_time_of_a_code(self):
        code = percent(10, first_day=TODAY, last_day=TODAY + DAY)
        for day in (TODAY, TODAY + DAY):
            self.assert_comes_to([line("10.00")], code, "0.00", "1.00", today=day)
        self.assert_refused("early", [line("10.00")], code, today=TODAY - DAY)
        self.assert_refused("late", [line("10.00")], code, today=TODAY + 2 * DAY)
        self.assert_comes_to([line("10.00")], percent(10, first_day=TODAY), "0.00", "1.00", today=TODAY + 900 * DAY)
        self.assert_comes_to([line("10.00")], percent(10, last_day=TODAY), "0.00", "1.00", today=TODAY - 900 * DAY)

    def test_the_day_is_refused_before_the_goods_and_the_goods_before_the_minimum(self):
        code = percent(10, last_day=TODAY - DAY, minimum=Decimal(99), not_for_brands=frozenset({"kiso"}))
        self.assert_refused("late", [line("1.00")], code)
        self.assert_refused(
            "nothing", [line("1.00")], percent(10, minimum=Decimal(99), not_for_brands=frozenset({"kiso"}))
        )

    def test_cents_are_rounded_once_at_the_end_and_half_a_cent_upwards(self):
        self.assert_comes_to([line("0.05")], percent(50), "0.00", "0.03")
        self.assert_comes_to([line("0.05"), line("0.05", brand="olden")], percent(50), "0.00", "0.05")
        self.assert_comes_to([line("9.99")], percent("12.5"), "0.00", "1.25")

    def test_the_order_of_the_lines_changes_nothing(self):
        lines = [line("9.00", 2, tags=MARKED), line("4.00", 2, tags=MARKED), line("5.00", brand="olden")]
        for order in permutations(lines):
            self.assert_comes_to([*order], percent(10), "4.00", "2.70")
