"""The tables of a database as its catalogs tell them: columns, keys, foreign keys, what has to be unique."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from djudge.engine.postgres.connections import Connection

_COLUMNS: Final = """
SELECT class.relname, attribute.attname, type.typname, type.typcategory,
  CASE WHEN type.typname = 'varchar' AND attribute.atttypmod > 4 THEN attribute.atttypmod - 4 END
FROM pg_catalog.pg_class AS class
JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = class.oid
JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid
WHERE class.relnamespace = 'public'::regnamespace AND class.relkind = 'r'
  AND attribute.attnum > 0 AND NOT attribute.attisdropped AND attribute.attgenerated = ''
ORDER BY class.relname, attribute.attnum
"""

#: A foreign key of several columns is none of Django's.
_FOREIGN: Final = """
SELECT class.relname, own.attname, target.relname, other.attname
FROM pg_catalog.pg_constraint AS found
JOIN pg_catalog.pg_class AS class ON class.oid = found.conrelid
JOIN pg_catalog.pg_class AS target ON target.oid = found.confrelid
JOIN pg_catalog.pg_attribute AS own ON own.attrelid = found.conrelid AND own.attnum = found.conkey[1]
JOIN pg_catalog.pg_attribute AS other ON other.attrelid = found.confrelid AND other.attnum = found.confkey[1]
WHERE found.contype = 'f' AND cardinality(found.conkey) = 1 AND class.relnamespace = 'public'::regnamespace
"""

#: Columns of an index stand in its key; those of an expression or a condition only among its dependencies.
_UNIQUE: Final = """
SELECT class.relname, index.indexrelid::bigint, index.indisprimary, attribute.attname
FROM pg_catalog.pg_index AS index
JOIN pg_catalog.pg_class AS class ON class.oid = index.indrelid
JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = index.indrelid AND attribute.attnum > 0
WHERE index.indisunique AND class.relnamespace = 'public'::regnamespace
  AND (attribute.attnum = ANY (index.indkey) OR index.indexprs IS NOT NULL AND EXISTS (
    SELECT FROM pg_catalog.pg_depend AS needed WHERE needed.objid = index.indexrelid
      AND needed.refobjid = index.indrelid AND needed.refobjsubid = attribute.attnum))
"""


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is PostgreSQL's name of the type, `category` its first letter there; `length` of a varchar."""

    name: str
    kind: str
    category: str
    length: int | None


@dataclass(frozen=True, slots=True)
class Foreign:
    """Where a foreign key leads."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its rows counted. `key` are the columns of the primary key, `uniques` it and all others."""

    name: str
    columns: Mapping[str, Column]
    key: frozenset[str]
    foreigns: Mapping[str, Foreign]
    uniques: Sequence[frozenset[str]]
    rows: int


def read_tables(connection: Connection) -> dict[str, Table]:
    """All tables of the schema `public`; a count for each."""
    columns: dict[str, dict[str, Column]] = {}
    for table, name, kind, category, length in connection.execute(_COLUMNS):
        columns.setdefault(table, {})[name] = Column(name, kind, category, length)
    foreigns: dict[str, dict[str, Foreign]] = {}
    for table, name, target, other in connection.execute(_FOREIGN):
        foreigns.setdefault(table, {})[name] = Foreign(target, other)
    uniques: dict[str, dict[int, set[str]]] = {}
    keys: dict[str, set[str]] = {}
    for table, index, primary, name in connection.execute(_UNIQUE):
        uniques.setdefault(table, {}).setdefault(index, set()).add(name)
        if primary:
            keys.setdefault(table, set()).add(name)
    return {
        table: Table(
            table,
            known,
            frozenset(keys.get(table, ())),
            foreigns.get(table, {}),
            tuple(frozenset(each) for each in uniques.get(table, {}).values()),
            count_rows(connection, table),
        )
        for table, known in columns.items()
    }


def count_rows(connection: Connection, table: str) -> int:
    """How many rows there are now."""
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0
