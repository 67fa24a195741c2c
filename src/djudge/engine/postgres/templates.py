"""Databases that are built once and cloned for every run: migrated, filled, frozen, analysed, closed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from djudge.engine.errors import TaskFault
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Database, clone_database, create_database
from djudge.engine.postgres.statistics import all_tables, analyze

#: 20,000 to 200,000 rows show every kind of growth; more only costs.
LARGEST_TEMPLATE_BYTES: Final = 200 * 1024 * 1024

#: Building is our own work: the witness sees nothing of it.
_UNWATCHED: Final = (
    "ALTER DATABASE {name} SET log_statement = none",
    "ALTER DATABASE {name} SET auto_explain.log_min_duration = -1",
)
_CLOSED: Final = (
    "ALTER DATABASE {name} RESET ALL",
    "ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false CONNECTION LIMIT 0",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A finished template of one cluster; nobody can connect to it. Clone it for each run."""

    cluster: Cluster
    name: str
    size: int

    def clone(self, *, bulk: bool = False) -> Database:
        """A run's own copy; 20 ms, and 0.3 ms for each megabyte."""
        return clone_database(self.cluster, self.name, bulk=bulk)


class Templates:
    """The templates of one cluster.

    With `ready` they outlive it: each newly built one is stored with its cluster under that key in the data
    folder, and a later process that starts a cluster with `Cluster.start(ready=...)` finds them there. Choose
    a key that changes with everything the templates are made from.
    """

    def __init__(self, cluster: Cluster, ready: str | None = None) -> None:
        self._cluster = cluster
        self._ready = ready

    def ensure(self, key: str, build: Callable[[Database], None]) -> Template:
        """The template of this key; where there is none, `build` fills an empty database, as its owner.

        `build` uses `login()` and `arrange()` of the database it is given. Raises what `build` raises, and
        TaskFault when the result is larger than 200 MB; then nothing is left.
        """
        name = "t_" + hashlib.sha256(key.encode()).hexdigest()[:32]
        found = self._find(name)
        if found is None:
            found = self._build(name, key, build)
            if self._ready is not None:
                self._cluster.keep(self._ready)
        return found

    def _find(self, name: str) -> Template | None:
        with self._cluster.guarded():
            row = self._cluster.admin.execute(
                "SELECT datallowconn, pg_database_size(oid) FROM pg_database WHERE datname = %s", [name]
            ).fetchone()
        if row is None:
            return None
        if row[0]:
            # Left half-built by an error that could not be cleaned up after.
            Database(self._cluster, name).drop()
            return None
        return Template(cluster=self._cluster, name=name, size=int(row[1]))

    def _build(self, name: str, key: str, build: Callable[[Database], None]) -> Template:
        database = create_database(self._cluster, name)
        try:
            self._alter(name, _UNWATCHED)
            build(database)
            database.end_sessions(grace=0.0)
            size = self._finish(database, key)
            self._alter(name, _CLOSED)
        except BaseException:
            database.drop()
            raise
        return Template(cluster=self._cluster, name=name, size=size)

    def _finish(self, database: Database, key: str) -> int:
        with self._cluster.connect_admin(database.name) as connection, self._cluster.guarded():
            tables = all_tables(connection)
        with database.arrange() as connection, self._cluster.guarded():
            analyze(connection, tables)
        with self._cluster.connect_admin(database.name) as connection, self._cluster.guarded():
            connection.execute("VACUUM (FREEZE)")
        database.close_logins()
        size = self._size(database.name)
        if size > LARGEST_TEMPLATE_BYTES:
            raise TaskFault(
                f"The data of {key} takes {size >> 20} MB; {LARGEST_TEMPLATE_BYTES >> 20} MB are allowed.",
                "Make fewer rows: 20,000 to 200,000 show every kind of growth.",
            )
        return size

    def _size(self, name: str) -> int:
        with self._cluster.guarded():
            row = self._cluster.admin.execute("SELECT pg_database_size(%s)", [name]).fetchone()
        return int(row[0]) if row else 0

    def _alter(self, name: str, statements: tuple[str, ...]) -> None:
        with self._cluster.guarded():
            for statement in statements:
                self._cluster.admin.execute(sql.SQL(statement).format(name=sql.Identifier(name)))
