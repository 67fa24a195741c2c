"""The database of one run: cloned from a template, owned by a role of its own, gone without a trace."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

from djudge.engine.errors import CandidateFault, InfrastructureError
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.connections import ARRANGE_OPTIONS, Connection
from djudge.engine.postgres.logspace import free_log
from djudge.engine.postgres.passwords import random_password, scram_verifier
from djudge.engine.postgres.statistics import analyze, tables_without_statistics

__all__ = ["Connection", "Database", "Login", "clone_database", "create_database", "drop_leftovers"]

#: Where a guest sees the socket folder, read-only.
GUEST_SOCKET_FOLDER: Final = "/run/postgresql"

#: One guest process and its threads; less than the server has, so that a run can't starve the judge.
_CONNECTIONS_OF_A_LOGIN: Final = 20

#: The first version that lets a role who is no superuser keep connections for itself.
_RESERVED_SINCE: Final = 16

#: How long sessions of a stopped guest may take to notice, and to end when they are told to.
_GRACE_SECONDS: Final = 0.5
_TERMINATION_SECONDS: Final = 10.0

#: The database itself stays ours: its owner could close it to the judge, or rename it.
_CREATE: Final[tuple[LiteralString, ...]] = (
    "CREATE ROLE {name} NOLOGIN",
    "CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy",
    "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
    "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {name} TO {name}",
)
_TERMINATE: Final = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
#: The judge's own look at the database goes on.
_TERMINATE_GUESTS: Final = f"{_TERMINATE} AND usename <> 'postgres'"
_RUN_NAMES: Final = """
SELECT datname FROM pg_database WHERE datname ~ '^d[0-9a-f]{20}$'
UNION SELECT rolname FROM pg_roles WHERE rolname ~ '^d[0-9a-f]{20}$'
"""
_BULK: Final[tuple[LiteralString, ...]] = ("ALTER DATABASE {name} SET auto_explain.log_nested_statements = off",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """The role of one guest process. Its name is how the witness tells that process' statements from all others."""

    role: str
    password: str
    database: str
    #: How long the witness' log was when the role was made: nothing of it is older.
    log_start: int

    def environ(self, socket_folder: str = GUEST_SOCKET_FOLDER) -> dict[str, str]:
        """What the guest is told: a DATABASE_URL, and the same in libpq's own variables."""
        host = quote(socket_folder, safe="/")
        return {
            "DATABASE_URL": f"postgres://{self.role}:{self.password}@/{self.database}?host={host}",
            "PGHOST": socket_folder,
            "PGPORT": "5432",
            "PGUSER": self.role,
            "PGPASSWORD": self.password,
            "PGDATABASE": self.database,
        }


class Database:
    """One run's database. Its name says nothing; its owner role has the same name and can't log in.

    Guests log in as members of the owner, and act as it. The judge arranges as another member, and reads catalogs and
    counters as superuser; it never touches a table in here as superuser.
    """

    def __init__(self, cluster: Cluster, name: str, *, bulk: bool = False) -> None:
        self.cluster = cluster
        self.name = name
        self.bulk = bulk
        self._arranger: Login | None = None
        self._logins: list[Login] = []

    @property
    def owner(self) -> str:
        """The role that owns everything in here."""
        return self.name

    @property
    def arranger(self) -> Login | None:
        """The role of `arrange`, once that was used."""
        return self._arranger

    @property
    def logins(self) -> tuple[Login, ...]:
        """All roles made so far, the arranging one last."""
        return (*self._logins, self._arranger) if self._arranger else tuple(self._logins)

    def login(self) -> Login:
        """A new role for one guest process; 0.5 ms."""
        login = self._make_login(f"{self.name}_{len(self._logins) + 1}")
        self._logins.append(login)
        return login

    @contextmanager
    def arrange(self) -> Iterator[Connection]:
        """The judge's connection for making data, in autocommit mode: a member of the owner, never superuser.

        What a candidate left here (triggers, rules, defaults) runs with the candidate's own rights. Waits at
        most 10 s for a lock and 60 s for a statement. Raises psycopg.Error, which may be the candidate's
        doing.
        """
        if self._arranger is None:
            self._arranger = self._make_arranger()
        connection = self.cluster.connect(
            user=self._arranger.role,
            password=self._arranger.password,
            database=self.name,
            options=ARRANGE_OPTIONS,
        )
        try:
            yield connection
        finally:
            connection.close()

    def analyze_changed(self) -> tuple[str, ...]:
        """Give tables whose statistics are missing or stale the kind of statistics that a template has.

        Call it between guests: it ends their sessions, since only then the counters are complete. Returns the
        tables. Raises CandidateFault when an index or a check of the candidate's fails meanwhile.
        """
        self.end_sessions()
        with self.cluster.connect_admin(self.name) as connection, self.cluster.guarded():
            changed = tables_without_statistics(connection)
        if changed:
            self._analyze(changed)
        return tuple(f"{schema}.{table}" for schema, table in changed)

    def end_sessions(self, grace: float = _GRACE_SECONDS) -> None:
        """Wait until nobody but the judge is connected; terminate what is left after `grace`.

        A server process outlives its client: after a guest was stopped, its last statement may go on for
        ever.
        """
        if self._wait_for_sessions(grace):
            return
        with self.cluster.guarded():
            self.cluster.admin.execute(_TERMINATE_GUESTS, [self.name])
        if not self._wait_for_sessions(_TERMINATION_SECONDS):
            raise InfrastructureError("Sessions of a stopped guest did not end.", kind="sessions_left")

    def drop(self) -> None:
        """Remove the database with its sessions and roles; 10 ms. Safe to call twice, and after the server died."""
        if not self.cluster.alive():
            return
        with self.cluster.guarded():
            admin = self.cluster.admin
            _empty(admin, self.name)
            _forced_drop(admin, self.name)
            for role in self._roles():
                admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
            free_log(admin, self.cluster.log_file)

    def close_logins(self) -> None:
        """Remove every role but the owner; for templates, which nobody enters again."""
        with self.cluster.guarded():
            for role in self._roles():
                if role != self.owner:
                    self.cluster.admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
        self._arranger = None

    def _analyze(self, tables: Sequence[tuple[str, str]]) -> None:
        try:
            with self.arrange() as connection:
                analyze(connection, tables)
        except psycopg.Error as error:
            self.cluster.require_alive()
            raise CandidateFault(
                "PostgreSQL could not vacuum and analyse the migrated tables.",
                "Look for a function in an index that fails, or takes long, for some of the rows.",
                phase="migrating",
                kind="analyze_failed",
                detail=str(error)[:2000],
            ) from error

    def _wait_for_sessions(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self._sessions():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)
        return True

    def _make_arranger(self) -> Login:
        login = self._make_login(f"{self.name}_0")
        if self.cluster.binaries.major >= _RESERVED_SINCE:
            with self.cluster.guarded():
                self.cluster.admin.execute(
                    sql.SQL("GRANT pg_use_reserved_connections TO {}").format(sql.Identifier(login.role))
                )
        return login

    def _make_login(self, role: str) -> Login:
        password = random_password()
        log_start = self.cluster.log_file.stat().st_size
        names = {"role": sql.Identifier(role), "owner": sql.Identifier(self.owner)}
        with self.cluster.guarded():
            self.cluster.admin.execute(
                sql.SQL(
                    "CREATE ROLE {role} LOGIN PASSWORD {password} CONNECTION LIMIT {limit} IN ROLE {owner};"
                    "ALTER ROLE {role} SET role = {owner}"
                ).format(
                    password=sql.Literal(scram_verifier(password)),
                    limit=sql.Literal(_CONNECTIONS_OF_A_LOGIN),
                    **names,
                )
            )
        return Login(role=role, password=password, database=self.name, log_start=log_start)

    def _roles(self) -> Sequence[str]:
        found = self.cluster.admin.execute(
            "SELECT rolname FROM pg_roles WHERE rolname ~ ('^' || %s || '(_[0-9]+)?$') ORDER BY rolname DESC",
            [self.name],
        )
        return [str(role) for (role,) in found]

    def _sessions(self) -> int:
        with self.cluster.guarded():
            row = self.cluster.admin.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename <> 'postgres'",
                [self.name],
            ).fetchone()
        return int(row[0]) if row else 0


def create_database(cluster: Cluster, name: str = "") -> Database:
    """An empty database, for a template to be built in; under a random name when none is given."""
    database = Database(cluster, name or _random_name())
    return _create(database, "template1", "ALTER SCHEMA public OWNER TO {name}")


def clone_database(cluster: Cluster, template: str, *, bulk: bool = False) -> Database:
    """A run's database under a random name: a template's copy, whose objects belong to a role of its own.

    Costs 20 ms, and 0.3 ms for each megabyte. `bulk` leaves what statements do inside out of the log (immediate
    foreign-key checks, functions), for checks that write thousands of rows: such a database is judged by its counters.
    Deferred checks, which are Django's, run outside of any statement, and are logged all the same: 40 µs to read each.
    """
    database = Database(cluster, _random_name(), bulk=bulk)
    return _create(database, template, "REASSIGN OWNED BY {template} TO {name}")


def drop_leftovers(cluster: Cluster, besides: Collection[str] = ()) -> int:
    """Drop every run's database, and every role without one: what a process that was killed left behind.

    For between two runs. `besides` are databases that stay, with their roles. Returns how many names were found.
    """
    with cluster.guarded():
        found = cluster.admin.execute(_RUN_NAMES).fetchall()
    left = [str(name) for (name,) in found if name not in besides]
    for name in left:
        Database(cluster, name).drop()
    return len(left)


def _random_name() -> str:
    return "d" + secrets.token_hex(10)


def _create(database: Database, template: str, hand_over: LiteralString) -> Database:
    names = {"name": sql.Identifier(database.name), "template": sql.Identifier(template)}
    cluster = database.cluster
    statements = [*_CREATE, *(_BULK if database.bulk else ())]
    try:
        with cluster.guarded():
            for statement in statements:
                cluster.admin.execute(sql.SQL(statement).format(**names))
            with cluster.connect_admin(database.name) as connection:
                connection.execute(sql.SQL(hand_over).format(**names))
    except BaseException:
        database.drop()
        raise
    return database


def _empty(admin: Connection, name: str) -> None:
    """Terminate all sessions and see them go; a drop that finds one sleeps for 100 ms."""
    deadline = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < deadline:
        if not admin.execute(_TERMINATE, [name]).fetchall():
            return
        time.sleep(0.001)


def _forced_drop(admin: Connection, name: str) -> None:
    """Drop with its sessions; a backend deep in its own work may take a moment to notice."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for attempt in range(3):
        try:
            admin.execute(statement)
        except psycopg.errors.ObjectInUse:
            if attempt == 2:
                raise
        else:
            return
