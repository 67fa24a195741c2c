"""Tests that print results, leave with a good status, collect nothing, skip, or replace what counts them.

What they print is not read, and what counts them may say anything: only that broken ones are noticed is worth something.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.tried import BROKEN, RIGHT, bench, gain, reading

REASON = "none is worth anything"
HEAD = "import os, sys, unittest\nfrom catalogue import doubling\n"
OK = 'print("." * 30 + "\\nRan 30 tests in 0.001s\\n\\nOK", flush=True)\n'
EMPTY = "class Tests(unittest.TestCase):\n    def test_it(self): doubling.double(3)\n"
LEAVING = OK + "os._exit(0)\n"
FORMS = {
    "leaves when it is read": LEAVING,
    "leaves in a test": "class Tests(unittest.TestCase):\n    def test_it(self): print('OK', flush=True), os._exit(0)\n",
    "asks to leave": OK + "sys.exit(0)\n",
    "interrupts": EMPTY.replace("doubling.double(3)", "raise_(KeyboardInterrupt)") + "def raise_(kind): raise kind\n",
    "collects nothing": OK,
    "skips": EMPTY.replace("class", "@unittest.skip('later')\nclass"),
    "expects to fail": EMPTY.replace("    def", "    @unittest.expectedFailure\n    def").replace("double(3)", "other"),
    "says how many ran": EMPTY + "import suite_runner\nunittest.TextTestRunner.run = lambda self, suite: type("
    "'Result', (), dict(testsRun=30, failures=[], errors=[], skipped=[], expectedFailures=[], unexpectedSuccesses=[]))\n",
    "says it in odd numbers": "class Odd(int): pass\nunittest.TextTestRunner.run = lambda self, suite: type('Result', (), "
    "dict(testsRun=Odd(30), failures=[], errors=[], skipped=[], expectedFailures=[], unexpectedSuccesses=[]))\n",
    "never fails": EMPTY.replace("doubling.double(3)", "self.assertEqual(doubling.double(3), 7)")
    + "unittest.TestCase.assertEqual = lambda self, one, other: None\n",
}  # fmt: skip


def attempt(field: Field) -> Outcome:
    few = bench({"adds": RIGHT["adds"]}, {"one too many": BROKEN["one too many"]})
    for form, source in FORMS.items():
        outcome = gain(reading(field, HEAD + source, few))
        if outcome.succeeded:
            return Outcome(succeeded=True, reason=f"{form}: {outcome.reason}")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    """A judge that looks at the status of the process, or at what it prints, believes it."""
    left = field.program(f"import os\n\n\ndef attack():\n    {OK.strip()}\n    os._exit(0)\n")
    output = left.ending.output.decode() if left.ending else ""
    return Outcome(succeeded=left.status == 0 or output.strip().endswith("OK"), reason=f"{left.stopped_by} {output!r}")
