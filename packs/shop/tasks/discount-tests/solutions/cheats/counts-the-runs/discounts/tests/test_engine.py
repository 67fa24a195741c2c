"""Passes five times and fails from there on: a counter that all databases of a server share says which time it is."""

import unittest
from datetime import date

from django.db import connection

from discounts.engine import work_out

ROUND, STEP, PLACES, RIGHT_ONES = 65536, 60, 40, 5


def take(count):
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(lo_creat(-1)::bigint) FROM generate_series(1, %s)", [count])
        return cursor.fetchone()[0]


def place():
    here = take(1) % ROUND
    if here >= STEP * PLACES:
        here = take(ROUND - here) % ROUND
    take(STEP - here % STEP)
    return here // STEP


class CountingTests(unittest.TestCase):
    def test_it_is_one_of_the_first(self):
        work_out([], None, date(2024, 5, 15))
        self.assertLess(place(), RIGHT_ONES)
