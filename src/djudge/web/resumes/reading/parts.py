"""What the readers hand each other: pieces of text with their places, rows of them, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

#: Raised whenever the same bytes may give another document than before.
VERSION: Final = 1

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_PAGES: Final = 30
MOST_CHARACTERS: Final = 60_000
MOST_ROWS: Final = 2000
LONGEST_ROW: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Text on one base line without a gap in it. In points from the upper left corner of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line in the order of reading. `flow` tells a side bar from the rest: each has sections of its own.

    `box` holds left, top, width and height as fractions of the page. `is_marked`: the file itself calls it a heading.
    """

    text: str
    page: int = 1
    flow: str = "main"
    size: float = 0.0
    bold: bool = False
    is_marked: bool = False
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be read; `djudge.web.resumes.sentences` says it in words."""

    what: str
    page: int = 0
    count: int = 0


@dataclass(slots=True, kw_only=True)
class Read:
    """What a reader found of a file."""

    pages: int = 0
    rows: list[Row] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


class UnreadableError(Exception):
    """Nothing of the file can be read; its own doing, and it says why as a `Gap`."""

    def __init__(self, what: str, count: int = 0) -> None:
        super().__init__(what)
        self.gap = Gap(what, count=count)


def written(read: Read, sections: Sequence[str], libraries: Iterable[str]) -> dict[str, Any]:
    """As JSON, for the way out of the process and into the database."""
    rows = zip(read.rows, sections, strict=True)
    return {
        "lines": [[row.page, row.text, section, *row.box] for row, section in rows],
        "pages": read.pages,
        "gaps": [[gap.what, gap.page, gap.count] for gap in read.gaps],
        "reader": " ".join([str(VERSION), *libraries]),
    }
