"""What was read of a résumé: lines of text with their places, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as somebody reads it. `page` counts from 1; a text processor's file has only page 1.
    On page 0 stands what a candidate typed in when they corrected what was read.

    `left`, `top`, `width`, `height` are fractions of the page (0 to 1, from its upper left corner), all 0 where the
    file has no places. `section` is the heading above it, as it stands there; empty above the first one.
    """

    page: int
    text: str
    section: str = ""
    left: float = 0.0
    top: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A résumé's lines in the order of reading, column by column. `unread` says in sentences what could not be read
    (a page that is a picture, a locked file); `pages` is how many there are."""

    lines: Sequence[Line]
    pages: int
    unread: Sequence[str] = ()

    @property
    def text(self) -> str:
        """All lines; a signal's position counts its characters from 0."""
        return "\n".join(line.text for line in self.lines)
