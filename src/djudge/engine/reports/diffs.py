"""The submitted change as lines with their numbers, from unified diffs that hold hostile text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from djudge.engine.reports.document import PlaceFacts
from djudge.engine.reports.safe_text import line

LINES: Final = 1_500
COLUMNS: Final = 400

_HUNK: Final = re.compile(r"@@ -(\d{1,7})(?:,\d+)? \+(\d{1,7})(?:,\d+)? @@")
_KINDS: Final[Mapping[str, Literal["added", "removed", "kept"]]] = {"+": "added", "-": "removed", " ": "kept"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line: `old` and `new` are its numbers before and after, where it is there."""

    kind: Literal["hunk", "added", "removed", "kept", "note"]
    text: str
    old: int | None = None
    new: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcerptLine:
    """A line of the submission as it is now; `meant` is the one that a finding points to."""

    number: int
    text: str
    meant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The neighbourhood of one or more places of a file."""

    file: str
    lines: tuple[ExcerptLine, ...]


def diff_lines(diff: str) -> tuple[DiffLine, ...]:
    """The lines of one file's diff without its head. What is not understood is skipped."""
    found: list[DiffLine] = []
    for each in _lines(diff):
        if len(found) == LINES:
            found.append(DiffLine(kind="note", text=f"… only the first {LINES:,} lines are shown"))
            break
        found.append(each)
    return tuple(found)


def _lines(diff: str) -> Iterator[DiffLine]:
    old = new = 0
    inside = False
    for raw in diff.split("\n"):
        hunk = _HUNK.match(raw)
        if hunk:
            inside, old, new = True, int(hunk[1]), int(hunk[2])
            yield DiffLine(kind="hunk", text=hunk.group())
        elif inside and raw[:1] in _KINDS:
            kind = _KINDS[raw[0]]
            yield DiffLine(
                kind=kind,
                text=_shown(raw[1:]),
                old=None if kind == "added" else old,
                new=None if kind == "removed" else new,
            )
            old, new = old + (kind != "added"), new + (kind != "removed")
        elif raw.startswith(("\\", "…")):
            yield DiffLine(kind="note", text=_shown(raw.lstrip("\\ ")))


def _shown(text: str) -> str:
    return line(text.removesuffix("\r").expandtabs(4), COLUMNS)


def changes(lines: Iterable[DiffLine]) -> tuple[int, int]:
    """How many lines were added and removed."""
    kinds = [each.kind for each in lines]
    return kinds.count("added"), kinds.count("removed")


def excerpts(
    places: Sequence[PlaceFacts], files: Mapping[str, Sequence[DiffLine]], *, around: int = 2, most: int = 3
) -> tuple[Excerpt, ...]:
    """The submitted lines around some places, as far as the diff shows them; near places share an excerpt."""
    found = []
    for file in dict.fromkeys(place.file for place in places):
        now = {each.new: each.text for each in files.get(file, ()) if each.new is not None}
        meant = {place.line for place in places if place.file == file and place.line in now}
        near = sorted({number for at in meant for number in range(at - around, at + around + 1)} & now.keys())
        for run in _runs(near):
            lines = tuple(ExcerptLine(number=number, text=now[number], meant=number in meant) for number in run)
            found.append(Excerpt(file=file, lines=lines))
    return tuple(found[:most])


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
