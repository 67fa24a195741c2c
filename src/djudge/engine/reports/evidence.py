"""Observations as things that a page can show: plans as indented trees, HTTP exchanges, tables, places of the
text.

Read as leniently as measurements are: what a probe of another version wrote is shown as plain JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from djudge.engine.reports.matrices import READERS
from djudge.engine.reports.safe_text import shorten
from djudge.engine.values import Json

#: Kinds that have a form of their own; of the others the JSON is shown.
DRAWN: Final = frozenset({"growth", "statements", "exchange", "rows", "shape", *READERS})

_CHILDREN: Final = ("children", "plans", "nodes", "Plans")
_PLAN_LINES: Final = 60
_ROWS: Final = 50
_EXCHANGES: Final = 20
_CARDS: Final = 5
_COLUMNS: Final = 12
_BODY: Final = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A node of a plan: how deep, what it does, on what, and its counts."""

    depth: int
    what: str
    on: str
    counts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under columns, as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request of the judge and what the guest answered."""

    request: str
    status: str
    headers: tuple[tuple[str, str], ...]
    body: str
    cards: Table | None = None
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A name that the submitted text uses, and where."""

    name: str
    file: str
    line: int


def kind_of(value: Json) -> str:
    """What an observation says that it is."""
    return _word(value.get("kind")) if isinstance(value, dict) else ""


def plan_lines(plan: Json) -> tuple[PlanLine, ...]:
    """The nodes of a plan, top first, at most sixty."""
    return tuple(islice(_nodes(plan, 0), _PLAN_LINES))


def _nodes(plan: Json, depth: int) -> Iterator[PlanLine]:
    for node in plan if isinstance(plan, list) else [plan]:
        if not isinstance(node, dict):
            continue
        if "type" not in node and isinstance(node.get("nodes"), list):
            yield from _nodes(node["nodes"], depth)
            continue
        own = node.get("depth")
        level = own if isinstance(own, int) and 0 <= own <= 20 else depth
        yield PlanLine(
            depth=min(level, 12),
            what=_word(node.get("type", node.get("node"))) or "step",
            on=_relation(node),
            counts=_counts(node),
        )
        for key in _CHILDREN:
            yield from _nodes(node.get(key), level + 1)


def _relation(node: dict[str, Json]) -> str:
    relation, index = _word(node.get("relation")), _word(node.get("index"))
    return f"{relation} by {index}" if relation and index else relation or index


def _counts(node: dict[str, Json]) -> str:
    counts = ((node.get(name), name) for name in ("rows", "loops", "blocks"))
    told = [
        f"{value:,} {name if value != 1 else name[:-1]}"
        for value, name in counts
        if isinstance(value, int) and not (name == "loops" and value == 1)
    ]
    return ", ".join(told)


def exchanges(value: Json) -> tuple[Exchange, ...]:
    """The HTTP exchanges of an observation of kind `exchange`: one, or a list under `exchanges`."""
    if not isinstance(value, dict) or value.get("kind") != "exchange":
        return ()
    many = value.get("exchanges")
    each = many if isinstance(many, list) else [value]
    return tuple(_exchange(one) for one in each[:_EXCHANGES] if isinstance(one, dict))


def _exchange(one: dict[str, Json]) -> Exchange:
    request, answer = _object(one.get("request", one)), _object(one.get("answer", one))
    headers = answer.get("headers")
    cards = [card for card in _list(answer.get("cards")) if isinstance(card, dict)]
    if answer.get("type"):
        headers = [["content-type", answer["type"]]]
    return Exchange(
        cards=_table(cards, (), most=_CARDS) if cards else None,
        total=len(cards),
        request=f"{_word(request.get('method')) or 'GET'} {_word(request.get('target'))}".strip(),
        status=_word(answer.get("status")),
        headers=tuple(_headers(headers if isinstance(headers, list) else [])),
        body=shorten(_word(answer.get("body")), _BODY),
    )


def _headers(headers: list[Json]) -> Iterator[tuple[str, str]]:
    for header in headers[:20]:
        if isinstance(header, list) and len(header) == 2:
            yield _word(header[0]), _word(header[1])


def table(value: Json) -> Table | None:
    """An observation of kind `rows` as a table: `columns` and `rows` (lists, or objects keyed by column)."""
    if not isinstance(value, dict) or value.get("kind") != "rows" or not isinstance(value.get("rows"), list):
        return None
    rows = [row for row in _list(value.get("rows")) if isinstance(row, list | dict)]
    return _table(rows, [_word(column) for column in _list(value.get("columns"))], most=_ROWS)


def _table(rows: Sequence[list[Json] | dict[str, Json]], columns: Sequence[str], *, most: int) -> Table:
    keys = list(columns) or list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))
    return Table(
        columns=tuple(keys[:_COLUMNS]),
        rows=tuple(_row(row, keys[:_COLUMNS]) for row in rows[:most]),
        left_out=max(0, len(rows) - most),
    )


def _row(row: list[Json] | dict[str, Json], keys: list[str]) -> tuple[str, ...]:
    values = row[:_COLUMNS] if isinstance(row, list) else [row.get(key) for key in keys]
    return tuple(_word(value) for value in values)


def uses(value: Json) -> tuple[Use, ...]:
    """The places of an observation of kind `shape`."""
    if not isinstance(value, dict) or value.get("kind") != "shape":
        return ()
    found = []
    for use in _list(value.get("uses"))[:_ROWS]:
        if isinstance(use, dict):
            number = use.get("line")
            found.append(
                Use(
                    name=_word(use.get("name")),
                    file=_word(use.get("file")),
                    line=number if isinstance(number, int) else 0,
                )
            )
    return tuple(found)


def plain(value: Json) -> str:
    """Any observation as indented JSON, shortened."""
    return shorten(json.dumps(value, indent=2, ensure_ascii=False), _BODY)


def _word(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
