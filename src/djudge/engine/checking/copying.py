"""How one table is copied: which columns get other values in copy number k, and by what rule.

Copies are of two kinds in turn. One goes *along*: its foreign keys lead to the same copy of what they led to, so that
lists grow with all that belongs to their rows. The other stays *beside*: its foreign keys lead where they led, so that
what belongs to a single object becomes more. What has to be unique is varied in both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from djudge.engine.checking.tables import Column, Table

#: Columns by which libraries keep trees as numbers and paths: copies of rows are no copy of a tree.
_TREES: Final = (
    frozenset({"lft", "rght", "tree_id", "level"}),
    frozenset({"lft", "rgt", "tree_id", "depth"}),
    frozenset({"path", "depth", "numchild"}),
)

#: What can be counted up: integers and moments.
_STEPS: Final = {
    "int2": "{value} + {k} * {step}",
    "int4": "{value} + {k} * {step}",
    "int8": "{value} + {k} * {step}",
    "numeric": "{value} + {k} * {step}",
    "date": "{value} + {k}::int * {step}::int",
    "timestamptz": "{value} + {k} * {step} * interval '1 day'",
    "timestamp": "{value} + {k} * {step} * interval '1 day'",
}
_TEXTS: Final = frozenset({"varchar", "text", "bpchar", "citext"})

_NAMES: Final = re.compile("^code$|(?:^|_)(?:slug|uuid|guid|token|secret_key)$")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a table is copied. `shifted` foreign keys follow their copies always, `varied` columns get new values."""

    table: Table
    varied: frozenset[str]
    shifted: frozenset[str]


class Uncopied(Exception):
    """Why a table can't be copied, in words for its owner."""


def recipe(table: Table, copied: Collection[str]) -> Recipe:
    """The rule for a table, when these others are copied. Raises Uncopied."""
    if any(tree <= table.columns.keys() for tree in _TREES):
        raise Uncopied("its rows are a tree, kept in numbers or paths")
    shifted: set[str] = set()
    varied: set[str] = set()
    for unique in sorted(table.uniques, key=sorted):
        free = {name for name in unique if name not in table.foreigns and can_vary(table.columns[name])}
        if free:
            varied |= free
        else:
            shifted.update(_keys_to_shift(table, unique, copied))
    return Recipe(table, frozenset(varied), frozenset(shifted))


def can_vary(column: Column) -> bool:
    """Whether another value can be made from one of this column."""
    return column.kind in _STEPS or column.kind in _TEXTS or column.kind == "uuid"


def names_a_row(column: Column) -> bool:
    """Whether a column is called as those are by which rows stand in addresses."""
    return bool(_NAMES.search(column.name)) and (column.kind in _TEXTS or column.kind == "uuid")


def _keys_to_shift(table: Table, unique: frozenset[str], copied: Collection[str]) -> Iterable[str]:
    """Of foreign keys that are unique together all but one follow their copies; the first one if all others stay."""
    movable = sorted(name for name in unique if name in table.foreigns and table.foreigns[name].table in copied)
    if not movable:
        told = ", ".join(sorted(unique))
        raise Uncopied(f"{told} must be unique, and leads to what is not copied")
    return movable[1:] if len(movable) > 1 and len(movable) == len(unique) else movable


def other_value(column: Column, value: sql.Composable, step: int, style: str) -> sql.Composed:
    """The value of copy `k.k` for one of the original's. The same for a key and for whatever refers to it."""
    k = sql.SQL("k.k")
    if column.kind == "uuid":
        return sql.SQL("md5({value}::text || '/' || {k})::uuid").format(value=value, k=k)
    if column.kind in _STEPS:
        text = _STEPS[column.kind]
        return sql.SQL(text).format(value=value, k=k, step=sql.Literal(step))
    return _other_text(column, value, style)


def _other_text(column: Column, value: sql.Composable, style: str) -> sql.Composed:
    """With a mark that fits what the column holds: before an e-mail address, after all else, within the length."""
    mark = sql.SQL("({style} || k.k)").format(style=sql.Literal("copy" if style == "@" else style))
    if style == "@":
        whole = sql.SQL("{mark} || '.' || {value}").format(mark=mark, value=value)
        return whole if column.length is None else sql.SQL("left({}, {})").format(whole, sql.Literal(column.length))
    whole = sql.SQL("{value} || {mark}").format(value=value, mark=mark)
    if column.length is not None:
        hashed = _hashed(column.length, value, style)
        whole = sql.SQL("CASE WHEN length({whole}) <= {length} THEN {whole} ELSE {hashed} END").format(
            whole=whole, length=sql.Literal(column.length), hashed=hashed
        )
    return sql.SQL("CASE WHEN {value} = '' THEN '' ELSE {whole} END").format(value=value, whole=whole)


def _hashed(length: int, value: sql.Composable, style: str) -> sql.Composed:
    """For a text that is as long as its column already: another one, of the same kind of characters."""
    text = sql.SQL("left(md5({value} || '/' || k.k), {length})").format(value=value, length=sql.Literal(length))
    if style == "":
        return sql.SQL("translate({}, 'abcdef', '012345')").format(text)
    return sql.SQL("upper({})").format(text) if style == "X" else text


def in_order(tables: Mapping[str, Table]) -> list[Table]:
    """Tables after those that they lead to, as far as there are no circles."""
    ordered: list[Table] = []
    open_: set[str] = set()
    done: set[str] = set()

    def visit(name: str) -> None:
        if name in done or name in open_ or name not in tables:
            return
        open_.add(name)
        for foreign in tables[name].foreigns.values():
            visit(foreign.table)
        open_.discard(name)
        done.add(name)
        ordered.append(tables[name])

    for name in sorted(tables):
        visit(name)
    return ordered
