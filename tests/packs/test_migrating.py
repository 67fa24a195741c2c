"""`migrate` runs where a change can concern it, and is left out where it can't."""

from __future__ import annotations

import pytest

from djudge.engine.folders import packs_folder
from djudge.engine.packs.loading import discover, find_task
from djudge.engine.packs.migrating import may_migrate
from djudge.engine.packs.model import Task


@pytest.fixture(scope="module")
def task() -> Task:
    return find_task(discover(packs_folder()), "SH4")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("catalogue/migrations/0002_mine.py", b"", id="a migration"),
        pytest.param("catalogue/migrations/0001_initial.py", None, id="a deleted migration"),
        pytest.param("catalogue/management/commands/migrate.py", b"", id="a command of that name"),
        pytest.param("catalogue/apps.py", b"", id="the application's name"),
        pytest.param("stallhouse/settings.py", b"", id="the settings"),
        pytest.param("catalogue/models.py", b"from django.db.models.signals import post_migrate", id="a signal"),
        pytest.param("catalogue/routing.py", b"def allow_migrate(): ...", id="a router"),
        pytest.param("catalogue/views.py", b"call_command('MIGRATE'.lower())", id="a call"),
    ],
)
def test_what_can_concern_migrations_is_migrated(task: Task, path: str, content: bytes | None) -> None:
    assert may_migrate(task, {"catalogue/views.py": b"pass", path: content})


def test_what_can_not_is_not(task: Task) -> None:
    assert not may_migrate(task, {})
    assert not may_migrate(
        task,
        {
            "catalogue/views.py": b"def product_list(request): ...",
            "catalogue/models.py": b"class Product(models.Model): ...",
            "catalogue/templates/catalogue/product_list.html": b"<ul>",
            "catalogue/old.py": None,
        },
    )
