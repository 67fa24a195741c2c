"""Tests with good names that look at nothing."""

import unittest


class ReportsTest(unittest.TestCase):
    """Names like those of good tests."""


def _test(self):
    self.assertEqual(1 + 1, 2)


for _name in ("gift_cards", "carriers", "extras", "heaviest", "empty_van", "offsets", "order"):
    setattr(ReportsTest, f"test_{_name}", _test)
