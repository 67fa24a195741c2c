import unittest
from datetime import datetime, timedelta, timezone
from itertools import product

from toolbelt import parcels

NOON = datetime(2023, 11, 5, 12)


def at(hours, zone=None):
    """Hours after noon in UTC, as a clock of that zone shows it; without one, without an offset."""
    moment = NOON + timedelta(hours=hours)
    if zone is None:
        return moment
    return moment.replace(tzinfo=timezone.utc).astimezone(timezone(timedelta(hours=zone)))


class PackingListTest(unittest.TestCase):
    def test_calls_in_a_row(self):
        for first, second in product((False, True), repeat=2):
            with self.subTest(first=first, second=second):
                parcels.packing_list(["a"], gift=first)
                self.assertEqual(parcels.packing_list(["b"], gift=second), ["b"] + ["gift card"] * second)

    def test_extras_are_left_alone(self):
        extras = ["flyer", "pen"]
        self.assertEqual(parcels.packing_list(["a"], gift=True, extras=extras), ["a", "flyer", "pen", parcels.CARD])
        self.assertEqual(extras, ["flyer", "pen"])


class PostageTest(unittest.TestCase):
    CASES = [("a", 1, 11), ("a", 1000, 11), ("a", 1001, 12), ("b", 1, 120), ("b", 2001, 160), ("c", 5000, 2500)]

    def test_prices(self):
        prices = parcels.postage({"a": (10, 1), "b": (100, 20), "c": (1000, 300)})
        for carrier, grams, cents in self.CASES:
            with self.subTest(carrier=carrier, grams=grams):
                self.assertEqual(prices[carrier](grams), cents)

    def test_no_weight(self):
        for grams in (0, -1):
            with self.subTest(grams=grams), self.assertRaises(ValueError):
                parcels.postage({"a": (10, 1)})["a"](grams)


class VanSheetTest(unittest.TestCase):
    CASES = [
        ([], 0, 0),
        ([(5, True)], 0, 0),
        ([(5, False)], 5, 5),
        ([(5, False), (7, True)], 5, 5),
        ([(9, False), (5, False), (7, False)], 21, 9),
    ]

    def test_sheets(self):
        for rows, grams, heaviest in self.CASES:
            rows = [{"grams": one, "collected": collected} for one, collected in rows]
            for given in (rows, tuple(rows), (row for row in rows)):
                with self.subTest(rows=rows, given=type(given)):
                    self.assertEqual(parcels.van_sheet(given), {"grams": grams, "heaviest": heaviest})


class LateTest(unittest.TestCase):
    def test_zones(self):
        for zones in product((None, 0, 5, -8), repeat=3):
            rows = [{"number": str(hours), "promised": at(hours, zone)} for hours, zone in zip((-1, -2, 1), zones)]
            for zone in (None, 3):
                with self.subTest(zones=zones, zone=zone):
                    self.assertEqual(parcels.late(rows, at(0, zone)), ["-2", "-1"])

    def test_now_is_not_late(self):
        rows = [{"number": "x", "promised": at(0, 2)}, {"number": "y", "promised": at(0)}]
        self.assertEqual(parcels.late(rows, at(0)), [])
