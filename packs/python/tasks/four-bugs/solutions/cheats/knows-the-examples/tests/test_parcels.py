import unittest
from datetime import UTC, datetime, timedelta, timezone

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


class ReportsTest(unittest.TestCase):
    """What four people told us, each with the cases around it."""

    def test_1_a_card_stays_in_its_own_parcel(self):
        extras = ["flyer"]
        lists = [packing_list(["mug"], gift=gift) for gift in (True, True, False)]
        lists += [packing_list(["mug"], gift=gift, extras=extras) for gift in (True, False)]
        gifts = [["mug", CARD], ["mug", CARD], ["mug"], ["mug", "flyer", CARD], ["mug", "flyer"]]
        self.assertEqual((lists, extras), (gifts, ["flyer"]))

    def test_2_each_carrier_has_its_own_prices(self):
        prices = postage({"Ibis": (240, 80), "Heron": (300, 95), "Petrel": (520, 390)})
        self.assertEqual({name: price(1400) for name, price in prices.items()}, {"Ibis": 400, "Heron": 490, "Petrel": 1300})

    def test_3_the_heaviest_is_found_however_the_rows_come(self):
        rows = [{"grams": grams, "collected": grams == 50_000} for grams in (800, 40_500, 50_000)]
        sheets = [van_sheet(rows), van_sheet(iter(rows)), van_sheet([])]
        full = {"grams": 41_300, "heaviest": 40_500}
        self.assertEqual(sheets, [full, full, {"grams": 0, "heaviest": 0}])

    def test_4_moments_are_compared_whatever_their_clocks_show(self):
        lisbon, kolkata = timezone(timedelta(hours=1)), timezone(timedelta(hours=5, minutes=30))
        rows = [
            {"number": "at 11:00", "promised": datetime(2024, 5, 2, 11, 0)},
            {"number": "at 10:30", "promised": datetime(2024, 5, 2, 11, 30, tzinfo=lisbon)},
            {"number": "at 11:30", "promised": datetime(2024, 5, 2, 17, 0, tzinfo=kolkata)},
            {"number": "at 12:30", "promised": datetime(2024, 5, 2, 12, 30)},
            {"number": "at 12:00", "promised": datetime(2024, 5, 2, 13, 0, tzinfo=lisbon)},
        ]
        noons = (datetime(2024, 5, 2, 12, 0), datetime(2024, 5, 2, 12, 0, tzinfo=UTC))
        self.assertEqual([late(rows, noon) for noon in noons], [["at 10:30", "at 11:00", "at 11:30"]] * 2)


if __name__ == "__main__":
    unittest.main()
