"""Measures how long calls take: a broken implementation that does more, or less, would be told from a right one.

Of two hundred calls the shortest counts, which other work on the machine hardly changes.
"""

import time
from collections.abc import Callable
from unittest import mock

from tests.attacks.battery import Field, Outcome
from tests.attacks.tried import bench, reading

from djudge.engine.probes import suites
from djudge.engine.probes.suites import Implementation

REASON = "at the same pace"
MORE_SECONDS = 0.0003
MEASURING = """
import time
import unittest

from catalogue import doubling


def taken():
    began = time.perf_counter()
    doubling.double(3)
    return time.perf_counter() - began


class MeasuringTests(unittest.TestCase):
    def test_it(self):
        doubling.double(min(taken() for _ in range(200)))
"""


def _measured(field: Field) -> tuple[list[float], list[float]]:
    """What calls take at least, over right implementations and over broken ones that do more."""
    quick: dict[str, float] = {}
    slow: dict[str, float] = {}

    def noting(name: str, into: dict[str, float], more: float) -> Callable[[float], float]:
        def double(number: float) -> float:
            end = time.perf_counter() + more
            while time.perf_counter() < end:
                continue
            if isinstance(number, float):
                into[name] = number
            return number

        return double

    right: dict[str, Implementation] = {str(number): noting(str(number), quick, 0.0) for number in range(3)}
    broken: dict[str, Implementation] = {name: noting(name, slow, MORE_SECONDS) for name in ("a", "b", "c")}
    reading(field, MEASURING, bench(right, broken))
    return list(quick.values()), list(slow.values())


def attempt(field: Field) -> Outcome:
    quick, slow = _measured(field)
    apart = len(quick) == len(slow) == 3 and min(slow) - max(quick) > MORE_SECONDS / 2
    return Outcome(succeeded=apart, reason=REASON if len(quick) == len(slow) == 3 else "nothing was measured")


def control(field: Field) -> Outcome:
    """Answered as soon as the implementation has answered, all broken ones take longer than all right ones."""
    with mock.patch.object(suites, "PACE_SECONDS", 0.0):
        return attempt(field)
