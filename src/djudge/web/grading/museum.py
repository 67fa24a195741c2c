"""The slow-query museum, for pages: exhibits with their mends and what was measured of both, read from their folders.

An exhibit that is added appears by itself: the folders are looked at anew whenever a file of theirs changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from djudge.engine.folders import packs_folder
from djudge.engine.museum.exhibits import Exhibit, discover_exhibits
from djudge.engine.museum.figures import SIZES, Measured, Node, Shape, changed_since_measured, figures_of
from djudge.engine.packs.diagnostics import Diagnostics

__all__ = ["CodeLine", "Comparison", "Count", "PlanRow", "Showing", "Sized", "Statement", "showing", "showings"]

#: The witness keeps so much of a statement.
_SQL_LENGTH: Final = 2_000

_CLAUSES: Final = re.compile(
    r" (FROM|INNER JOIN|LEFT OUTER JOIN|WHERE|GROUP BY|ORDER BY|LIMIT|OFFSET|UNION|SET|FETCH FIRST)(?= )"
)

#: Only guesses that are too low by so much are told: too high ones are ordinary below a LIMIT.
_FAR_OFF: Final = 5

#: Which counts there are, in the order in which a page tells them.
FIGURES: Final = ("statements", "sent", "read", "blocks", "spilled")


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of code, and whether the other version has it not."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A node of a plan as it is drawn. Bars are shares of a hundred, on one scale for both versions.

    `expected` is 0 where the planner's guess was good enough; `wasted` is what of the rows' bar was read in vain.
    """

    depth: int
    what: str
    on: str
    asked: Sequence[tuple[str, str]]
    rows: int
    removed: int
    loops: int
    blocks: int
    spilled: int
    expected: int
    rows_bar: float
    wasted_bar: float
    blocks_bar: float


@dataclass(frozen=True, slots=True)
class Statement:
    """Statements of one shape: the text of the costliest, how often, its plan."""

    sql: str
    count: int
    plan: Sequence[PlanRow]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One count of both versions at one size; bars are shares of a hundred of the larger."""

    size: str
    slow: int
    fast: int

    @property
    def slow_bar(self) -> float:
        """How long its bar is."""
        return _share(self.slow, max(self.slow, self.fast))

    @property
    def fast_bar(self) -> float:
        """How long its bar is."""
        return _share(self.fast, max(self.slow, self.fast))


@dataclass(frozen=True, slots=True)
class Count:
    """A count of both versions, at one size after the other. The watched one is what the exhibit is about."""

    figure: str
    is_watched: bool
    sizes: Sequence[Comparison]

    @property
    def largest(self) -> Comparison:
        """At the larger size."""
        return self.sizes[-1]


@dataclass(frozen=True, slots=True)
class Sized:
    """The statements of both versions at one size of the data, and how many entries the answer has that both gave."""

    size: str
    answer: int
    slow: Sequence[Statement]
    fast: Sequence[Statement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """An exhibit as pages show it. `stale` says why its figures are not of what it is now; empty where they are."""

    pack: str
    slug: str
    system: str
    title: str
    scene: str
    minutes: int
    level: int
    slow: Sequence[CodeLine]
    fast: Sequence[CodeLine]
    migration: str
    migration_sql: Sequence[str]
    cause: str
    hints: Sequence[str]
    why: str
    cost: str
    not_when: str
    listen: Sequence[str]
    follow_ups: Sequence[str]
    counts: Sequence[Count]
    tables: Sequence[tuple[str, Sequence[int]]]
    sizes: Sequence[Sized]
    postgres: int
    django: str
    stale: str

    @property
    def is_code_mended(self) -> bool:
        """Whether the code is another one afterwards, and not the schema alone."""
        return any(line.changed for line in (*self.slow, *self.fast))

    @property
    def largest(self) -> Sized:
        """At the larger size."""
        return self.sizes[-1]


def showings() -> Sequence[Showing]:
    """All exhibits that were measured, in the order of level and title. Tens of milliseconds once, then stat calls."""
    return tuple(_showings(_state()).values())


def showing(pack: str, slug: str) -> Showing:
    """One exhibit; KeyError where there is none such."""
    return _showings(_state())[(pack, slug)]


type _State = tuple[tuple[str, int], ...]


def _state() -> _State:
    root = packs_folder()
    files = [file for pattern in ("*/pack.toml", "*/museum/*/*") for file in root.glob(pattern) if file.is_file()]
    return tuple(sorted((str(file), file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=1)
def _showings(state: _State) -> dict[tuple[str, str], Showing]:
    found = [_showing(exhibit) for exhibit in discover_exhibits(packs_folder(), Diagnostics())]
    shown = sorted((each for each in found if each), key=lambda each: (each.level, each.title))
    return {(each.pack, each.slug): each for each in shown}


def _showing(exhibit: Exhibit) -> Showing | None:
    figures, file = figures_of(exhibit), exhibit.file
    if figures is None:
        return None
    slow, fast = _compared(exhibit.slow, exhibit.fast)
    return Showing(
        pack=exhibit.pack.name,
        slug=exhibit.slug,
        system=exhibit.pack.title,
        title=file.title,
        scene=file.scene,
        minutes=file.minutes,
        level=file.level,
        slow=slow,
        fast=fast,
        migration=exhibit.migration,
        migration_sql=figures.migration_sql,
        cause=file.cause,
        hints=file.hints,
        why=file.why,
        cost=file.cost,
        not_when=file.not_when,
        listen=file.listen,
        follow_ups=file.follow_ups,
        counts=list(_counts(figures.sizes, file.watch)),
        tables=[
            (name, [figures.sizes[size].tables[name] for size in SIZES]) for name in figures.sizes[SIZES[-1]].tables
        ],
        sizes=[_sized(size, figures.sizes[size]) for size in SIZES],
        postgres=figures.postgres,
        django=figures.django,
        stale=changed_since_measured(exhibit, figures),
    )


def _compared(slow: str, fast: str) -> tuple[list[CodeLine], list[CodeLine]]:
    before, after = slow.splitlines(), fast.splitlines()
    kept = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    same_before = {block.a + at for block in kept for at in range(block.size)}
    same_after = {block.b + at for block in kept for at in range(block.size)}
    return (
        [CodeLine(text, at not in same_before) for at, text in enumerate(before)],
        [CodeLine(text, at not in same_after) for at, text in enumerate(after)],
    )


def _counts(sizes: Mapping[str, Measured], watched: str) -> Iterator[Count]:
    """Without those that are nothing at every size."""
    for name in FIGURES:
        found = [Comparison(size, getattr(sizes[size].slow, name), getattr(sizes[size].fast, name)) for size in SIZES]
        if any(each.slow or each.fast for each in found):
            yield Count(name, name == watched, found)


def _sized(size: str, measured: Measured) -> Sized:
    nodes = [node for side in (measured.slow, measured.fast) for shape in side.shapes for node in shape.plan]
    rows, blocks = [node.rows + node.removed for node in nodes], [node.blocks for node in nodes]
    scale = max(rows, default=1), max(blocks, default=1)
    return Sized(
        size=size,
        answer=measured.answer,
        slow=[_statement(shape, scale) for shape in measured.slow.shapes],
        fast=[_statement(shape, scale) for shape in measured.fast.shapes],
    )


def _statement(shape: Shape, scale: tuple[int, int]) -> Statement:
    sql = _CLAUSES.sub(r"\n\1", shape.sql) + ("…" if len(shape.sql) >= _SQL_LENGTH else "")
    return Statement(sql, shape.count, [_row(node, scale) for node in shape.plan])


def _row(node: Node, scale: tuple[int, int]) -> PlanRow:
    most_rows, most_blocks = scale
    return PlanRow(
        depth=min(node.depth, 8),
        what=node.type,
        on=", ".join(name for name in (node.relation, node.index) if name),
        asked=tuple(node.asked.items()),
        rows=node.rows,
        removed=node.removed,
        loops=node.loops,
        blocks=node.blocks,
        spilled=node.spilled,
        expected=node.expected if node.rows >= _FAR_OFF * max(1, node.expected) else 0,
        rows_bar=_share(node.rows + node.removed, most_rows),
        wasted_bar=_share(node.removed, most_rows),
        blocks_bar=_share(node.blocks, most_blocks),
    )


def _share(count: int, most: int) -> float:
    """Of a hundred; what is there at all can be seen."""
    return round(max(0.6, 100 * count / most), 1) if count and most else 0.0
