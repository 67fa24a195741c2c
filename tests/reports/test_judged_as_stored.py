"""A grading is judged in the form in which it is kept, so that it comes out the same when it is judged again."""

from __future__ import annotations

from djudge.engine.reports.building import as_stored
from djudge.engine.values import Observations

HOSTILE = {"page": {"kind": "exchange", "name": "a\0b\ud800c\x1b[31m", "deep": [[[1.5, None, True]]]}}


def test_ordinary_observations_are_judged_as_they_are() -> None:
    observed = Observations(seen={"growth": {"kind": "growth", "points": [1, 2]}}, answered={"page": "ok\n"})
    assert as_stored(observed) == observed


def test_hostile_ones_are_judged_as_the_report_will_hold_them() -> None:
    once = as_stored(Observations(answered=HOSTILE))
    assert once != Observations(answered=HOSTILE)
    assert as_stored(once) == once
