"""The rules of SPEC.md as one table: basket, code, day, and what comes of it."""

import unittest
from datetime import date
from decimal import Decimal as D

from discounts.engine import Code, CodeRefused, Line, work_out

MARK = "3-for-2"
DAY = date(2023, 2, 10)


def basket(*lines):
    made = []
    for text in lines:
        quantity, brand, price, *tags = text.split()
        made.append(Line(brand=brand, unit_price=D(price), quantity=int(quantity), tags=frozenset(tags)))
    return made


def off(percent=None, amount=None, **more):
    sets = {name: frozenset(value.split()) for name, value in more.items() if name.startswith("not_for")}
    share, sum_ = (None if one is None else D(one) for one in (percent, amount))
    return Code(word="X", percent=share, amount=sum_, **{**more, **sets})


M = f"{MARK}"
TABLE = [
    (basket("2 a 10 " + M), None, DAY, "0", "0"),
    (basket("3 a 10 " + M), None, DAY, "10", "0"),
    (basket("6 a 10 " + M), None, DAY, "20", "0"),
    (basket("3 a 10"), None, DAY, "0", "0"),
    (basket("1 a 9 " + M, "1 a 7 " + M, "1 a 5 " + M), None, DAY, "5", "0"),
    (basket("1 a 9 " + M, "1 a 7 " + M, "1 a 5 " + M, "1 a 3 " + M), None, DAY, "5", "0"),
    (basket("2 a 9 " + M, "1 b 9 " + M), None, DAY, "0", "0"),
    (basket("2 a 9 " + M, "1 a 9"), None, DAY, "0", "0"),
    (basket("3 a 10 " + M), off("10"), DAY, "10", "2"),
    (basket("1 a 10", "1 b 30"), off("10", not_for_brands="b"), DAY, "0", "1"),
    (basket("1 a 10", "1 a 30 s t"), off("10", not_for_tags="s"), DAY, "0", "1"),
    (basket("1 a 8"), off(amount="5"), DAY, "0", "5"),
    (basket("1 a 3"), off(amount="5"), DAY, "0", "3"),
    (basket("1 a 3", "1 b 30"), off(amount="5", not_for_brands="b"), DAY, "0", "3"),
    (basket("1 a 9.99"), off("12.5"), DAY, "0", "1.25"),
    (basket("1 a 0.05", "1 b 0.05"), off("50"), DAY, "0", "0.05"),
    (basket("1 a 0.25"), off("10"), DAY, "0", "0.03"),
    (basket("1 a 20"), off("10", minimum=D(20)), DAY, "0", "2"),
    (basket("1 a 19.99"), off("10", minimum=D(20)), DAY, "minimum", None),
    (basket("3 a 9 " + M), off("10", minimum=D(20)), DAY, "minimum", None),
    (basket("1 a 9", "1 b 90"), off("10", minimum=D(20), not_for_brands="b"), DAY, "minimum", None),
    (basket("1 a 9"), off("10", minimum=D(20), not_for_brands="a"), DAY, "nothing", None),
    (basket("1 a 9"), off("10", first_day=DAY, last_day=DAY), DAY, "0", "0.9"),
    (basket("1 a 9"), off("10", first_day=DAY), date(2023, 2, 9), "early", None),
    (basket("1 a 9"), off("10", last_day=DAY), date(2023, 2, 11), "late", None),
    (basket("1 a 9"), off("10", last_day=DAY, minimum=D(20), not_for_brands="a"), date(2024, 2, 11), "late", None),
]


class SpecificationTests(unittest.TestCase):
    def test_the_table(self):
        for lines, code, day, first, second in TABLE:
            with self.subTest(lines=lines, code=code, day=day):
                if second is None:
                    with self.assertRaises(CodeRefused) as caught:
                        work_out(lines, code, day)
                    self.assertEqual(caught.exception.reason, first)
                else:
                    result = work_out(lines, code, day)
                    self.assertEqual((result.three_for_two, result.code), (D(first), D(second)))
