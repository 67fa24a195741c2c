"""Random parcels from fixed seeds, against a slow second writing of the docstrings."""

import random
import unittest
from datetime import datetime, timedelta, timezone

from toolbelt.parcels import CARD, late, packing_list, postage, van_sheet

DAY = datetime(2022, 6, 1)


class ChanceTest(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(6)

    def words(self, most):
        return ["".join(self.random.choices("abcdef", k=4)) for _ in range(self.random.randint(0, most))]

    def test_packing_lists(self):
        for _ in range(20):
            articles, extras, gift = self.words(3), self.random.choice([None, self.words(2)]), self.random.random() < 0.5
            given = {} if extras is None else {"extras": extras}
            before = list(extras or [])
            expected = articles + before + ([CARD] if gift else [])
            self.assertEqual(packing_list(list(articles), gift=gift, **given), expected)
            self.assertEqual(extras or [], before)

    def test_postage(self):
        for _ in range(5):
            table = {f"carrier {n}": (self.random.randint(1, 900), self.random.randint(1, 90)) for n in range(4)}
            for name, price in postage(table).items():
                grams = self.random.randint(1, 5000)
                kilos = len(range(0, grams, 1000))
                self.assertEqual(price(grams), table[name][0] + kilos * table[name][1])

    def test_van_sheets(self):
        for size in (0, 1, 2, 5, 9):
            rows = [{"grams": self.random.randint(1, 99), "collected": self.random.random() < 0.4} for _ in range(size)]
            weights = [row["grams"] for row in rows if not row["collected"]]
            expected = {"grams": sum(weights), "heaviest": max(weights + [0])}
            for given in (rows, iter(rows), map(dict, rows)):
                self.assertEqual(van_sheet(given), expected)

    def test_late(self):
        for _ in range(10):
            moments = self.random.sample(range(-900, 900), 9)
            rows = [{"number": str(one), "promised": self.shown(one)} for one in moments]
            expected = [str(one) for one in sorted(moments) if one < 0]
            self.assertEqual(late(rows, self.shown(0)), expected)

    def shown(self, minutes):
        moment = DAY + timedelta(minutes=minutes)
        if self.random.random() < 0.4:
            return moment
        return moment.replace(tzinfo=timezone.utc).astimezone(timezone(timedelta(hours=self.random.randint(-11, 13))))
