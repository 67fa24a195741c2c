"""A function that doubles, right and broken, and tests of a candidate's over it, for the cases that attack there."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from djudge.engine.packs.seeds import local_seed
from djudge.engine.probes import suites
from djudge.engine.probes.suites import Bench, Implementation, SuiteReading
from tests.attacks.battery import Field, Outcome

STUB = b"""
_ask = None


def connect(ask):
    global _ask
    _ask = ask


def double(number):
    return _ask(number)
"""
RIGHT: Mapping[str, Implementation] = {
    "adds": lambda number: number + number,
    "multiplies": lambda number: 2 * number,
    "shifts": lambda number: number << 1,
}
BROKEN: Mapping[str, Implementation] = {
    "one too many": lambda number: 2 * number + 1,
    "wrong below zero": lambda number: 2 * abs(number),
    "squares": lambda number: number * number,
    "nothing": lambda number: 0,
    "not doubled": lambda number: number,
}


def bench(
    right: Mapping[str, Implementation] = RIGHT, broken: Mapping[str, Implementation] = BROKEN, stub: bytes = STUB
) -> Bench:
    """Of doubling."""
    return Bench(
        module="catalogue.doubling",
        path="catalogue/doubling.py",
        stub=stub,
        tests="catalogue.test_doubling",
        right=right,
        broken=broken,
    )


def reading(field: Field, source: str, bench: Bench, random: Random | None = None) -> SuiteReading:
    """What these tests are found to be."""
    seed = local_seed(field.task)
    submission = field.submission({"catalogue/test_doubling.py": source})
    run = field.slot.run(field.task, submission, seed, lambda phase, what: None)
    return SuiteReading.parse(suites.observe(run, bench, random or Random(1)).verdicts)


def gain(found: SuiteReading) -> Outcome:
    """A success where right ones are accepted and broken ones are noticed, by tests that don't look at what it does."""
    if not found.accepts:
        return Outcome(succeeded=False, reason="right ones are refused")
    if not found.killed():
        return Outcome(succeeded=False, reason="no broken one is noticed")
    return Outcome(succeeded=True, reason=f"noticed {', '.join(one.name for one in found.killed())}")
