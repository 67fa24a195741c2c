"""The other side of each ratio: the same checks as committed Django tests, run by `manage.py test`."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from djudge.engine.packs.environments import environment_for
from djudge.engine.packs.model import Task
from djudge.engine.postgres.cluster import Cluster

TESTS: Final = Path(__file__).parent / "peer"


class Peer:
    """`manage.py test` with one module of tests, on the same PostgreSQL.

    Each has a copy of the project, a role and a test database of its own. Byte code is kept, as developers have it.
    """

    def __init__(self, task: Task, cluster: Cluster, folder: Path, name: str, tests: str) -> None:
        self._project = folder / name
        shutil.copytree(task.pack.system, self._project, ignore=shutil.ignore_patterns("var", "__pycache__"))
        expert = task.solution("expert").folder
        shutil.copytree(expert, self._project, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.toml"))
        package = self._project / "bench_peer"
        package.mkdir()
        (package / "__init__.py").touch()
        shutil.copy(TESTS / f"{tests}.py", package)
        self._environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(environment_for(task.pack)),
            "DATABASE_URL": _address(cluster, name),
        }

    def run(self, *, keep: bool) -> None:
        """The whole command, as a developer types it."""
        command = [sys.executable, "manage.py", "test", "--noinput", *(["--keepdb"] if keep else []), "bench_peer"]
        done = subprocess.run(command, cwd=self._project, env=self._environ, capture_output=True, text=True)
        if done.returncode or "Ran 0 tests" in done.stderr or "\nOK" not in done.stderr:
            sys.exit(f"bench: the peer failed.\n{done.stderr}")


def _address(cluster: Cluster, name: str) -> str:
    """Access to a database goes by membership in the role of its name; Django connects to all three."""
    password = secrets.token_hex(16)
    for statement in (
        f"CREATE ROLE {name} LOGIN CREATEDB PASSWORD '{password}'",
        f"CREATE ROLE test_{name} NOLOGIN",
        f"GRANT postgres, test_{name} TO {name}",
        f"CREATE DATABASE {name} OWNER {name}",
    ):
        cluster.admin.execute(statement.encode())
    return f"postgres://{name}:{password}@/{name}?host={cluster.socket_folder}"
