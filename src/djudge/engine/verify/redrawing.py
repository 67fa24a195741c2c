"""Does a task rest on a close choice of plan? Its expert is graded again and again with statistics drawn anew.

Templates are analysed from every row, so that each run plans alike. PostgreSQL elsewhere looks at a sample, a different
one each time. If another sample changes a finding, the task measures the planner's luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from psycopg import sql

from djudge.engine.grade import grade
from djudge.engine.packs.loading import discover, find_task
from djudge.engine.packs.model import SolutionKind, Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.postgres.databases import Connection, Database
from djudge.engine.postgres.statistics import all_tables
from djudge.engine.reports.document import Report
from djudge.engine.slot import Slot
from djudge.engine.verify.rules import Problem

#: ANALYZE samples so many rows for each point of the statistics target.
_ROWS_A_POINT: Final = 300

#: The first part of a table's rows that is sampled is a half; each further draw takes less.
_FIRST_PART: Final = 2

type Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Redraw:
    """What one slot does in one go: the expert of a task under one seed, so many times, each with new statistics."""

    packs: Path
    task: str
    seed: str | None
    times: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the expert's checks said with statistics from one part in so many of each table (1: from all rows)."""

    part: int
    findings: Mapping[str, str]


def redraw(work: Redraw, tell: Tell = lambda phase, what: None) -> list[Drawn]:
    """Grade the expert with statistics from all rows, then from a random half, third, fourth ... of each table."""
    task = find_task(discover(work.packs), work.task)
    # All rows first: a budget that is not kept yet is measured now, and never with a sample.
    drawn = [_graded(task, work.seed, 1, None, tell)]
    for part in range(_FIRST_PART, _FIRST_PART + work.times):
        tell("statistics", f"{task.id} with a sample of 1/{part} of each table")
        drawn.append(_graded(task, work.seed, part, partial(analyze_part, part=part), tell))
    return drawn


def problems_of_statistics(seed: str, drawn: Sequence[Drawn]) -> Iterator[Problem]:
    """Findings that differ from those with statistics from all rows."""
    first = drawn[0]
    for other in drawn[1:]:
        for check, said in other.findings.items():
            if said != first.findings[check]:
                yield Problem(
                    "statistics",
                    f"with a sample of 1/{other.part} of each table, {check} says {said!r}, "
                    f"instead of {first.findings[check]!r} (seed {seed})",
                )


def analyze_part(database: Database, part: int) -> None:
    """Give every table of a clone the statistics of a random sample, about one part in `part` of its rows.

    Runs as a member of the owner, and leaves no trace in PostgreSQL's counters, which guests are held against. A table
    of a few hundred rows is sampled whole, whatever is asked. Costs some ms a table.
    """
    with database.cluster.connect_admin(database.name) as admin:
        rows = {(schema, table): _rows(admin, schema, table) for schema, table in all_tables(admin)}
    with database.arrange() as connection:
        for (schema, table), number in rows.items():
            target = max(1, number // (part * _ROWS_A_POINT))
            connection.execute(sql.SQL("SET default_statistics_target = {}").format(sql.Literal(target)))
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(schema, table)))
    database.end_sessions()
    with database.cluster.connect_admin(database.name) as admin:
        admin.execute("SELECT pg_stat_reset()")


def _rows(admin: Connection, schema: str, table: str) -> int:
    """How many rows a table has, as its template's analysis counted them."""
    found = admin.execute(
        "SELECT reltuples::bigint FROM pg_class WHERE relname = %s AND relnamespace = "
        "(SELECT oid FROM pg_namespace WHERE nspname = %s)",
        [table, schema],
    ).fetchone()
    return int(found[0]) if found else 0


def _graded(
    task: Task, seed: str | None, part: int, after_clone: Callable[[Database], None] | None, tell: Tell
) -> Drawn:
    with Slot(task.pack, after_clone=after_clone) as slot:
        expert = submission_of_solution(task, SolutionKind.EXPERT.value)
        return Drawn(part, findings_of(grade(slot, task, expert, local_seed(task, seed), tell)))


def findings_of(report: Report) -> dict[str, str]:
    """What each check came to and measured, and whatever else would stand at the head of the report."""
    found = {one.check: f"{one.outcome}: {one.measured}" for one in report.findings}
    return found | {
        "integrity": ", ".join(sorted(one.kind for one in report.integrity)),
        "red flags": ", ".join(sorted(one.kind for one in report.red_flags)),
        "fault": report.fault.kind if report.fault else "",
    }
