"""From rows of the database to documents: what was read, and what a candidate made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from djudge.web.resumes.document import Document, Line
from djudge.web.resumes.models import Correction, Reading
from djudge.web.resumes.reading.parts import LONGEST_ROW
from djudge.web.resumes.reading.texts import cleaned
from djudge.web.resumes.sentences import sentence

#: A heading and what stands below it.
type Section = tuple[str, str]


def read_of(reading: Reading) -> Document:
    """What was read of the file. Pure."""
    lines = tuple(_line(*each) for each in reading.content.get("lines", ()))
    gaps = tuple(sentence(*each) for each in reading.content.get("gaps", ()))
    return Document(lines=lines, pages=reading.content.get("pages", 0), unread=gaps)


def _line(page: int, text: str, section: str, left: float, top: float, width: float, height: float) -> Line:
    return Line(page=page, text=text, section=section, left=left, top=top, width=width, height=height)


def present_of(reading: Reading, correction: Correction | None) -> Document:
    """What holds: the candidate's words where they corrected something. Pure."""
    original = read_of(reading)
    return corrected(original, [(heading, text) for heading, text in correction.sections]) if correction else original


def corrected(original: Document, sections: Iterable[Section]) -> Document:
    """A document of these sections. Lines that stand in the file as well keep their place; others are on page 0, which
    is none: they were typed in. What could not be read stays said."""
    places: dict[str, list[Line]] = {}
    for line in reversed(original.lines):
        places.setdefault(line.text, []).append(line)
    lines = []
    for heading, text in sections:
        for each in _lines_of(heading, text):
            known = places.get(each)
            place = known.pop() if known else Line(page=0, text=each)
            lines.append(
                Line(
                    page=place.page, text=each, section=cleaned(heading), left=place.left, top=place.top,
                    width=place.width, height=place.height,
                )
            )  # fmt: skip
    return Document(lines=tuple(lines), pages=original.pages, unread=original.unread)


def _lines_of(heading: str, text: str) -> Iterable[str]:
    for line in (heading, *text.splitlines()):
        kept = cleaned(line)
        for start in range(0, len(kept), LONGEST_ROW):
            yield kept[start : start + LONGEST_ROW]


def sections_of(document: Document) -> Sequence[Section]:
    """Headings with their texts, to be corrected; the heading's own line is no part of its text."""
    found = []
    for heading, group in groupby(document.lines, key=lambda line: line.section):
        texts = [line.text for line in group]
        if heading and texts and is_heading_line(texts[0], heading):
            texts = texts[1:]
        found.append((heading, "\n".join(texts)))
    return found


def is_heading_line(text: str, heading: str) -> bool:
    """Whether a line is the heading itself, as it stands there."""
    return text.rstrip(" :") == heading.rstrip(" :")
