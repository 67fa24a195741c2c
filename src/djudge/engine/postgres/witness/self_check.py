"""Does this server write what the witness reads? Asked at each start, since a version may rename its functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import psycopg

from djudge.engine.errors import OperatorFault
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.connections import ARRANGE_OPTIONS, Connection
from djudge.engine.postgres.databases import Database, Login, create_database
from djudge.engine.postgres.witness.counters import Counters
from djudge.engine.postgres.witness.reading import Reading, Statement
from djudge.engine.postgres.witness.witness import Witness

_ARRANGED: Final = """
CREATE TABLE checked (id int PRIMARY KEY, parent int REFERENCES checked DEFERRABLE INITIALLY DEFERRED);
CREATE FUNCTION inner_read() RETURNS bigint LANGUAGE plpgsql AS
  'BEGIN RAISE LOG ''statement: SELECT forged''; RETURN (SELECT count(*) FROM checked); END';
INSERT INTO checked SELECT n, 1 FROM generate_series(1, 50) AS n;
"""


def self_check(cluster: Cluster) -> None:
    """Cause one event of each kind, as a guest would, and see what the witness makes of it; 50 ms.

    Raises OperatorFault where it does not: then nothing may be graded with these PostgreSQL programs.
    """
    database = create_database(cluster)
    try:
        login = database.login()
        witness = Witness(cluster)
        _prepare(database)
        _act(cluster, login)
        reading = witness.read(database, login)
        failed = [what for what, holds in _expectations(reading, witness.counters(database)) if not holds]
    finally:
        database.drop()
    if failed:
        raise OperatorFault(
            f"PostgreSQL {cluster.binaries.version} does not log what the witness reads: {'; '.join(failed)}.",
            "Unset DJUDGE_POSTGRES_BIN to use the programs that come with Djudge.",
        )


def _prepare(database: Database) -> None:
    with database.arrange() as connection:
        connection.execute(_ARRANGED)


def _act(cluster: Cluster, login: Login) -> None:
    with _connected(cluster, login) as connection:
        connection.execute("SELECT id FROM checked WHERE id <= 7")
        connection.execute("SELECT id FROM checked WHERE id <= %s", [5])
        connection.execute("SELECT inner_read()")
        connection.execute("INSERT INTO checked VALUES (100, 1)")
        connection.execute("SET application_name = 'statement: SELECT 1'")
        _swallow(connection, "SELECT 1 / (id - id) FROM checked")
        connection.execute("BEGIN; DECLARE c CURSOR FOR SELECT id FROM checked; FETCH 3 FROM c; ROLLBACK")


def _connected(cluster: Cluster, login: Login) -> Connection:
    return cluster.connect(user=login.role, password=login.password, database=login.database, options=ARRANGE_OPTIONS)


def _swallow(connection: Connection, statement: str) -> None:
    try:
        connection.execute(statement.encode())
    except psycopg.errors.DivisionByZero:
        return


def _expectations(reading: Reading, counters: Counters) -> Iterator[tuple[str, bool]]:
    def some(holds: Callable[[Statement], bool]) -> bool:
        return any(holds(statement) for statement in reading.statements)

    yield "a simple statement and its plan", some(lambda one: one.sql.endswith("<= 7") and one.rows == 7)
    yield "a prepared statement and its plan", some(lambda one: one.sql.endswith("<= $1") and one.rows == 5)
    yield "a plan inside a function", some(lambda one: one.nested and not one.constraint and one.rows == 1)
    yield "a foreign-key check", reading.constraint_checks == 1
    yield (
        "a utility statement",
        some(lambda one: one.kind == "utility" and one.shape.startswith("SET application")),
    )
    yield "an error", some(lambda one: (one.error or "").startswith("22012") and not one.measured)
    yield "a cursor without a plan", some(lambda one: one.kind == "fetch" and not one.measured)
    yield "no forged statement", not some(lambda one: "forged" in one.sql)
    table = counters.table("checked")
    yield "the counters", table is not None and table.seq_tup_read > 0
