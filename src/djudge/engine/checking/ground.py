"""What a check runs on: a throw-away PostgreSQL of ours, databases in it, a process of the project on each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from djudge.engine.checking.order import Order
from djudge.engine.checking.project import Project
from djudge.engine.checking.telling import About
from djudge.engine.folders import scratch_folder
from djudge.engine.identities import claim_identities
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Database, Login
from djudge.engine.postgres.witness.witness import Witness

#: Bulk work of ours would fill the witness' log.
_UNWATCHED: Final = (
    "ALTER DATABASE {name} SET log_statement = none",
    "ALTER DATABASE {name} SET auto_explain.log_min_duration = -1",
)
_WATCHED: Final = ("ALTER DATABASE {name} RESET ALL",)


@dataclass(frozen=True, slots=True)
class Ground:
    """A running cluster and a folder for what is thrown away."""

    cluster: Cluster
    folder: Path
    witness: Witness


@dataclass(frozen=True, slots=True)
class Site:
    """The project over one database, and the login that tells its statements from all others."""

    project: Project
    database: Database
    login: Login
    witness: Witness
    about: About


@contextmanager
def ground() -> Iterator[Ground]:
    """A cluster that is gone afterwards; 0.1 s, and a second once on a machine. Raises OperatorFault."""
    with ExitStack() as stack:
        identities = claim_identities()
        stack.callback(identities.release)
        folder = stack.enter_context(scratch_folder())
        cluster = Cluster(folder=folder, binaries=find_binaries(), identity=identities.server)
        stack.callback(cluster.stop)
        cluster.start()
        yield Ground(cluster, folder, Witness(cluster))


@contextmanager
def site(where: Ground, order: Order, database: Database) -> Iterator[Site]:
    """A process of the project on this database. Raises ProjectFault where it can't be loaded."""
    login = database.login()
    scratch = where.folder / database.name
    scratch.mkdir(exist_ok=True)
    settings = {
        "NAME": login.database,
        "USER": login.role,
        "PASSWORD": login.password,
        "HOST": str(where.cluster.socket_folder),
        "PORT": "5432",
    }
    with Project(order, settings, scratch) as project:
        yield Site(project, database, login, where.witness, project.start())


@contextmanager
def unwatched(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection for making rows, which the witness does not log."""
    _alter(database, _UNWATCHED)
    try:
        with database.arrange() as connection:
            connection.execute("SET statement_timeout = '600s'")
            yield connection
    finally:
        _alter(database, _WATCHED)


def _alter(database: Database, statements: tuple[str, ...]) -> None:
    with database.cluster.guarded():
        for statement in statements:
            text = sql.SQL(statement)
            database.cluster.admin.execute(text.format(name=sql.Identifier(database.name)))
