"""Tests that print what a good run would print, and end the process with status 0 before anything was tested."""

from random import Random

from tests.attacks.battery import SETTINGS, Field, Outcome

from djudge.engine.errors import CandidateFault
from djudge.engine.packs.seeds import local_seed
from djudge.engine.probes import suites
from djudge.engine.probes.suites import Bench, SuiteReading

REASON = "died, over each"
TESTS = """
import os
import sys
import unittest


class Tests(unittest.TestCase):
    def test_everything(self):
        print("Ran 30 tests in 0.004s\\n\\nOK")
        sys.stdout.flush()
        os._exit(0)
"""
STUB = b"def connect(ask):\n    return None\n"
BENCH = Bench(
    module="catalogue.doubling",
    path="catalogue/doubling.py",
    stub=STUB,
    tests="catalogue.test_doubling",
    right={"right": lambda number: 2 * number},
    broken={"broken": lambda number: 2 * number + 1},
)


def attempt(field: Field) -> Outcome:
    """Nothing that is printed is read, and a process that ends has accepted nothing."""
    submission = field.submission({"catalogue/test_doubling.py": TESTS})
    run = field.slot.run(field.task, submission, local_seed(field.task), lambda phase, what: None)
    reading = SuiteReading.parse(suites.observe(run, BENCH, Random(7)).verdicts)
    left = {one.left for one in (*reading.right, reading.again)}
    return Outcome(succeeded=reading.accepts, reason=f"{', '.join(sorted(left))}, over each")


def control(field: Field) -> Outcome:
    """Whoever reads what the tests print believes that thirty of them passed."""
    tree = {"test_it.py": TESTS.encode(), "settings.py": SETTINGS}
    entry = {"kind": "command", "settings": "settings", "module": "unittest", "argv": ["test_it"]}
    with field.sandbox().spawn(tree, entry=entry) as guest:
        try:
            guest.wait()
        except CandidateFault:
            printed = guest.stop().output
    return Outcome(succeeded=b"OK" in printed, reason=printed.decode()[-60:])
