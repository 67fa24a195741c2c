"""More of the same data: each table's rows copied in SQL, as the project's own role, with new keys.

Django is not asked, so nothing of the project's own (signals, `save`) runs, and what it keeps beside the rows (counts,
search indexes) does not follow. What PostgreSQL refuses is left as it was and named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

import psycopg
from psycopg import sql

from djudge.engine.checking.copying import Recipe, Uncopied, in_order, names_a_row, other_value, recipe
from djudge.engine.checking.tables import Foreign, Table, count_rows, read_tables
from djudge.engine.postgres.connections import Connection
from djudge.engine.reports.check_document import UnmultipliedFacts

#: Bookkeeping of Django and of what is built on it: more of it would be another site, not more data.
_BOOKKEEPING: Final = frozenset(
    {
        "django_migrations",
        "django_content_type",
        "django_session",
        "django_admin_log",
        "django_site",
        "auth_permission",
        "auth_group",
        "auth_group_permissions",
        "wagtailcore_site",
        "wagtailcore_locale",
    }
)

#: How far copies have to be moved to lie beside their originals.
_DISTANCE: Final = "SELECT coalesce(ceil((max({c}) - min({c}))::numeric), 0) + 1 FROM {t}"
_DAYS: Final = "SELECT coalesce(ceil(extract(day FROM max({c}) - min({c}))::numeric), 0) + 1 FROM {t}"

#: A table with more rows than that shows its growth as it is.
_MOST_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Multiplied:
    """What became of it: rows in all tables before and after, and the tables that did not grow as they should."""

    before: int
    after: int
    left: tuple[UnmultipliedFacts, ...]


def multiply(connection: Connection, times: int, users: str) -> Multiplied:
    """Make `times` as many rows of everything but bookkeeping and the table of `users` with what hangs on it alone.

    One transaction with a savepoint for each table. Some seconds for some ten thousand rows.
    """
    return _Multiplying(connection, times, users).run()


class _Multiplying:
    def __init__(self, connection: Connection, times: int, users: str) -> None:
        self._connection = connection
        self._times = times
        self._tables = read_tables(connection)
        self._kept = {name for name in self._tables if name in _BOOKKEEPING or _is_of_users(name, users)}
        self._copied: set[str] = set()
        self._steps: dict[tuple[str, str], int] = {}
        self._styles: dict[tuple[str, str], str] = {}
        self._left: list[UnmultipliedFacts] = []

    def run(self) -> Multiplied:
        wanted = {name: table for name, table in self._tables.items() if name not in self._kept and table.rows}
        with self._connection.transaction():
            for table in in_order(wanted):
                self._try(table, wanted)
        after = sum(count_rows(self._connection, name) for name in self._tables)
        return Multiplied(sum(table.rows for table in self._tables.values()), after, tuple(self._left))

    def _try(self, table: Table, wanted: Collection[str]) -> None:
        try:
            if table.rows * self._times > _MOST_ROWS:
                raise Uncopied(f"{table.rows:,} rows are many as they are")
            made = self._copy(recipe(table, self._coming(wanted)))
        except Uncopied as error:
            self._leave(table, 0, str(error))
        except psycopg.Error as error:
            self._leave(table, 0, _reason(error))
        else:
            self._copied.add(table.name)
            if made < table.rows * (self._times - 1):
                self._leave(table, made, "the others would not be unique, or what they lead to was not copied")

    def _coming(self, wanted: Collection[str]) -> set[str]:
        """Tables that are copied, or may still be."""
        left = {each.table for each in self._left if not each.copies}
        return {name for name in wanted if name not in left}

    def _copy(self, how: Recipe) -> int:
        """The rows made. Keys are checked at once, so that what does not hold together is undone here."""
        table = how.table
        how = replace(how, varied=how.varied | self._names(table))
        for name in how.varied:
            self._learn(table, name)
        with self._connection.transaction():
            made = self._connection.execute(self._statement(how)).rowcount
            self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self._connection.execute("SET CONSTRAINTS ALL DEFERRED")
            for name in table.key:
                self._advance(table.name, name)
        return made

    def _names(self, table: Table) -> set[str]:
        """Columns that nothing forces to be unique, and by which pages find a single row all the same."""
        likely = (each for each in table.columns.values() if names_a_row(each) and each.name not in table.foreigns)
        return {each.name for each in likely if self._all_differ(table.name, each.name)}

    def _all_differ(self, table: str, name: str) -> bool:
        text = sql.SQL("SELECT count(*) = count(DISTINCT {}) FROM {}")
        row = self._connection.execute(text.format(sql.Identifier(name), sql.Identifier(table))).fetchone()
        return bool(row and row[0])

    def _statement(self, how: Recipe) -> sql.Composed:
        """All copies at once: a statement does not see the rows that it makes."""
        table = how.table
        values = [self._value(how, name) for name in table.columns]
        needed = [self._exists(table, name) for name in sorted(how.shifted) if not self._is_self(table, name)]
        return sql.SQL(
            "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {table} AS old "
            "CROSS JOIN generate_series(1, {copies}) AS k(k) WHERE {needed} ORDER BY k.k ON CONFLICT DO NOTHING"
        ).format(
            table=sql.Identifier(table.name),
            columns=sql.SQL(", ").join(map(sql.Identifier, table.columns)),
            values=sql.SQL(", ").join(values),
            copies=sql.Literal(self._times - 1),
            needed=sql.SQL(" AND ").join([sql.SQL("true"), *needed]),
        )

    def _value(self, how: Recipe, name: str) -> sql.Composable:
        table = how.table
        own = sql.Identifier("old", name)
        if name in how.varied:
            return self._other(table, name, own)
        if not self._moves(table, name):
            return own
        foreign = table.foreigns[name]
        other = self._other(self._tables[foreign.table], foreign.column, own)
        if name in how.shifted:
            return other
        along = sql.SQL("k.k % 2 = 1")
        if not self._is_self(table, name):
            along = sql.SQL("{} AND {}").format(along, self._exists(table, name))  # type: ignore[assignment]
        return sql.SQL("CASE WHEN {} THEN {} ELSE {} END").format(along, other, own)

    def _exists(self, table: Table, name: str) -> sql.Composable:
        """Whether what this foreign key leads to has the same copy; a key that leads nowhere needs none."""
        foreign, own = table.foreigns[name], sql.Identifier("old", name)
        if not self._moves(table, name):
            return sql.SQL("{} IS NULL").format(own)
        other = self._other(self._tables[foreign.table], foreign.column, own)
        return sql.SQL("({own} IS NULL OR EXISTS (SELECT FROM {table} AS led WHERE led.{column} = {other}))").format(
            own=own, table=sql.Identifier(foreign.table), column=sql.Identifier(foreign.column), other=other
        )

    def _moves(self, table: Table, name: str) -> bool:
        """Whether this is a foreign key to rows that have copies under keys of their own."""
        foreign = table.foreigns.get(name)
        if foreign is None or (foreign.table not in self._copied and foreign.table != table.name):
            return False
        source, column = self._source(self._tables[foreign.table], foreign.column)
        return (source.name, column) in self._steps

    def _other(self, table: Table, name: str, value: sql.Composable) -> sql.Composed:
        """Follows a key that is a foreign key itself to where its values come from."""
        source, column = self._source(table, name)
        key = (source.name, column)
        return other_value(source.columns[column], value, self._steps[key], self._styles[key])

    def _source(self, table: Table, name: str) -> tuple[Table, str]:
        foreign: Foreign | None = table.foreigns.get(name)
        while foreign is not None and foreign.table != table.name:
            table, name = self._tables[foreign.table], foreign.column
            foreign = table.foreigns.get(name)
        return table, name

    def _is_self(self, table: Table, name: str) -> bool:
        return table.foreigns[name].table == table.name

    def _learn(self, table: Table, name: str) -> None:
        """How far copies have to be from the originals in this column, and how its texts are marked."""
        column, known = table.columns[name], (table.name, name)
        text = column.kind in ("varchar", "text", "bpchar", "citext")
        self._steps[known] = 0 if text or column.kind == "uuid" else self._range(table.name, name, column.kind)
        self._styles[known] = self._style(table.name, name) if text else ""

    def _range(self, table: str, name: str, kind: str) -> int:
        text = _DAYS if kind.startswith("timestamp") else _DISTANCE
        row = self._connection.execute(sql.SQL(text).format(c=sql.Identifier(name), t=sql.Identifier(table))).fetchone()
        return int(row[0]) if row else 1

    def _style(self, table: str, name: str) -> str:
        """What copies of a text carry: nothing that its kind of name could not have."""
        looks = (("", "^[0-9]*$"), ("X", "^[A-Z0-9]*$"), ("x", "^[A-Za-z0-9]*$"), ("@", "@"))
        for style, pattern in looks:
            text = sql.SQL("SELECT coalesce(bool_and({}::text ~ {}), false) FROM {}")
            query = text.format(sql.Identifier(name), sql.Literal(pattern), sql.Identifier(table))
            row = self._connection.execute(query).fetchone()
            if row and row[0]:
                return style
        return "-"

    def _advance(self, table: str, name: str) -> None:
        """The next key of Django's own is free, too."""
        query = "SELECT pg_get_serial_sequence(quote_ident(%s), %s)"
        row = self._connection.execute(query, [table, name]).fetchone()
        if row and row[0]:
            text = sql.SQL("SELECT setval({}, (SELECT max({}) FROM {}))")
            self._connection.execute(text.format(sql.Literal(row[0]), sql.Identifier(name), sql.Identifier(table)))

    def _leave(self, table: Table, copies: int, reason: str) -> None:
        wanted = table.rows * (self._times - 1)
        self._left.append(
            UnmultipliedFacts(table=table.name, rows=table.rows, copies=copies, wanted=wanted, reason=reason)
        )


def _is_of_users(name: str, users: str) -> bool:
    """The table of users, and what joins it with groups and permissions."""
    joins: Iterable[str] = (f"{users}_groups", f"{users}_user_permissions")
    return bool(users) and (name == users or name in joins)


def _reason(error: psycopg.Error) -> str:
    """What PostgreSQL said against it."""
    if isinstance(error, psycopg.errors.CheckViolation):
        return f"a check of its own refuses copies ({error.diag.constraint_name})"
    return (error.diag.message_primary or type(error).__name__)[:300]
