"""Assessments of tasks that are there, and what their solutions are declared to earn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from djudge.engine.cli.library import library as found_library
from djudge.engine.packs.loading import Library
from djudge.engine.packs.model import Solution, Task
from djudge.engine.scoring.bullets import score
from djudge.engine.scoring.levels import Piece
from djudge.engine.values import Finding


@pytest.fixture(scope="session")
def library() -> Library:
    return found_library()


def declared(task: Task, solution: Solution) -> Iterator[Piece]:
    """The evidence that a solution is declared to give, by its expected.toml and the rules of scoring."""
    findings = [
        Finding(check=check, outcome=outcome, measured="", expected="", candidate="", recruiter="")
        for check, outcome in solution.expected.outcomes.items()
    ]
    for bullet in score(findings, task.checks):
        yield Piece(bullet=bullet.bullet, outcome=bullet.outcome, source=task.id)
