import tempfile
import unittest
from pathlib import Path

from toolbelt.swapping import swapped, swapped_all


class SwapTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.file = Path(scratch.name, "prices.csv")
        self.file.write_bytes(b"old")

    def test_the_new_content_comes_when_the_block_ends(self):
        with swapped(self.file) as file:
            file.write(b"new")
            self.assertEqual(self.file.read_bytes(), b"old")
        self.assertEqual(self.file.read_bytes(), b"new")

    def test_a_failure_leaves_the_file_as_it_was(self):
        with self.assertRaises(ZeroDivisionError), swapped(self.file) as file:
            file.write(b"ne")
            1 / 0  # noqa: B018
        self.assertEqual(self.file.read_bytes(), b"old")
        self.assertEqual([place.name for place in self.file.parent.iterdir()], ["prices.csv"])

    def test_two_files_at_once(self):
        other = self.file.with_name("stock.csv")
        with swapped_all(self.file, other) as (prices, stock):
            prices.write(b"1")
            stock.write(b"2")
        self.assertEqual((self.file.read_bytes(), other.read_bytes()), (b"1", b"2"))
