"""Runs one side of an exhibit in the system that it belongs to: an order as JSON comes in, an answer as JSON goes out.

Everything but the exhibited function itself (what it is given, how its effect is looked at, a migration) is done as
another role of the database than the function, so that a log told by roles holds the function's statements alone.
Imports Django and nothing else of ours.
"""

import hashlib
import importlib.util
import inspect
import json
import os
import sys
from pathlib import Path

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def main():
    """One order: `migrate` lays the exhibit's migration over the system's, `show` calls the function of one side."""
    order = json.load(sys.stdin)
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    django.setup()
    answer = {"migrate": migrated, "show": shown}[order.pop("do")](**order)
    said.write(json.dumps(answer))
    said.close()


def migrated(file):
    """Apply a migration; what it sent to the database."""
    migration = loaded(file).Migration("museum", app_of(file))
    state = MigrationExecutor(connection).loader.project_state()
    with connection.schema_editor(collect_sql=True) as told:
        migration.apply(state.clone(), told, collect_sql=True)
    with connection.schema_editor() as editor:
        migration.apply(state, editor)
    return {"sql": [line for line in told.collected_sql if not line.startswith("--")]}


def app_of(file):
    """The app whose tables it changes: the first that it depends on."""
    return loaded(file).Migration.dependencies[0][0]


def shown(file, beside, call, role, password):
    """Call the function as a role of its own; a digest of its answer and of its effect, and how many rows it gave."""
    more = loaded(beside) if beside else None
    given = more.given() if hasattr(more, "given") else {}
    function = getattr(loaded(file), call)
    connection.close()
    own = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.settings_dict.update(USER=role, PASSWORD=password)
    answer = function(**{name: given[name] for name in inspect.signature(function).parameters})
    connection.close()
    connection.settings_dict.update(own)
    effect = more.effect() if hasattr(more, "effect") else None
    text = json.dumps([answer, effect], default=str, sort_keys=True)
    return {
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "rows": len(answer) if isinstance(answer, (list, tuple, dict)) else 1,
        "example": [row[:300] for row in examples(answer)],
    }


def examples(answer):
    """The first rows of an answer as text."""
    rows = (
        list(answer.items()) if isinstance(answer, dict) else answer if isinstance(answer, (list, tuple)) else [answer]
    )
    return [json.dumps(row, default=str, ensure_ascii=False) for row in rows[:3]]


def loaded(file):
    """A file of the exhibit's as a module, by its path alone."""
    spec = importlib.util.spec_from_file_location(f"exhibit_{Path(file).stem}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
