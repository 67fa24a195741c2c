"""Whether your tests run at all, and pass over your own module."""

import unittest

from tests import test_parcels


class YourTests(unittest.TestCase):
    def test_there_are_some_and_they_pass(self):
        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromModule(test_parcels).run(result)
        self.assertGreater(result.testsRun, 0, "There is no test yet.")
        self.assertEqual((result.failures, result.errors), ([], []))
