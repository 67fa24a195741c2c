"""Our own migrations: complete, and reversible with rows present in every table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.web import everything as rows
from tests.web.everything import Everything

#: An app and one of its migrations; None is before the first.
type Step = tuple[str, str | None]

#: In this order each app stands before those that it refers to.
OURS = (
    "ats", "api", "insights", "pads", "workspace", "interviews", "resumes", "hiring", "assessments", "grading",
    "webhooks", "organizations", "mail", "accounts",
)  # fmt: skip


def test_no_change_of_a_model_lacks_its_migration(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_app_with_tables_of_ours_is_tried() -> None:
    assert {model._meta.app_label for model in rows.models()} == set(OURS)


@pytest.mark.django_db(transaction=True)
def test_every_migration_goes_back_and_forth_with_rows_in_every_table(everything: Everything) -> None:
    """Step by step, each of ours: what can't be taken back can't be rolled out without fear."""
    assert list(rows.empty_tables()) == []
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        for app in OURS:
            _back_and_forth(app)
        tables = set(connection.introspection.table_names())
        assert not {name for name in tables if name.startswith(tuple(f"{app}_" for app in OURS))}
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert "hiring_application" in connection.introspection.table_names()


def _back_and_forth(app: str) -> None:
    """Each step of one app is taken back, done again and taken back, with rows wherever there is a table."""
    graph = MigrationExecutor(connection).loader.graph
    steps: list[Step] = [key for key in graph.forwards_plan(graph.leaf_nodes(app)[0]) if key[0] == app]
    for before, after in reversed(list(zip([(app, None), *steps], steps, strict=False))):
        assert all(count for _, count in _counted(app)), f"{app} has an empty table at {after}"
        _migrate(before)
        kept = dict(_counted(app))
        _migrate(after)
        again = dict(_counted(app))
        assert {name: again[name] for name in kept} == kept, f"{after} loses rows"
        _migrate(before)


def _migrate(step: Step) -> None:
    MigrationExecutor(connection).migrate([step])  # type: ignore[list-item]


def _counted(app: str) -> Iterator[tuple[str, int]]:
    """How many rows there are in each of the app's tables that are there now."""
    there = set(connection.introspection.table_names())
    for model in apps.get_app_config(app).get_models():
        if model._meta.db_table in there:
            with connection.cursor() as cursor:
                cursor.execute(f'select count(*) from "{model._meta.db_table}"')
                yield model._meta.db_table, cursor.fetchone()[0]
