"""Statistics that are the same every time: from every row of a table, never from a sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from psycopg import sql

from djudge.engine.postgres.connections import Connection

#: ANALYZE reads 300 rows for each point of the statistics target; with fewer rows it reads all of them.
_ROWS_A_POINT: Final = 300
_DEFAULT_TARGET: Final = 100
_LARGEST_TARGET: Final = 10_000

_TABLES: Final = """
SELECT namespace.nspname, class.relname
FROM pg_class AS class JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE class.relkind IN ('r', 'm', 'p') AND class.relpersistence <> 't'
  AND namespace.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""

#: Written to since the clone was made, never analysed, or with a column or an indexed expression that has
#: none.
_STALE: Final = """
  AND (class.reltuples < 0
    OR coalesce((SELECT n_mod_since_analyze FROM pg_stat_all_tables WHERE relid = class.oid), 0) > 0
    OR class.reltuples > 0 AND EXISTS (
      SELECT FROM pg_attribute AS attribute
      WHERE (attribute.attrelid = class.oid OR attribute.attrelid IN (
          SELECT indexrelid FROM pg_index WHERE indrelid = class.oid AND indexprs IS NOT NULL))
        AND attribute.attnum > 0 AND NOT attribute.attisdropped
        AND (attribute.attrelid = class.oid OR 0 = (
          SELECT indkey[attribute.attnum - 1] FROM pg_index WHERE indexrelid = attribute.attrelid))
        AND NOT EXISTS (SELECT FROM pg_statistic
          WHERE starelid = attribute.attrelid AND staattnum = attribute.attnum)))
"""

_ORDER: Final = "ORDER BY namespace.nspname, class.relname"

type Table = tuple[str, str]


def all_tables(connection: Connection) -> tuple[Table, ...]:
    """Schema and name of every table of a database, read from its catalogs."""
    return _tables(connection, _TABLES + _ORDER)


def tables_without_statistics(connection: Connection) -> tuple[Table, ...]:
    """The tables whose statistics are missing or stale, read from catalogs and counters."""
    return _tables(connection, _TABLES + _STALE + _ORDER)


def analyze(connection: Connection, tables: Sequence[Table]) -> None:
    """Vacuum, freeze and analyse tables with all their rows as the sample.

    Runs as the tables' owner, never as superuser: what a candidate indexed may be an expression of theirs.
    """
    for schema, table in tables:
        name = sql.Identifier(schema, table)
        connection.execute(sql.SQL("VACUUM (FREEZE, DISABLE_PAGE_SKIPPING) {}").format(name))
        target = sql.Literal(_target(connection, schema, table))
        connection.execute(sql.SQL("SET default_statistics_target = {}").format(target))
        connection.execute(sql.SQL("ANALYZE {}").format(name))
    connection.execute("RESET default_statistics_target")


def _target(connection: Connection, schema: str, table: str) -> int:
    row = connection.execute(
        "SELECT class.reltuples FROM pg_catalog.pg_class AS class"
        " JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace"
        " WHERE namespace.nspname = %s AND class.relname = %s",
        [schema, table],
    ).fetchone()
    rows = max(0.0, row[0]) if row else 0.0
    return min(_LARGEST_TARGET, max(_DEFAULT_TARGET, math.ceil(rows / _ROWS_A_POINT)))


def _tables(connection: Connection, statement: str) -> tuple[Table, ...]:
    return tuple((str(schema), str(table)) for schema, table in connection.execute(statement.encode()))
