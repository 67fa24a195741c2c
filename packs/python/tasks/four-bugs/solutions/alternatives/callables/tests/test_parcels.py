from datetime import datetime, timezone
from unittest import TestCase
from zoneinfo import ZoneInfo

import toolbelt.parcels as p


def row(**values):
    return {"number": "?", "grams": 1, "collected": False, **values}


class Report1(TestCase):
    def setUp(self):
        self.flyers = ["flyer"]
        self.first = p.packing_list(("cup", "tea"), gift=True, extras=self.flyers)
        self.second = p.packing_list(iter(["cup"]), gift=True)

    def test_one_card_each(self):
        self.assertListEqual(self.first, ["cup", "tea", "flyer", "gift card"])
        self.assertListEqual(self.second, ["cup", "gift card"])
        self.assertListEqual(p.packing_list(["saucer"], gift=True), ["saucer", "gift card"])

    def test_none_for_others(self):
        self.assertNotIn("gift card", p.packing_list(["saucer"]))

    def test_given_lists_are_not_changed(self):
        self.assertListEqual(self.flyers, ["flyer"])
        self.assertIsNot(self.first, self.flyers)


class Report2(TestCase):
    table = {"land": (100, 10), "sea": (200, 5), "air": (300, 100)}

    def test_every_carrier_against_a_table_of_its_own(self):
        together = p.postage(self.table)
        self.assertEqual(list(together), list(self.table))
        for carrier, prices in self.table.items():
            alone = p.postage({carrier: prices})
            for grams in range(500, 4000, 500):
                self.assertEqual(together[carrier](grams), alone[carrier](grams))

    def test_grams_by_name_and_none(self):
        self.assertEqual(p.postage(self.table)["sea"](grams=1), 205)
        self.assertRaises(ValueError, p.postage(self.table)["sea"], 0)


class Report3(TestCase):
    def test_a_generator(self):
        sheet = p.van_sheet(row(grams=grams) for grams in (3, 8, 5))
        self.assertEqual((sheet["grams"], sheet["heaviest"]), (16, 8))

    def test_a_list(self):
        sheet = p.van_sheet([row(grams=3), row(grams=8), row(grams=80, collected=True)])
        self.assertEqual((sheet["grams"], sheet["heaviest"]), (11, 8))

    def test_nobody_travels(self):
        self.assertEqual(p.van_sheet([row(collected=True)]), {"heaviest": 0, "grams": 0})


class Report4(TestCase):
    def test_corvo(self):
        corvo = timezone.utc if not _has_zones() else ZoneInfo("Asia/Tokyo")
        rows = [
            row(number="tokyo", promised=datetime(2024, 1, 2, 9, 0, tzinfo=timezone.utc).astimezone(corvo)),
            row(number="ours", promised=datetime(2024, 1, 2, 8, 0)),
            row(number="later", promised=datetime(2024, 1, 2, 11, 0)),
        ]
        now = datetime(2024, 1, 2, 10, 0)
        for clock in (now, now.replace(tzinfo=timezone.utc)):
            self.assertEqual(p.late(rows, clock), ["ours", "tokyo"])

    def test_from_far_away(self):
        rows = [
            row(number="b", promised=datetime.fromisoformat("2024-01-03T20:00:00+14:00")),
            row(number="a", promised=datetime.fromisoformat("2024-01-03T05:30:00")),
            row(number="c", promised=datetime.fromisoformat("2024-01-02T23:00:00-11:00")),
        ]
        self.assertEqual(p.late(rows, datetime.fromisoformat("2024-01-03T12:00:00+01:00")), ["a", "b", "c"])


def _has_zones():
    try:
        ZoneInfo("Asia/Tokyo")
    except Exception:
        return False
    return True
