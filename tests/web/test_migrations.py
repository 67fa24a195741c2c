"""Our own migrations: complete, and reversible with rows present."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.web.cast import Cast

OURS = ("workspace", "hiring", "assessments", "grading", "organizations", "mail")


def test_no_change_of_a_model_lacks_its_migration(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_every_migration_goes_back_and_forth_with_rows_in_the_tables(cast: Cast) -> None:
    """Step by step, each of ours: what can't be taken back can't be rolled out without fear."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    try:
        for app in OURS:
            steps = [
                key
                for key in executor.loader.graph.forwards_plan(executor.loader.graph.leaf_nodes(app)[0])
                if key[0] == app
            ]
            for before in [*reversed(steps[:-1]), (app, None)]:
                executor = MigrationExecutor(connection)
                executor.migrate([before])  # type: ignore[list-item]
        tables = set(connection.introspection.table_names())
        assert not {name for name in tables if name.startswith(tuple(f"{app}_" for app in OURS))}
    finally:
        MigrationExecutor(connection).migrate(leaves)
    assert "hiring_application" in connection.introspection.table_names()
