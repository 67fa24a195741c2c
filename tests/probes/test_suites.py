"""Suites are told by what they notice: those that check, those that never or always fail, those that look elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from tests.probes.conftest import RunOf

from djudge.engine.errors import CandidateFault, TaskFault
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


#: Passes in the first run on a server, and fails in those after it: a counter that clones share goes on to a mark.
ONLY_ONCE = """
        from django.db import connection
        with connection.cursor() as cursor:
            cursor.execute("SELECT lo_creat(-1)::bigint % 65536")
            (before,) = cursor.fetchone()
            cursor.execute("SELECT count(lo_creat(-1)) FROM generate_series(1, 65536 - %s)", [before])
        self.assertGreater(before, 1000)
"""


def never_ends(number: int) -> int:
    while True:
        number += 1


def refuses(number: int) -> int:
    raise (ZeroDivisionError if number else type("OwnError", (Exception,), {}))("words that tell one from another")


def over(run_of: RunOf, body: str, bench: Bench = BENCH) -> tuple[SuiteReading, SuiteCalls]:
    files: Mapping[str, str] = {"catalogue/test_doubling.py": HEAD + f"        {body}\n"}
    tried = suites.observe(run_of(files), bench, Random(1))
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


def test_the_same_implementation_that_passes_once_and_fails_once_shows_chance(run_of: RunOf) -> None:
    reading, _ = over(run_of, ONLY_ONCE, replace(BENCH, right={"adds": BENCH.right["adds"]}, broken={}))
    assert [one.accepted for one in (*reading.right, reading.again)] == [True, False]
    assert not reading.steady
    assert not reading.accepts
    always, _ = over(run_of, "self.fail()")
    assert always.steady


def test_exceptions_cross_by_type_and_without_words(run_of: RunOf) -> None:
    body = """
        for number, kind in ((3, ZeroDivisionError), (0, Exception)):
            with self.assertRaises(kind) as caught:
                doubling.double(number)
            self.assertEqual((type(caught.exception), str(caught.exception)), (kind, ""))
"""
    reading, _ = over(run_of, body, replace(BENCH, right={"refuses": refuses}))
    assert reading.accepts
    assert len(reading.killed()) == 2


def test_whatever_the_code_under_test_is_called_with_is_no_fault_of_the_task(run_of: RunOf) -> None:
    body = """
        from contextlib import suppress
        for odd in (object(), [doubling], "x" * 20_000, {"a": object()}, 1 << 4095, b"", None):
            for arguments in ((odd, odd), (odd,), ([odd],), ()):
                with suppress(Exception):
                    doubling._ask(*arguments)
            self.assertEqual(doubling.double(3), 6)
"""
    reading, calls = over(run_of, body)
    assert reading.accepts
    assert calls.calls["adds"] >= 7 * 5


def test_a_call_without_an_end_and_a_suite_without_one_are_the_tests_own_fault(
    run_of: RunOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suites, "CALL_SECONDS", 0.2)
    reading, _ = over(run_of, "doubling.double(3)", replace(BENCH, right={"never ends": never_ends}))
    assert (reading.right[0].left, reading.again.left) == ("endless_values", "endless_values")
    monkeypatch.setattr(suites, "ALL_SECONDS", 0.0)
    with pytest.raises(CandidateFault) as caught:
        over(run_of, "doubling.double(3)")
    assert caught.value.kind == "time_limit"


def test_a_bench_needs_something_right_and_a_name_for_each() -> None:
    with pytest.raises(TaskFault, match="needs a right implementation"):
        replace(BENCH, right={})
    with pytest.raises(TaskFault, match="a name for each"):
        replace(BENCH, broken=BENCH.right)
