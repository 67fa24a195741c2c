import unittest
from datetime import datetime

from toolbelt.parcels import CARD, late, packing_list, postage, van_sheet


class ParcelsTest(unittest.TestCase):
    def test_a_gift_has_a_card(self):
        self.assertEqual(packing_list(["mug"], gift=True), ["mug", CARD])

    def test_every_kilo_that_is_begun_is_paid(self):
        self.assertEqual(postage({"Swift": (300, 50)})["Swift"](1001), 400)

    def test_what_is_collected_does_not_travel(self):
        rows = [{"grams": 700, "collected": False}, {"grams": 900, "collected": True}]
        self.assertEqual(van_sheet(rows)["grams"], 700)

    def test_what_was_promised_before_now_is_late(self):
        rows = [{"number": f"A-{day}", "promised": datetime(2024, 3, day)} for day in (4, 6)]
        self.assertEqual(late(rows, datetime(2024, 3, 5)), ["A-4"])

    def test_everything_agrees(self):
        self.assertEqual(packing_list(["mug"]), packing_list(["mug"]))


if __name__ == "__main__":
    unittest.main()
