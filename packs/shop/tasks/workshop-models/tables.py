"""SH1: what the database refuses, tried by SQL as a plain member of its owner, in whatever tables a submission has.

Nobody says which table is which. They are known by what lies in them: the words, addresses and moments of the fair,
and by what they refer to. Everything that is tried is rolled back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.errors import CheckViolation, ExclusionViolation, UniqueViolation

from djudge.engine.run import Connection
from djudge.engine.values import Json

TEXTS: Final = ("text", "character varying", "character")
DOCUMENTS: Final = ("json", "jsonb")
WHOLE: Final = ("smallint", "integer", "bigint")
NUMBERS: Final = (*WHOLE, "numeric", "real", "double precision")
MOMENTS: Final = ("timestamp with time zone", "timestamp without time zone")

#: Things that others refer to by a key, so that their names stand once.
NAMED: Final = ("theme", "workshop", "label")

CATALOGUE: Final = "catalogue"
MAKERS: Final = "catalogue_brand"

#: Rows of a table that are copied, and tables that are looked at.
_SAMPLES: Final = 3
_TABLES: Final = 40

_COLUMNS: Final = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL), a.atthasdef OR a.attidentity <> '', a.attgenerated <> ''
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum
"""
_KEYS: Final = """
SELECT r.relname, c.contype, f.relname,
  array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey))
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
LEFT JOIN pg_class f ON f.oid = c.confrelid
WHERE n.nspname = 'public' AND c.contype IN ('p', 'f') ORDER BY c.oid
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `filled`: the database has a value for it where none is given."""

    name: str
    type: str
    filled: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table, with whether it is the submission's own. Generated columns are left out."""

    name: str
    own: bool
    columns: tuple[Column, ...]
    primary: tuple[str, ...]
    foreign: Mapping[str, str]

    def of_type(self, *types: str) -> list[Column]:
        """Columns that hold a fact of their own."""
        return [one for one in self.columns if one.type in types and one.name not in self.foreign]

    def refers(self, to: Collection[str]) -> bool:
        """Whether a row belongs to one of those."""
        return any(table in to for table in self.foreign.values())


@dataclass(frozen=True, slots=True)
class Facts:
    """What the judge has put there, by what it is."""

    themes: Sequence[str]
    workshops: Sequence[str]
    labels: Sequence[str]
    people: Sequence[str]
    starts: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Number:
    """A number that must not fall below zero: where it is found, and what it is now."""

    name: str
    beside: str | datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class Names:
    """What is to be called otherwise: some where the name is a whole value, some wherever it occurs.

    The first are left alone inside lists and documents, where a table has no fact of its own.
    """

    whole: Mapping[str, str]
    anywhere: Mapping[str, str]


def tables_of(connection: Connection, apps: Collection[str]) -> list[Table]:
    """The submission's tables, which none of the shop's apps has, and the catalogue's: a label may be a tag of it."""
    columns: dict[str, list[Column]] = {}
    for table, name, type_, filled, generated in connection.execute(_COLUMNS):
        if (_app(table) == CATALOGUE or _app(table) not in apps) and not generated:
            columns.setdefault(table, []).append(Column(name, type_, filled))
    primary: dict[str, tuple[str, ...]] = {}
    foreign: dict[str, dict[str, str]] = {}
    for table, kind, to, names in connection.execute(_KEYS):
        if kind == "p":
            primary[table] = tuple(names)
        elif len(names) == 1:
            foreign.setdefault(table, {})[names[0]] = to
    return [
        Table(name, _app(name) not in apps, tuple(of_table), primary.get(name, ()), foreign.get(name, {}))
        for name, of_table in sorted(columns.items())[:_TABLES]
    ]


def once(connection: Connection, tables: Sequence[Table], facts: Facts) -> list[Json]:
    """For each kind of thing: the tables in which it stands, and what came of writing it there a second time."""
    places = _Places(connection, tables, facts)
    rows: list[Json] = [
        [thing, table.name, answer]
        for thing, found in places.found.items()
        for table in found
        for answer in sorted(set(_copied(connection, table, places.identity(table))))
    ]
    return [*rows, *places.doubles()]


def below_zero(connection: Connection, tables: Sequence[Table], numbers: Sequence[Number]) -> list[Json]:
    """For each number: the columns in which it stands, and what came of writing one below zero there."""
    return [
        [number.name, f"{table.name}.{column.name}", _lowered(connection, table, beside, column, number)]
        for number in numbers
        for table in tables
        for beside in _holding(connection, table, number.beside)
        for column in table.of_type(*NUMBERS)
        if _stands(connection, table, beside, column, number)
    ]


def rename(connection: Connection, tables: Sequence[Table], names: Names) -> None:
    """Other names in all columns of text, in one transaction: keys that are words change together."""
    with connection.transaction():
        connection.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in tables:
            for column in table.columns:
                if column.type in (*TEXTS, *DOCUMENTS):
                    _rename(connection, table, column, names)


class _Places:
    """Which table holds what."""

    def __init__(self, connection: Connection, tables: Sequence[Table], facts: Facts) -> None:
        self._connection = connection
        self._facts: dict[str, Sequence[str] | Sequence[datetime]] = {
            "theme": facts.themes,
            "workshop": facts.workshops,
            "label": facts.labels,
            "date": facts.starts,
            "booking": facts.people,
        }
        self._columns = {
            (thing, table.name): _columns_with(connection, table, values)
            for thing, values in self._facts.items()
            for table in tables
        }
        self.found = self._found(tables)

    def identity(self, table: Table) -> set[str]:
        """The columns that say which one a row is: keys of others, and the names that the judge knows."""
        known = {column for (_, name), columns in self._columns.items() if name == table.name for column in columns}
        return {*table.foreign, *known}

    def doubles(self) -> Iterator[Json]:
        """Names that stand in several rows already, where each should be one thing that others refer to."""
        for (thing, table), columns in self._columns.items():
            for column in columns if thing in NAMED else []:
                statement = sql.SQL("SELECT count(*) - count(DISTINCT {0}) FROM public.{1} WHERE {0} = ANY(%s)")
                named = statement.format(sql.Identifier(column), sql.Identifier(table))
                row = self._connection.execute(named, [list(self._facts[thing])]).fetchone()
                if row and row[0]:
                    yield [thing, table, "stands there twice"]

    def _found(self, tables: Sequence[Table]) -> dict[str, list[Table]]:
        found = {thing: [table for table in tables if self._columns[thing, table.name]] for thing in self._facts}
        homes = {table.name for table in found["label"]}
        own = [table for table in tables if table.own]
        links = [table for table in own if table.refers(homes)]
        # Where labels belong to one workshop each, a label is the link.
        found["label of a workshop"] = links or [table for table in found["label"] if table.foreign]
        found["maker of a workshop"] = [table for table in own if table.refers([MAKERS])]
        people = {table.name for table in found["booking"]}
        found["booking"] += [table for table in own if table.refers(people)]
        return found


def _columns_with(connection: Connection, table: Table, values: Sequence[str] | Sequence[datetime]) -> list[str]:
    types = MOMENTS if isinstance(values[0], datetime) else TEXTS
    return [
        column.name
        for column in table.of_type(*types)
        if _count(connection, table, sql.SQL("{} = ANY(%s)").format(sql.Identifier(column.name)), [list(values)])
    ]


def _copied(connection: Connection, table: Table, identity: set[str]) -> Iterator[str]:
    """A few rows written again: the same thing, with all that may differ taken from another row."""
    rows = connection.execute(
        sql.SQL("SELECT ctid::text FROM {} ORDER BY ctid DESC LIMIT %s").format(_named(table)), [_SAMPLES + 1]
    ).fetchall()
    if not rows:
        yield "empty"
    for number, (row,) in enumerate(rows[:_SAMPLES]):
        other = rows[(number + 1) % len(rows)][0]
        yield _tried(connection, *_copy(table, identity, row, other), UniqueViolation, ExclusionViolation)


def _copy(table: Table, identity: set[str], row: str, other: str) -> tuple[sql.Composed, Sequence[Any]]:
    """An INSERT of a row's identity with everything else of the other row, and a key of its own where that may be."""
    names, values = [], []
    for column in table.columns:
        own_key = table.primary == (column.name,) and column.name not in identity
        if own_key and column.filled:
            continue
        names.append(sql.Identifier(column.name))
        if own_key and (key := _NEW_KEYS.get(column.type)):
            values.append(sql.SQL(key).format(sql.Identifier(column.name), _named(table)))
        else:
            source = "a" if column.name in identity or column.name in table.primary else "b"
            values.append(sql.SQL("{}.{}").format(sql.SQL(source), sql.Identifier(column.name)))
    comma = sql.SQL(", ")
    statement = sql.SQL(
        "INSERT INTO {0} ({1}) SELECT {2} FROM {0} a, {0} b WHERE a.ctid = %s::tid AND b.ctid = %s::tid"
    )
    return statement.format(_named(table), comma.join(names), comma.join(values)), [row, other]


_NEW_KEYS: Final[Mapping[str, Any]] = {
    "uuid": "gen_random_uuid()",
    **dict.fromkeys(WHOLE, "(SELECT max({}) + 1 FROM {})"),
    **dict.fromkeys(TEXTS, "left(md5(random()::text), 12)"),
}


def _lowered(connection: Connection, table: Table, beside: Column, column: Column, number: Number) -> str:
    statement = sql.SQL("UPDATE {} SET {} = -1 WHERE {} = %s").format(
        _named(table), sql.Identifier(column.name), sql.Identifier(beside.name)
    )
    return _tried(connection, statement, [number.beside], CheckViolation)


def _tried(
    connection: Connection, statement: sql.Composed, values: Sequence[Any], *refusals: type[psycopg.Error]
) -> str:
    """`refused` by such a constraint, `accepted`, or the SQLSTATE of another error. Leaves nothing behind."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            connection.execute(statement, values)
    except refusals:
        return "refused"
    except psycopg.Error as error:
        return error.sqlstate or "error"
    return "accepted"


def _holding(connection: Connection, table: Table, value: str | datetime) -> list[Column]:
    types = MOMENTS if isinstance(value, datetime) else TEXTS
    named = [(column, sql.SQL("{} = %s").format(sql.Identifier(column.name))) for column in table.of_type(*types)]
    return [column for column, is_it in named if _count(connection, table, is_it, [value])]


def _stands(connection: Connection, table: Table, beside: Column, column: Column, number: Number) -> bool:
    """Whether the number is in this column, as it is or in hundredths."""
    condition = sql.SQL("{} = %s AND {}::numeric IN (%s, %s)").format(
        sql.Identifier(beside.name), sql.Identifier(column.name)
    )
    return _count(connection, table, condition, [number.beside, number.value, number.value * 100]) > 0


def _count(connection: Connection, table: Table, condition: sql.Composed, values: Sequence[Any]) -> int:
    statement = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(_named(table), condition)
    row = connection.execute(statement, values).fetchone()
    return int(row[0]) if row else 0


def _rename(connection: Connection, table: Table, column: Column, names: Names) -> None:
    parts = {"table": _named(table), "column": sql.Identifier(column.name), "type": sql.SQL(column.type)}
    if column.type in TEXTS:
        for before, after in names.whole.items():
            # As an expression over the row: a constant that is too long for the column fails even where no row matches.
            replaced = sql.SQL("UPDATE {table} SET {column} = replace({column}, %s, %s) WHERE {column} = %s")
            connection.execute(replaced.format(**parts), [before, after, before])
    for before, after in names.anywhere.items():
        changed = sql.SQL("replace({column}::text, %s, %s)::{type}").format(**parts)
        found = sql.SQL("position(%s in {column}::text) > 0").format(**parts)
        statement = sql.SQL("UPDATE {table} SET {column} = {changed} WHERE {found}").format(
            changed=changed, found=found, **parts
        )
        connection.execute(statement, [before, after, before])


def _app(table: str) -> str:
    return table.partition("_")[0]


def _named(table: Table) -> sql.Identifier:
    return sql.Identifier("public", table.name)
