"""Suites are told by what they notice: those that check, those that never or always fail, those that look elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest
from tests.probes.conftest import RunOf

from djudge.engine.probes import suites
from djudge.engine.probes.suites import Bench, SuiteCalls, SuiteReading

STUB = b"""
_ask = None


def connect(ask):
    global _ask
    _ask = ask


def double(number):
    return _ask(number)
"""
BENCH = Bench(
    module="catalogue.doubling",
    path="catalogue/doubling.py",
    stub=STUB,
    tests="catalogue.test_doubling",
    right={"adds": lambda number: number + number, "multiplies": lambda number: 2 * number},
    broken={"one too many": lambda number: 2 * number + 1, "wrong below zero": lambda number: 2 * abs(number)},
)
HEAD = (
    "import os, unittest\nfrom catalogue import doubling\n\n\nclass Tests(unittest.TestCase):\n    def test_it(self):\n"
)


def over(run_of: RunOf, body: str) -> tuple[SuiteReading, SuiteCalls]:
    files: Mapping[str, str] = {"catalogue/test_doubling.py": HEAD + f"        {body}\n"}
    tried = suites.observe(run_of(files), BENCH, Random(1))
    return SuiteReading.parse(tried.verdicts), SuiteCalls.parse(tried.calls)


@pytest.mark.parametrize(
    ("body", "killed"),
    [
        pytest.param(
            "self.assertEqual([doubling.double(n) for n in (3, -3)], [6, -6])", ["one too many", "wrong below zero"],
            id="both sides of zero",
        ),
        pytest.param("self.assertEqual(doubling.double(3), 6)", ["one too many"], id="one side"),
        pytest.param("doubling.double(3)", [], id="nothing compared"),
    ],
)  # fmt: skip
def test_a_broken_implementation_is_noticed_by_tests_that_look_there(
    run_of: RunOf, body: str, killed: list[str]
) -> None:
    reading, calls = over(run_of, body)
    assert reading.accepts
    assert [one.name for one in reading.killed()] == killed
    assert all(calls.calls.values())


@pytest.mark.parametrize(
    ("body", "left"),
    [
        pytest.param("self.fail()", "", id="always fails"),
        pytest.param("os._exit(0)", "died", id="leaves with a good status"),
        pytest.param("self.skipTest('later')", "", id="skips"),
        pytest.param("self.assertIn('2 *', open(doubling.__file__).read())", "", id="reads the source"),
    ],
)
def test_a_suite_that_refuses_right_ones_or_does_not_run_is_worth_nothing(run_of: RunOf, body: str, left: str) -> None:
    reading, _ = over(run_of, body)
    assert not reading.accepts
    assert reading.killed() == ()
    assert {one.left for one in reading.right if not one.accepted} == {left}


def test_tests_that_never_call_the_code_are_seen_not_to(run_of: RunOf) -> None:
    reading, calls = over(run_of, "self.assertEqual(1 + 1, 2)")
    assert reading.accepts
    assert calls.never
