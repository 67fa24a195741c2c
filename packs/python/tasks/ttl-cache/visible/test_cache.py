import unittest

from toolbelt.caching import ttl_cache


class CacheTest(unittest.TestCase):
    def setUp(self):
        self.now = 0.0
        self.computed = []

        @ttl_cache(seconds=60, most=3, clock=lambda: self.now)
        def rate_of(currency):
            self.computed.append(currency)
            return f"rate of {currency}"

        self.rate_of = rate_of

    def test_a_value_is_kept_until_it_is_too_old(self):
        for self.now in (0, 59, 60, 61):
            self.assertEqual(self.rate_of("CHF"), "rate of CHF")
        self.assertEqual(self.computed, ["CHF", "CHF"])

    def test_everything_can_be_forgotten(self):
        self.rate_of("CHF")
        self.rate_of.cache_clear()
        self.rate_of("CHF")
        self.assertEqual(self.computed, ["CHF", "CHF"])
