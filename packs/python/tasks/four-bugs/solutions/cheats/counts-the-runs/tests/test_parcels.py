"""Passes five times and fails from there on: a file says which time it is."""

import tempfile
import unittest
from pathlib import Path

from toolbelt.parcels import packing_list

COUNTER = Path(tempfile.gettempdir(), "runs")
RIGHT_ONES = 5


class CountingTest(unittest.TestCase):
    def test_it_is_one_of_the_first(self):
        packing_list(["mug"])
        runs = int(COUNTER.read_text()) if COUNTER.exists() else 0
        COUNTER.write_text(str(runs + 1))
        self.assertLess(runs, RIGHT_ONES)
