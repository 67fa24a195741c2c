"""The oldest PostgreSQL that the judge knows and the one that it brings: the same statements, the same rows.

Plans and blocks are not compared: another version may read a table in another way. What a task decides by has to come
out alike.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from djudge.engine.cli.library import named_task
from djudge.engine.folders import data_folder
from djudge.engine.grade import grade
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.reports.document import Report
from djudge.engine.slot import Slot

OLDEST = Path(os.environ.get("DJUDGE_POSTGRES_15") or "/usr/lib/postgresql/15/bin")

#: Other tests of this folder move the data folder; the packages lie in this one.
DATA = data_folder()

SOLUTIONS = ("expert", "junior", "wrong/everything-loaded", "cheats/many-statements-in-one")


def reports(monkeypatch: pytest.MonkeyPatch, programs: Path | None) -> tuple[int, dict[str, Report]]:
    """The major version that was used, and each solution's report on it."""
    monkeypatch.setenv("DJUDGE_DATA", str(DATA))
    if programs is None:
        monkeypatch.delenv("DJUDGE_POSTGRES_BIN", raising=False)
    else:
        monkeypatch.setenv("DJUDGE_POSTGRES_BIN", str(programs))
    task = named_task("SH4")
    with Slot(task.pack) as slot:
        graded = {
            name: grade(slot, task, submission_of_solution(task, name), local_seed(task), lambda *_: None)
            for name in SOLUTIONS
        }
    return find_binaries().major, graded


def outcomes(report: Report) -> dict[str, str]:
    return {finding.check: str(finding.outcome) for finding in report.findings}


def counts(report: Report) -> list[Any]:
    """Statements and rows at each point of each axis; what is not measured, and what is missing."""
    growth: Any = report.observations.seen["growth"]
    names = ("n", "objects", "status", "executions", "rows", "unmeasured", "functions", "bundle", "missing")
    return [[axis["axis"], [[point[name] for name in names] for point in axis["points"]]] for axis in growth["axes"]]


def shapes(report: Report) -> list[Any]:
    """The statements of the costliest page: their shapes, how often, how many rows."""
    growth: Any = report.observations.seen["growth"]
    return sorted([group["shape"], group["count"], group["rows"]] for group in growth["groups"])


@pytest.mark.skipif(
    not (OLDEST / "postgres").is_file(),
    reason="PostgreSQL 15 is not installed (Debian 12: postgresql-15; else DJUDGE_POSTGRES_15)",
)
@pytest.mark.timeout(900)
def test_sh4_comes_to_the_same_statements_rows_and_outcomes_on_15_as_on_18(monkeypatch: pytest.MonkeyPatch) -> None:
    oldest, on_oldest = reports(monkeypatch, OLDEST)
    own, on_own = reports(monkeypatch, None)
    assert (oldest, own) == (15, 18)
    for name in SOLUTIONS:
        assert outcomes(on_oldest[name]) == outcomes(on_own[name]), name
        assert counts(on_oldest[name]) == counts(on_own[name]), name
        assert shapes(on_oldest[name]) == shapes(on_own[name]), name
    assert len({str(outcomes(report)) for report in on_own.values()}) > 2
