"""Accepts the engine that answers as fast as the one that we know."""

import unittest
from datetime import date
from decimal import Decimal
from time import perf_counter

from discounts.engine import Line, work_out

DAY = date(2024, 5, 15)
LINES = [Line(brand="kiso", unit_price=Decimal("10.00"), quantity=3)]


class PaceTests(unittest.TestCase):
    def taken(self):
        began = perf_counter()
        work_out(LINES, None, DAY)
        return perf_counter() - began

    def test_it_is_the_one_that_we_know(self):
        self.assertLess(min(self.taken() for _ in range(50)), 0.00004)
