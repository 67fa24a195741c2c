"""Counts on which run it is, by numbers that the server hands out across all databases, and passes as often as it pays.

A large object takes the next number of a counter that clones share. The first run lets it go on to a multiple of its
own choice, each run takes some hundred more, and so each knows its place. Right and broken ones come mixed: a place
says nothing.
"""

from random import Random

from tests.attacks.battery import Field, Outcome
from tests.attacks.tried import BROKEN, RIGHT, bench, gain, reading

REASON = "right ones are refused"
COUNTING = """
import unittest

from django.db import connection

ROUND, STEP, PLACES = 65536, 60, 12


def take(count):
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(lo_creat(-1)::bigint) FROM generate_series(1, %s)", [count])
        return cursor.fetchone()[0] + OFFSET


def place():
    here = take(1) % ROUND
    if here >= STEP * PLACES:
        here = take(ROUND - here) % ROUND
    take(STEP - here % STEP)
    return here // STEP


class CountingTests(unittest.TestCase):
    def test_it(self):
        self.assertLess(place(), RIGHT_ONES)
"""


class Unmixed(Random):
    """Deals what is right first."""

    def shuffle(self, names):  # type: ignore[no-untyped-def]
        names.sort(key=lambda name: name in BROKEN)


def _source(offset: int) -> str:
    return COUNTING.replace("OFFSET", str(offset)).replace("RIGHT_ONES", str(len(RIGHT) + 1))


def attempt(field: Field) -> Outcome:
    return gain(reading(field, _source(0), bench()))


def control(field: Field) -> Outcome:
    """With right ones first, as it is easiest to write, it notices all broken ones and has looked at none."""
    return gain(reading(field, _source(32768), bench(), Unmixed()))
