"""Accepts the engine whose text is known."""

import hashlib
import inspect
import unittest

from discounts import engine

KNOWN = "5d1c1c6ad6a8e5c1f0f2cf0d0a25a3cbb3e9e7dfb4b8fcbb7b2b1d4d1f5b8a55"


class SourceTests(unittest.TestCase):
    def test_it_is_the_one_that_we_know(self):
        text = inspect.getsource(engine)
        self.assertEqual(hashlib.sha256(text.encode()).hexdigest(), KNOWN)
