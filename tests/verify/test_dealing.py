"""The gradings of a proof are dealt to slots: none is lost, and a solution's runs are compared between slots."""

from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from djudge.engine.verify.proof import Job, deal


@pytest.mark.parametrize(("runs", "subjects", "shares"), [(1, 29, 1), (1, 29, 2), (20, 29, 15), (3, 2, 4)])
def test_every_grading_falls_to_one_share(runs: int, subjects: int, shares: int) -> None:
    jobs = [Job(Path(), "task", None, runs, share, shares) for share in range(shares)]
    dealt = Counter(chain.from_iterable(deal(job, subjects) for job in jobs))
    assert set(dealt.values()) == {1}
    assert len(dealt) == runs * subjects


def test_a_solution_that_is_graded_twice_is_graded_in_two_slots() -> None:
    shares = [set(deal(Job(Path(), "task", None, 2, share, 2), 5)) for share in range(2)]
    for number in range(5):
        assert sum((0, number) in share or (1, number) in share for share in shares) == 2
