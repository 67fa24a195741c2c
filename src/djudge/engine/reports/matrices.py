"""Observations of several people or several runs as tables of short words: who waited, who was told what, what was
called, which broken implementations a suite caught.

Read as leniently as the other evidence: what is no observation of such a kind gives None, and never fails. Nothing is
judged here: a cell says what was seen, and is drawn stronger where more happened.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from djudge.engine.reports.safe_text import shorten
from djudge.engine.values import Json

#: How a cell is drawn: plain, as a bar (somebody waits), strong (something happened), ringed (refused), faint.
Look = Literal["", "waits", "strong", "ringed", "faint"]

_ROWS: Final = 60
#: What differs between addresses of things that are alike.
_IDS: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d+\b")
_TEXT: Final = 120
#: SQLSTATEs that say that somebody else was in the way (PostgreSQL's manual, appendix A).
_REFUSED: Final = {"40P01": "deadlock", "40001": "snapshot too old", "23505": "not unique", "23514": "check violated"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A short text and how it is drawn. The text alone says everything."""

    text: str
    look: Look = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A table with a caption; the first cell of each row names it. `note` says how to read it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    left_out: int = 0


def matrix(value: Json) -> Matrix | None:
    """The matrix of an observation of kind `race`, `access`, `changes`, `counts`, `uses` or `suite`; else None."""
    if not isinstance(value, dict):
        return None
    kind = value.get("kind")
    reader = READERS.get(kind) if isinstance(kind, str) else None
    return reader(value) if reader else None


def _race(value: Mapping[str, Json]) -> Matrix:
    racers = _objects(value.get("racers"))
    alike = Counter(tuple(_racer(racer)) for racer in racers)
    held = ", ".join(_text(one) for one in _list(value.get("held")))
    return _matrix(
        "At the same moment",
        ("People", f"While the judge held {held}" if held else "While a lock was held", "Then", "Answer"),
        ((Cell(f"{count} alike" if count > 1 else "1"), *cells) for cells, count in alike.items()),
        note=f"Of {len(racers)}, {_number(value.get('gathered'))} waited (the bar) or had answered when it was let go.",
    )


def _racer(racer: Mapping[str, Json]) -> Iterator[Cell]:
    waited = racer.get("waited") is True
    yield Cell("waited", "waits") if waited else Cell("answered without waiting", "faint")
    refused = racer.get("refused")
    told = [
        f"{_REFUSED.get(state, f'refused {state}')} ×{_number(times)}"
        for state, times in (sorted(refused.items()) if isinstance(refused, dict) else ())
    ]
    writes = _number(racer.get("writes"))
    wrote = f"{writes} write{'' if writes == 1 else 's'}" if writes else "wrote nothing"
    yield Cell(", ".join([wrote, *told]), "ringed" if told else "strong" if writes else "faint")
    leads = _IDS.sub("…", _text(racer.get("leads")))
    yield Cell(f"{_text(racer.get('status'))} {leads}".strip())


def _access(value: Mapping[str, Json]) -> Matrix:
    tried = _objects(value.get("attempts"))
    people = list(dict.fromkeys(_text(one.get("person")) for one in tried))
    doors: dict[tuple[str, str], dict[str, Cell]] = {}
    for one in tried:
        door = (_text(one.get("door")), _text(one.get("whose")))
        doors.setdefault(door, {})[_text(one.get("person"))] = _attempt(one)
    return _matrix(
        "Every door, by everybody",
        ("Door", *people),
        (
            (
                Cell(f"{door} · {whose}" if whose else door),
                *(cells.get(person, Cell("–", "faint")) for person in people),
            )
            for (door, whose), cells in doors.items()
        ),
        note="The status of the answer; “told” where words were in it that stand in that object alone.",
    )


def _attempt(one: Mapping[str, Json]) -> Cell:
    said = [_text(one.get("status"))]
    said += ["told"] if _list(one.get("told")) else []
    said += ["changed"] if one.get("changed") is True else []
    return Cell(", ".join(said), "strong" if len(said) > 1 else "")


def _changes(value: Mapping[str, Json]) -> Matrix:
    steps = _objects(value.get("steps"))
    return _matrix(
        "Changes that were tried, one after another",
        ("Step", "By", "Answer"),
        (
            (Cell(_text(one.get("step"))), Cell(_text(one.get("person"))), Cell(_text(one.get("status"))))
            for one in steps
        ),
    )


def _counts(value: Mapping[str, Json]) -> Matrix:
    counts = value.get("counts")
    return _matrix(
        "Statements, for little and for much",
        ("What", "Statements"),
        (
            (Cell(name), Cell(" → ".join(_text(one) for one in _list(pair)), "strong" if _grows(pair) else ""))
            for name, pair in (counts.items() if isinstance(counts, dict) else ())
        ),
    )


def _grows(pair: Json) -> bool:
    numbers = [_number(one) for one in _list(pair)]
    return len(numbers) > 1 and numbers[-1] - numbers[0] > 1


def _uses(value: Mapping[str, Json]) -> Matrix:
    return _matrix(
        "What was called, in this order",
        ("", "Call"),
        ((Cell(str(number)), Cell(_call(one))) for number, one in enumerate(_objects(value.get("uses")), 1)),
    )


def _call(one: Mapping[str, Json]) -> str:
    name, method = _text(one.get("of")), _text(one.get("method"))
    called = f"{name}.{method}" if method and method != "__call__" else name
    told = ["None" if argument is None else _text(argument) for argument in _list(_within(one.get("args"), "tuple"))]
    keywords = _list(_within(one.get("kwargs"), "dict"))
    told += [f"{_text(key)}={_text(each)}" for key, each in zip(keywords[::2], keywords[1::2], strict=False)]
    return f"{called}({', '.join(told)})"


def _within(value: Json, kind: str) -> Json:
    """What stands in a stored tuple, or in turn in a stored dict (`values.py` of the guest)."""
    return value.get(kind) if isinstance(value, dict) else value


def _suite(value: Mapping[str, Json]) -> Matrix:
    right = [_verdict("right", one) for one in _objects(value.get("right"))]
    broken = [_verdict("broken", one) for one in _objects(value.get("broken"))]
    return _matrix(
        "The tests over other implementations",
        ("Implementation", "It is", "The tests"),
        [*right, *broken],
        note="Right implementations have to pass; of the broken ones each has one mistake.",
    )


def _verdict(kind: str, one: Mapping[str, Json]) -> tuple[Cell, ...]:
    bad = _number(one.get("failed")) + _number(one.get("errors"))
    left = _text(one.get("left"))
    if left:
        told = Cell(f"never came to an end ({left})", "ringed")
    elif bad:
        words = f"{bad} of {_number(one.get('ran'))} failed"
        told = Cell(f"noticed: {words}", "strong") if kind == "broken" else Cell(words, "ringed")
    else:
        words = f"all {_number(one.get('ran'))} passed"
        told = Cell(f"not noticed: {words}", "ringed") if kind == "broken" else Cell(words, "strong")
    return Cell(_text(one.get("name"))), Cell(kind), told


#: By the kind that an observation says that it is.
READERS: Final[Mapping[str, Callable[[Mapping[str, Json]], Matrix]]] = {
    "race": _race,
    "access": _access,
    "changes": _changes,
    "counts": _counts,
    "uses": _uses,
    "suite": _suite,
}


def _matrix(caption: str, head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]], note: str = "") -> Matrix:
    every = list(rows)
    return Matrix(caption=caption, head=head, rows=tuple(every[:_ROWS]), note=note, left_out=max(0, len(every) - _ROWS))


def _objects(value: Json) -> list[dict[str, Json]]:
    return [one for one in _list(value) if isinstance(one, dict)]


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _text(value: Json) -> str:
    return (
        ""
        if value is None
        else shorten(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), _TEXT)
    )
