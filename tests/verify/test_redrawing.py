"""Statistics drawn anew: PostgreSQL really knows other numbers, and a finding that follows them is a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from djudge.engine.cli.library import named_task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.postgres.databases import Database
from djudge.engine.postgres.witness.counters import read_counters
from djudge.engine.slot import Slot
from djudge.engine.verify.redrawing import Drawn, analyze_part, problems_of_statistics

ALL_ROWS = Drawn(1, {"growth": "shown: 9 statements", "rows": "shown: 40 rows", "integrity": ""})


def test_the_same_findings_are_no_problem() -> None:
    assert list(problems_of_statistics("local", [ALL_ROWS, replace(ALL_ROWS, part=2)])) == []


def test_a_finding_that_changes_with_the_sample_is_a_problem_with_both_texts() -> None:
    other = Drawn(3, {**ALL_ROWS.findings, "rows": "partly: 900 rows"})
    (problem,) = problems_of_statistics("local", [ALL_ROWS, replace(ALL_ROWS, part=2), other])
    assert problem.rule == "statistics"
    assert problem.what == (
        "with a sample of 1/3 of each table, rows says 'partly: 900 rows', instead of 'shown: 40 rows' (seed local)"
    )


@contextmanager
def clone(after_clone: Callable[[Database], None] | None) -> Iterator[Database]:
    """A clone of SH4's data as a guest would get it."""
    task = named_task("SH4")
    with Slot(task.pack, after_clone=after_clone) as slot:
        slot.open(task, local_seed(task), lambda phase, what: None)
        place = slot.place(task, {})
        database = place.clone()
        try:
            yield database
        finally:
            place.discard(database)


def bounds(database: Database) -> int:
    """How finely PostgreSQL knows the article numbers: the length of their histogram."""
    with database.cluster.connect_admin(database.name) as connection:
        row = connection.execute(
            "SELECT cardinality(histogram_bounds::text::text[]) FROM pg_stats"
            " WHERE tablename = 'catalogue_product' AND attname = 'sku'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def blocks(database: Database) -> int:
    """How much of the tables was read, by PostgreSQL's counters."""
    with database.cluster.connect_admin(database.name) as connection:
        return read_counters(connection).blocks


def test_a_clone_gets_statistics_from_a_part_of_its_rows() -> None:
    with clone(None) as plain, clone(partial(analyze_part, part=5)) as redrawn:
        assert bounds(redrawn) < 10 < bounds(plain)


def test_analysing_leaves_no_trace_in_the_counters_that_guests_are_held_against() -> None:
    with clone(partial(analyze_part, part=2)) as redrawn:
        assert blocks(redrawn) == 0
        with redrawn.arrange() as connection:
            connection.execute("SELECT count(*) FROM catalogue_product")
        redrawn.end_sessions()
        assert blocks(redrawn) > 0
