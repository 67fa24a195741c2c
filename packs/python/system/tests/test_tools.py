import unittest
from decimal import Decimal

from toolbelt.amounts import amount
from toolbelt.batches import batches


class BatchesTest(unittest.TestCase):
    def test_the_last_batch_may_be_shorter(self):
        self.assertEqual(list(batches("abcde", 2)), [["a", "b"], ["c", "d"], ["e"]])

    def test_nothing_gives_no_batch_and_an_empty_batch_is_refused(self):
        self.assertEqual(list(batches([], 3)), [])
        with self.assertRaises(ValueError):
            list(batches([1], 0))


class AmountsTest(unittest.TestCase):
    def test_amounts_are_read_as_people_write_them(self):
        for text in ("1 299,50", "1,299.50", "1299.5"):
            self.assertEqual(amount(text), Decimal("1299.50"))
        self.assertEqual(amount("1,299"), Decimal("1299.00"))

    def test_what_is_no_amount_is_refused(self):
        with self.assertRaises(ValueError):
            amount("twelve")


if __name__ == "__main__":
    unittest.main()
