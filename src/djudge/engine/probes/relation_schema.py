"""What PostgreSQL holds of relationships: keys, links, and where the judge's own words ended up.

The other half of the evidence for `relations`. The judge has put things with drawn names into the system, by the same
door as anybody; here it looks, as a plain member of the database's owner, in which tables and columns those names lie
now. Nothing of it depends on what the candidate called things, except that an integer named `brand_id` is held against
a table of brands. Framework tables are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import sql
from pydantic import BaseModel, ConfigDict

from djudge.engine.postgres.connections import Connection
from djudge.engine.values import Json

_TABLES: Final = 60
_COLUMNS: Final = 40
_ROWS: Final = 2_000
_LETTERS: Final = 4_000
_FACTS: Final = 100

_LISTED: Final = re.compile(r"\s*[,;|]\s*")
_INTEGERS: Final = ("smallint", "integer", "bigint")
_TEXTS: Final = ("text", "character varying", "character")
_LISTS: Final = ("json", "jsonb", "ARRAY")

_COLUMNS_OF: Final = """
SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
  AND c.table_name !~ '^(django|auth|authtoken|account|sessions)_'
ORDER BY c.table_name, c.ordinal_position
"""
_KEYS_OF: Final = """
SELECT c.conrelid::regclass::text, c.contype, coalesce(c.confrelid::regclass::text, ''),
  array(SELECT a.attname::text FROM unnest(c.conkey) k JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k)
FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE n.nspname = 'public' AND c.contype IN ('f', 'u', 'p')
UNION ALL
SELECT i.indrelid::regclass::text, 'u', '',
  array(SELECT a.attname::text FROM unnest(i.indkey::int2[]) k
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k)
FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE n.nspname = 'public' AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY 1, 2, 3, 4
"""

_VALUES: Final = """
SELECT left(value, %(letters)s) FROM (SELECT to_jsonb({column}) #>> '{{}}' AS value FROM ONLY public.{table}) AS found
WHERE EXISTS (SELECT FROM unnest(%(words)s::text[]) AS word WHERE position(word IN lower(value)) > 0)
LIMIT %(rows)s
"""


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Held(_Stored):
    """Where the words of a thing lie: `form` is `alone` (a word a value) or `joined` (several in one value).

    `rows` have such a value; `most` is how often the most frequent word stands alone.
    """

    thing: str
    table: str
    column: str
    form: str
    rows: int
    most: int


class Loose(_Stored):
    """A column whose values are keys of another table, and which is no foreign key; `listed`: several in one value."""

    table: str
    column: str
    to: str
    rows: int
    listed: bool


class Link(_Stored):
    """A table that refers to two others, and whether a pair can stand in it once only."""

    table: str
    columns: tuple[str, str]
    unique: bool


class Reference(_Stored):
    """A foreign key."""

    table: str
    column: str
    to: str


class RelationSchema(_Stored):
    """The whole observation, parsed."""

    references: tuple[Reference, ...]
    held: tuple[Held, ...]
    loose: tuple[Loose, ...]
    links: tuple[Link, ...]

    def refers(self, table: str, to: str) -> bool:
        """Whether one table has a foreign key to another."""
        return any(each.table == table and each.to == to for each in self.references)

    def linked(self, one: str, other: str) -> bool:
        """Whether two tables are joined by a foreign key on either side, or by a table between them."""
        between = {each.table for each in self.references if each.to == one}
        through = any(self.refers(table, other) for table in between)
        return self.refers(one, other) or self.refers(other, one) or through

    def homes(self, thing: str) -> list[str]:
        """The tables in which each word of a thing stands once."""
        return [each.table for each in self.held if each.thing == thing and each.form == "alone" and each.most == 1]


def read(connection: Connection, words: Mapping[str, Sequence[str]]) -> Json:
    """The facts, as an observation of kind `rows`. Some milliseconds a table; raises psycopg.Error."""
    with connection.transaction():
        # A function that the submission put into `public` under the name of one of PostgreSQL's would be called here.
        connection.execute("SET LOCAL search_path = pg_catalog")
        return _read(connection, words)


def _read(connection: Connection, words: Mapping[str, Sequence[str]]) -> Json:
    tables = _tables(connection)
    facts = _Reading(connection, tables, {thing: _lowered(each) for thing, each in sorted(words.items())})
    held, loose = list(facts.held())[:_FACTS], list(facts.loose())[:_FACTS]
    links = [link for table in tables.values() for link in table.links()][:_FACTS]
    references = [
        Reference(table=table.name, column=column, to=to) for table in tables.values() for column, to in table.foreign
    ]
    rows: list[Json] = [[each.thing, each.table, each.column, each.form, each.rows, each.most] for each in held]
    return {
        "kind": "rows",
        "columns": ["what", "table", "column", "form", "rows", "rows of one word"],
        "rows": rows,
        "references": [each.model_dump(mode="json") for each in references[:_FACTS]],
        "held": [each.model_dump(mode="json") for each in held],
        "loose": [each.model_dump(mode="json") for each in loose],
        "links": [each.model_dump(mode="json") for each in links],
    }


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: Mapping[str, str]
    foreign: tuple[tuple[str, str], ...]
    unique: tuple[frozenset[str], ...]
    primary: str

    def of_type(self, *types: str) -> list[str]:
        return [name for name, type_ in self.columns.items() if type_ in types]

    def links(self) -> Iterator[Link]:
        """Of a table that has keys to exactly two others: one that is in between."""
        if len(self.foreign) == 2 and self.foreign[0][1] != self.foreign[1][1]:
            one, two = (column for column, _ in self.foreign)
            yield Link(table=self.name, columns=(one, two), unique=any(each <= {one, two} for each in self.unique))

    def is_named(self, thing: str) -> bool:
        """Whether it is the table of a thing: `catalogue_brand` of “brand”."""
        return self.name == thing or self.name.endswith(f"_{thing}")


def _tables(connection: Connection) -> dict[str, _Table]:
    columns: dict[str, dict[str, str]] = {}
    for table, column, type_ in connection.execute(_COLUMNS_OF):
        of_table = columns.setdefault(table, {}) if len(columns) < _TABLES or table in columns else {}
        if len(of_table) < _COLUMNS:
            of_table[column] = type_
    keys = [(_unquoted(table), kind, _unquoted(to), tuple(names)) for table, kind, to, names in _keys(connection)]
    return {name: _table(name, found, keys) for name, found in columns.items()}


def _keys(connection: Connection) -> list[tuple[str, str, str, list[str]]]:
    return connection.execute(_KEYS_OF).fetchall()


def _unquoted(name: str) -> str:
    return name.removeprefix("public.").strip('"')


def _table(name: str, columns: Mapping[str, str], keys: Sequence[tuple[str, str, str, tuple[str, ...]]]) -> _Table:
    own = [(kind, to, names) for table, kind, to, names in keys if table == name]
    primary = next((names[0] for kind, _, names in own if kind == "p" and len(names) == 1), "")
    return _Table(
        name=name,
        columns=columns,
        foreign=tuple((names[0], to) for kind, to, names in own if kind == "f" and len(names) == 1),
        unique=tuple(frozenset(names) for kind, _, names in own if kind in ("u", "p") and names),
        primary=primary,
    )


def _lowered(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in words)


class _Reading:
    """Looks through the rows of tables, each column once."""

    def __init__(
        self, connection: Connection, tables: Mapping[str, _Table], words: Mapping[str, frozenset[str]]
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._words = words
        self._all = sorted(word for each in words.values() for word in each)
        self._keys: dict[str, frozenset[str]] = {}

    def held(self) -> Iterator[Held]:
        """Every column that holds words, in which form."""
        for table in self._tables.values():
            for column in table.of_type(*_TEXTS, *_LISTS):
                values = self._values(table.name, column, self._all)
                for thing, words in self._words.items():
                    yield from _held(thing, words, table.name, column, values)

    def loose(self) -> Iterator[Loose]:
        """Every column that holds keys of another table without being a foreign key."""
        for table in self._tables.values():
            foreign = {column for column, _ in table.foreign}
            for column in table.of_type(*_INTEGERS, *_TEXTS, *_LISTS):
                to = self._named_by(column, table)
                if to and column not in foreign:
                    yield from self._pointing(table, column, to)

    def _named_by(self, column: str, table: _Table) -> _Table | None:
        """The table that a column's name speaks of: `brand_id` and `brand_ids` of brands, `tags` of tags."""
        stem = re.sub(r"_?(ids?|pks?|list)$", "", column)
        others = [each for each in self._tables.values() if each is not table and each.primary]
        for thing in (stem, re.sub(r"s$", "", stem), re.sub(r"ies$", "y", stem)):
            found = [each for each in others if thing and each.is_named(thing)]
            if found:
                return min(found, key=lambda each: each.name)
        return None

    def _pointing(self, table: _Table, column: str, to: _Table) -> Iterator[Loose]:
        values = [_parts(value) for value in self._values(table.name, column)]
        numbers = [parts for parts in values if parts and all(part.isdecimal() for part in parts)]
        keys = self._keys_of(to)
        only_keys = len(numbers) == len([parts for parts in values if parts])
        if numbers and only_keys and all(part in keys for parts in numbers for part in parts):
            listed = any(len(parts) > 1 for parts in numbers)
            yield Loose(table=table.name, column=column, to=to.name, rows=len(numbers), listed=listed)

    def _keys_of(self, table: _Table) -> frozenset[str]:
        if table.name not in self._keys:
            self._keys[table.name] = frozenset(self._values(table.name, table.primary))
        return self._keys[table.name]

    def _values(self, table: str, column: str, holding: Iterable[str] = ("",)) -> list[str]:
        """The values of a column as texts, those that hold one of some words; as many as say enough."""
        query = sql.SQL(_VALUES).format(column=sql.Identifier(column), table=sql.Identifier(table))
        found = self._connection.execute(query, {"words": [*holding], "letters": _LETTERS, "rows": _ROWS})
        return [row[0] for row in found]


def _held(thing: str, words: frozenset[str], table: str, column: str, values: Sequence[str]) -> Iterator[Held]:
    alone = [value.strip().lower() for value in values if value.strip().lower() in words]
    if alone:
        most = max(alone.count(word) for word in set(alone))
        yield Held(thing=thing, table=table, column=column, form="alone", rows=len(alone), most=most)
    lists = [parts for value in values if len(parts := _parts(value)) > 0 and value.strip().lower() not in words]
    several = [parts for parts in lists if len(words & set(parts)) > 1]
    if several:
        yield Held(thing=thing, table=table, column=column, form="joined", rows=len(several), most=0)


def _parts(value: str) -> list[str]:
    """The entries of a list that was written into one value: with commas, or as JSON."""
    try:
        content = json.loads(value)
    except (ValueError, RecursionError):
        return [part for part in _LISTED.split(value.strip().strip("[]{}()").lower()) if part]
    return [*_entries(content)]


def _entries(content: object) -> Iterator[str]:
    if isinstance(content, list):
        for each in content:
            yield from _entries(each)
    elif isinstance(content, dict):
        for each in content.values():
            yield from _entries(each)
    elif isinstance(content, str | int) and not isinstance(content, bool):
        yield str(content).strip().strip("'\"").lower()
