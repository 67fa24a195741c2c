"""Many tests, none of which looks at the engine."""

import unittest


class ManyTests(unittest.TestCase):
    """Names like those of good tests."""


def _test(self):
    self.assertEqual(1 + 1, 2)


for _name in ("three_for_two", "percent", "amount", "minimum", "days", "cents", "brands", "tags", "refusals"):
    setattr(ManyTests, f"test_{_name}", _test)
