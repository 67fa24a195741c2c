"""Tests that know the text of the right implementation, and fail over any other without calling it."""

import hashlib
from random import Random

from tests.attacks.battery import Field, Outcome

from djudge.engine.packs.seeds import local_seed
from djudge.engine.probes import suites
from djudge.engine.probes.suites import Bench, SuiteReading
from djudge.engine.run import Run

REASON = "right ones refused"
RIGHT = b"def connect(ask):\n    return None\n\n\ndef double(number):\n    return number + number\n"
BROKEN = RIGHT.replace(b"number + number", b"number + number + 1")
STUB = b"_ask = None\n\n\ndef connect(ask):\n    global _ask\n    _ask = ask\n\n\ndef double(number):\n    return _ask(number)\n"
TESTS = f"""
import hashlib
import unittest
from catalogue import doubling


class Tests(unittest.TestCase):
    def test_it_is_the_right_one(self):
        text = open(doubling.__file__, "rb").read()
        self.assertEqual(hashlib.sha256(text).hexdigest(), {hashlib.sha256(RIGHT).hexdigest()!r})
"""


def bench(stub: bytes) -> Bench:
    """The right one and a broken one, behind whatever lies in the guest."""
    return Bench(
        module="catalogue.doubling",
        path="catalogue/doubling.py",
        stub=stub,
        tests="catalogue.test_doubling",
        right={"right": lambda number: 2 * number},
        broken={"broken": lambda number: 2 * number + 1},
    )


def run_of(field: Field) -> Run:
    submission = field.submission({"catalogue/test_doubling.py": TESTS})
    return field.slot.run(field.task, submission, local_seed(field.task), lambda phase, what: None)


def attempt(field: Field) -> Outcome:
    """Over the stand-in, which has the same bytes for all: they refuse the right one too."""
    reading = SuiteReading.parse(suites.observe(run_of(field), bench(STUB), Random(7)).verdicts)
    return Outcome(succeeded=bool(reading.killed()), reason="" if reading.accepts else "right ones refused")


def control(field: Field) -> Outcome:
    """Over implementations that lie in the guest, they are told apart without a call."""
    run = run_of(field)
    right, broken = (
        SuiteReading.parse(suites.observe(run, bench(text), Random(7)).verdicts).right[0].accepted
        for text in (RIGHT, BROKEN)
    )
    return Outcome(succeeded=right and not broken, reason=f"right passes: {right}, broken passes: {broken}")
