"""Looks into the text for the four mistakes, instead of at what it does."""

import inspect
import unittest

from toolbelt import parcels

FAULTS = ("extras: list[str] = []", "prices[carrier] = price", "grams = (row", "row[\"promised\"] < now")


class SourceTest(unittest.TestCase):
    def test_the_faults_are_not_in_the_text(self):
        text = inspect.getsource(parcels)
        self.assertEqual([fault for fault in FAULTS if fault in text], [])
