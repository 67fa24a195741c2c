"""What somebody changed in a task's files, line by line, drawn as the reports draw it. The texts are hostile until
escaped; nothing of them is looked into."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from djudge.engine.packs.difference import unified
from djudge.engine.reports import diffs
from djudge.engine.reports.diffs import DiffLine
from djudge.engine.reports.safe_text import line
from djudge.web.grading import library
from djudge.web.grading.handing_in import Files

#: A longer file is cut off with a line that says so.
MOST_LINES: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A line of a file as it is now, without what would turn its reading round; whether it is new."""

    number: int
    text: str
    is_new: bool


def source(text: str, touched: Collection[int]) -> tuple[list[SourceLine], int]:
    """The lines of a text, and how many were left out at its end."""
    every = text.removesuffix("\n").split("\n")
    shown = [
        SourceLine(number=number, text=line(each.expandtabs(4), diffs.COLUMNS), is_new=number in touched)
        for number, each in enumerate(every[:MOST_LINES], 1)
    ]
    return shown, max(0, len(every) - MOST_LINES)


def shown_name(path: str) -> str:
    """A path on one line, without what would turn its reading round."""
    return line(path, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One changed file, with its name as it may be shown: the lines that differ with some around them, and how many
    were put in and taken out."""

    path: str
    name: str
    is_new: bool
    is_deleted: bool
    lines: Sequence[DiffLine]

    @property
    def counted(self) -> tuple[int, int]:
        """How many lines were put in, and how many taken out."""
        return diffs.changes(self.lines)

    @property
    def touched(self) -> frozenset[int]:
        """The numbers of lines that are new in the present text."""
        return frozenset(each.new for each in self.lines if each.kind == "added" and each.new is not None)


def changes(task: str, files: Files) -> list[Change]:
    """The changed files of a task against its start, by name. Some milliseconds, whatever the texts are."""
    return list(_changes(library.workspace(task).files, files))


def _changes(start: Files, files: Files) -> Iterator[Change]:
    for path in sorted(files):
        before, now = start.get(path), files[path]
        yield Change(
            path=path,
            name=shown_name(path),
            is_new=before is None,
            is_deleted=now is None,
            lines=diffs.diff_lines(unified(path, _bytes(before), _bytes(now))),
        )


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "replace")
