import unittest

from toolbelt.retrying import retry


class RetryTest(unittest.TestCase):
    def setUp(self):
        self.waits = []

    def flaky(self, failures):
        """A function that fails so many times."""
        left = [ConnectionError(number) for number in range(failures)]

        @retry(attempts=3, on=ConnectionError, delay=0.5, sleep=self.waits.append)
        def fetch(article):
            """Fetch it."""
            if left:
                raise left.pop(0)
            return f"price of {article}"

        return fetch

    def test_a_failure_is_tried_again(self):
        self.assertEqual(self.flaky(2)("teapot"), "price of teapot")
        self.assertEqual(self.waits, [0.5, 1.0])

    def test_the_last_error_comes_out(self):
        with self.assertRaises(ConnectionError) as caught:
            self.flaky(3)("teapot")
        self.assertEqual(caught.exception.args, (2,))

    def test_the_name_is_kept(self):
        self.assertEqual(self.flaky(0).__name__, "fetch")
