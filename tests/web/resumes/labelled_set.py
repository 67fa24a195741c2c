"""The labelled résumés beside this, read: who wrote what, and which line shows which sign. How they are written is said
in `labelled/README.md`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from djudge.web.resumes.document import Document, Line
from djudge.web.resumes.signals import SIGNALS

FOLDER: Final = Path(__file__).parent / "labelled"
LAYOUTS: Final = ("single", "columns", "sidebar", "table", "dense", "docx", "docx-table")
#: What the ids of résumés begin with that were written later, and the part they belong to; see the README.
PARTS: Final = {"further": "tune", "unseen": "tune", "last": "late"}
#: Two blanks part the cells of a row, as the reader has them.
CELL: Final = "  "
_LABELS: Final = re.compile(r"\s\[([a-z~ -]+)\]$")


@dataclass(frozen=True, slots=True)
class Written:
    """One line of a résumé. `style`: "name", "heading", "title", "item", "text", "row"."""

    text: str
    style: str
    section: str
    labels: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Labelled:
    """One résumé with what people see in it. `signs` is "strong" or "weak" by a signal's id; others are not there."""

    id: str
    layout: str
    lines: Sequence[Written]
    unread: Sequence[str]
    signs: Mapping[str, str]

    @property
    def half(self) -> str:
        """By a hash of its id, so that nobody chose it; those written later say by their names where they belong."""
        if self.id.startswith(tuple(f"{name}-" for name in PARTS)):
            return PARTS[self.id.partition("-")[0]]
        return "tune" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "test"

    @property
    def document(self) -> Document:
        """As if it had been read without fault: a line for each paragraph, no places."""
        lines = tuple(Line(page=1, text=each.text, section=each.section) for each in self.lines)
        return Document(lines=lines, pages=1, unread=self.unread)

    def lines_that_show(self, signal: str) -> Sequence[Written]:
        """Those that a person would quote for it."""
        return [line for line in self.lines if any(label.rstrip("~") == signal for label in line.labels)]


@cache
def labelled() -> Sequence[Labelled]:
    """All, in the order of the files' names."""
    return tuple(
        _read(part) for path in sorted(FOLDER.glob("*.txt")) for part in path.read_text("utf-8").split("=== ")[1:]
    )


def _read(part: str) -> Labelled:
    head, *rest = part.strip().split("\n")
    name, layout = head.split(" · ")
    assert layout in LAYOUTS, f"{name}: {layout} is no layout"
    red: list[str] = []
    unread: list[str] = []
    while rest and rest[0].startswith(("red:", "unread:")):
        kind, _, says = rest.pop(0).partition(":")
        if kind == "red":
            red += says.split()
        else:
            unread.append(says.strip())
    lines = _lines(rest)
    return Labelled(name, layout, lines, unread, _signs(name, lines, red))


def _lines(texts: Sequence[str]) -> Sequence[Written]:
    section, lines = "", []
    for number, text in enumerate(texts):
        if not text.strip():
            continue
        match = _LABELS.search(text)
        labels = tuple(match.group(1).split()) if match else ()
        text = text[: match.start()] if match else text
        style = "name" if number == 0 else "text"
        if text.startswith("# ") and " | " in text:
            style, text = "row", text[2:].replace(" | ", CELL)
        elif text.startswith("# "):
            style, text = "heading", text[2:]
            section = text
        elif text.startswith(("## ", "### ")):
            style, text = "title", text.lstrip("# ")
        elif text.startswith(("- ", "* ", "• ")):
            style = "item"
        lines.append(Written(text.strip(), style, section, labels))
    return lines


def _signs(name: str, lines: Sequence[Written], red: Sequence[str]) -> Mapping[str, str]:
    """Of the résumé as a whole: one strong line is enough."""
    signs: dict[str, str] = {}
    for label in [*red, *(label for line in lines for label in line.labels)]:
        signal = label.rstrip("~")
        assert signal in SIGNALS, f"{name}: {signal} is no signal"
        if signs.get(signal) != "strong":
            signs[signal] = "weak" if label.endswith("~") else "strong"
    return signs
