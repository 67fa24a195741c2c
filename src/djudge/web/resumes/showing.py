"""A document as the team's page shows it: in blocks, with places in words and drawn, and without who it is of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from djudge.web.resumes import signals
from djudge.web.resumes.blinding import Hidden, hidden, hidden_in
from djudge.web.resumes.document import Document, Line
from djudge.web.resumes.documents import is_heading_line
from djudge.web.resumes.models import Answer, Correction


@dataclass(frozen=True, slots=True)
class Part:
    """Some text, or what kind of text stands hidden in its place."""

    text: str
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with its number in the document, and its place where that changes."""

    number: int
    parts: Sequence[Part]
    place: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where lines stand on a page: boxes in hundredths of its width."""

    page: int
    boxes: Sequence[tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines below one heading."""

    heading: Sequence[Part]
    lines: Sequence[Shown]
    sheets: Sequence[Sheet]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as it is shown, with its place."""

    parts: Sequence[Part]
    place: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A signal, what it says of this résumé, what to ask, and what somebody answered; `is_old` where that was about
    another text. `form` holds what somebody typed and could not be taken."""

    signal: signals.Signal
    finding: signals.Finding
    quotes: Sequence[Quoted]
    answer: Answer | None
    note: Sequence[Part]
    is_old: bool
    form: Any = None

    @property
    def state(self) -> str:
        """In words."""
        return _WORDS[self.finding.state]()


_WORDS = {
    signals.State.FOUND: lambda: _("found"),
    signals.State.NOT_FOUND: lambda: _("not found"),
    signals.State.COULD_NOT_READ: lambda: _("could not read"),
}


class Showing:
    """One document on one page; `name` is given where it is to be hidden."""

    def __init__(self, document: Document, *, name: str = "") -> None:
        self._document, self._name = document, name
        self._text = document.text
        self._hidden = hidden(document, name=name) if name else ()
        self._starts = list(_starts(document.lines))

    def blocks(self) -> list[Block]:
        """The whole text. Pure; some milliseconds."""
        found = []
        numbered = enumerate(self._document.lines)
        for heading, group in groupby(numbered, key=lambda each: each[1].section):
            lines = list(group)
            parts: Sequence[Part] = self.plain(heading)
            if heading and is_heading_line(lines[0][1].text, heading):
                parts = self._line(lines[0][0])
                shown = lines[1:]
            else:
                shown = lines
            found.append(Block(parts, list(self._shown(shown)), list(_sheets(line for _number, line in lines))))
        return found

    def questions(
        self, answers: Mapping[str, Answer], correction: Correction | None, refused: Mapping[str, Any]
    ) -> list[Question]:
        """A question for each of the signals, in the guide's order."""
        return [
            Question(
                signal=signals.SIGNALS[finding.signal],
                finding=finding,
                quotes=[self._quoted(quote) for quote in finding.quotes],
                answer=(answer := answers.get(finding.signal)),
                note=self.plain(answer.note) if answer else (),
                is_old=answer is not None and answer.correction_id != (correction.pk if correction else None),
                form=refused.get(finding.signal),
            )
            for finding in signals.find(self._document)
        ]

    def plain(self, text: str) -> list[Part]:
        """A text about the person that is no part of the document."""
        return _parts(text, hidden_in(text, name=self._name) if self._name else (), 0, len(text))

    def _line(self, number: int) -> list[Part]:
        start = self._starts[number]
        return _parts(self._text, self._hidden, start, start + len(self._document.lines[number].text))

    def _shown(self, lines: Iterable[tuple[int, Line]]) -> Iterator[Shown]:
        last = None
        for number, line in lines:
            place = place_of(line)
            yield Shown(number, self._line(number), place if place != last else "")
            last = place

    def _quoted(self, quote: signals.Quote) -> Quoted:
        place = place_of(self._document.lines[quote.line]) or _("line %(number)d") % {"number": quote.line + 1}
        return Quoted(_parts(self._text, self._hidden, quote.start, quote.end), place, quote.line)


def place_of(line: Line) -> str:
    """Page and place in words; empty where the file has none."""
    if line.page == 0:
        return _("typed in by the candidate")
    if not line.width:
        return ""
    row = (_("top"), _("middle"), _("bottom"))[min(int(line.top * 3), 2)]
    column = ""
    if line.width < 0.6:
        column = _("left") if line.left + line.width / 2 < 0.45 else _("right") if line.left > 0.45 else ""
    return _("page %(page)d, %(place)s") % {"page": line.page, "place": f"{row} {column}".strip()}


def _starts(lines: Iterable[Line]) -> Iterator[int]:
    at = 0
    for line in lines:
        yield at
        at += len(line.text) + 1


def _parts(text: str, spans: Sequence[Hidden], start: int, end: int) -> list[Part]:
    """The text between two positions, with what is hidden of it named and not shown."""
    parts, at = [], start
    for span in spans:
        if span.end <= start or span.start >= end:
            continue
        if span.start > at:
            parts.append(Part(text[at : span.start]))
        parts.append(Part("", str(span.what)))
        at = min(span.end, end)
    if at < end:
        parts.append(Part(text[at:end]))
    return parts


def _sheets(lines: Iterable[Line]) -> Iterator[Sheet]:
    placed = [line for line in lines if line.width and line.page]
    for page, group in groupby(sorted(placed, key=lambda line: line.page), key=lambda line: line.page):
        yield Sheet(page, [_box(line) for line in group])


def _box(line: Line) -> tuple[int, int, int, int]:
    """As on a sheet of 100 by 141."""
    width, height = max(round(line.width * 100), 1), max(round(line.height * 141), 1)
    return round(line.left * 100), round(line.top * 141), width, height
