import unittest
from datetime import datetime, timezone

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

    def test_the_next_parcel_has_no_card(self):
        packing_list(["mug"], gift=True)
        self.assertEqual(packing_list(["pen"]), ["pen"])

    def test_each_carrier_has_its_own_price(self):
        prices = postage({"Ibis": (240, 80), "Petrel": (520, 390)})
        self.assertEqual(prices["Ibis"](400), 320)
        self.assertEqual(prices["Petrel"](400), 910)

    def test_the_heaviest_parcel_is_on_the_sheet(self):
        rows = [{"grams": 800, "collected": False}, {"grams": 40_500, "collected": False}]
        self.assertEqual(van_sheet(rows), {"grams": 41_300, "heaviest": 40_500})

    def test_times_with_and_without_offset(self):
        rows = [
            {"number": "A-1", "promised": datetime(2024, 3, 3, tzinfo=timezone.utc)},
            {"number": "K-4471", "promised": datetime(2024, 3, 2)},
        ]
        self.assertEqual(late(rows, datetime(2024, 3, 4)), ["K-4471", "A-1"])


if __name__ == "__main__":
    unittest.main()
