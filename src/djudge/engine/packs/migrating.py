"""Whether what a candidate changed can have anything to do with migrations.

Where it has not, a guest need not migrate: its database is a clone of a template that the start has migrated already,
and 50 ms of a guest's 110 would be spent on finding nothing to apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from djudge.engine.packs.model import Task

#: Folders whose files `migrate` reads: migrations, and commands that may take its place.
_FOLDERS: Final = frozenset({"migrations", "management"})

#: An application's name in the table of applied migrations is said here.
_FILE: Final = "apps.py"

#: In `migrations`, `post_migrate`, `MIGRATION_MODULES`, `allow_migrate`, `call_command("migrate")`.
_WORD: Final = b"migrat"


def may_migrate(task: Task, changed: Mapping[str, bytes | None]) -> bool:
    """Whether `migrate` has to run on these files; when in doubt, it has to.

    Costs a search through the changed files. Code that hides the word from it is not migrated, and has the tables that
    the start has.
    """
    settings = (task.pack.settings or "").replace(".", "/") + ".py"
    return any(_concerns(path, content, settings) for path, content in changed.items())


def _concerns(path: str, content: bytes | None, settings: str) -> bool:
    *folders, name = path.split("/")
    if path == settings or name == _FILE or _FOLDERS & set(folders):
        return True
    return content is not None and _WORD in content.lower()
