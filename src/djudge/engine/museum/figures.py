"""What was measured of an exhibit, as it is committed beside it: counts and plans, never seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from djudge.engine.errors import OperatorFault, TaskFault
from djudge.engine.museum.exhibits import FIGURES_FILE, Exhibit, Watched, exhibit_digest
from djudge.engine.packs.tree import pack_digest

SIZES: Final = ("S", "M")

#: Pages of a table lie a little differently where PostgreSQL is another build; rows and statements do not.
_BLOCKS_SHARE: Final = 0.1
_BLOCKS_LEAST: Final = 4

#: By how much the mend has to make the watched figure smaller where there is ten times the data.
LEAST_GAIN: Final = 2


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Node(_Facts):
    """One node of a plan with what it did: rows over all loops, blocks with those of its children."""

    depth: int
    type: str
    relation: str = ""
    index: str = ""
    rows: int
    expected: int
    removed: int = 0
    loops: int
    blocks: int
    spilled: int = 0
    asked: dict[str, str] = {}


class Shape(_Facts):
    """Statements of one shape: how often, and the text and plan of the one that touched most blocks."""

    sql: str
    count: int
    sent: int
    blocks: int
    plan: tuple[Node, ...]


class Side(_Facts):
    """What one version did: statements with a plan, rows sent to Django, rows and blocks read, blocks of disk spilled.

    `read` counts rows of tables and entries of indexes alike.
    """

    statements: int
    sent: int
    read: int
    blocks: int
    spilled: int
    shapes: tuple[Shape, ...]

    def figure(self, name: Watched) -> int:
        """One of the counts."""
        found: int = getattr(self, name)
        return found


class Measured(_Facts):
    """Both versions at one size. They gave the same answer, which had so many entries.

    `tables` says how many rows there were in the tables that they read.
    """

    tables: dict[str, int]
    answer: int
    slow: Side
    fast: Side


class Figures(_Facts):
    """`figures.json`: an exhibit as it was measured, and where."""

    format: Literal[1] = 1
    exhibit: str
    pack: str
    postgres: int
    django: str
    migration_sql: tuple[str, ...] = ()
    sizes: Mapping[str, Measured]


def figures_of(exhibit: Exhibit) -> Figures | None:
    """What is committed; None where nothing is. Raises TaskFault for a file that is none of ours."""
    file = exhibit.folder / FIGURES_FILE
    if not file.is_file():
        return None
    try:
        return Figures.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise TaskFault("These are no figures of an exhibit.", "Run `djudge museum --record`.", path=file) from error


def record(exhibit: Exhibit, figures: Figures) -> None:
    """Write the figures beside the exhibit."""
    file = exhibit.folder / FIGURES_FILE
    try:
        file.write_text(figures.model_dump_json(indent=1, exclude_defaults=True) + "\n", encoding="utf-8")
    except OSError as error:
        raise OperatorFault(f"{file} can't be written ({error.strerror}).", "Make the folder writable.") from error


def changed_since_measured(exhibit: Exhibit, figures: Figures | None) -> str:
    """Why the committed figures say nothing of the exhibit as it is now; empty where they do."""
    if figures is None:
        return "was never measured"
    if figures.exhibit != exhibit_digest(exhibit):
        return "has changed since it was measured"
    return "" if figures.pack == pack_digest(exhibit.pack) else "belongs to a pack that has changed since"


def faults(exhibit: Exhibit, figures: Figures) -> Iterator[str]:
    """Why an exhibit shows nothing: its mend has to make the watched figure smaller at the larger size, and none worse
    at the smaller one.
    """
    watch = exhibit.file.watch
    for size, measured in figures.sizes.items():
        slow, fast = measured.slow.figure(watch), measured.fast.figure(watch)
        if size == SIZES[-1] and fast * LEAST_GAIN > slow:
            yield f"{watch} at {size} are {slow} before and {fast} after: that is no mend"
        elif fast > slow:
            yield f"{watch} at {size} grow from {slow} to {fast}"
        if not measured.answer:
            yield f"the answer at {size} is empty"


def deviations(kept: Figures, found: Figures) -> Iterator[str]:
    """What was measured now and differs from what is committed. Statements and rows are the same everywhere, blocks
    nearly so; plans and what hangs on them are compared on the same major version of PostgreSQL only.
    """
    same = kept.postgres == found.postgres
    for size, now in found.sizes.items():
        before = kept.sizes.get(size)
        if before is None:
            yield f"{size} is not in the committed figures"
            continue
        if (before.answer, before.tables) != (now.answer, now.tables):
            yield f"the answer or the data at {size} is another one"
        for name in ("slow", "fast"):
            differing = _differing(getattr(before, name), getattr(now, name), same_server=same)
            yield from (f"{name} at {size}: {what}" for what in differing)


def _differing(before: Side, now: Side, *, same_server: bool) -> Iterator[str]:
    exact: tuple[Watched, ...] = ("statements", "sent", "read") if same_server else ("statements", "sent")
    for name in exact:
        if before.figure(name) != now.figure(name):
            yield f"{now.figure(name)} {name} instead of {before.figure(name)}"
    if not same_server:
        return
    for name in ("blocks", "spilled"):
        was, found = getattr(before, name), getattr(now, name)
        if abs(was - found) > max(_BLOCKS_LEAST, was * _BLOCKS_SHARE):
            yield f"{found} {name} instead of about {was}"
    if [_types(shape) for shape in before.shapes] != [_types(shape) for shape in now.shapes]:
        yield "the plan is another one"


def _types(shape: Shape) -> list[tuple[int, str, str]]:
    return [(node.depth, node.type, node.index) for node in shape.plan]
