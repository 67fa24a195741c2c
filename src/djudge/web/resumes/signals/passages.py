"""A document as rules read it: sentences with their places, below which heading, beside what else.

Lines that one paragraph was broken into are joined; a word that was parted at a line's end is whole again. Every letter
keeps its place in `Document.text`, so that a quote stays a quote.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from djudge.web.resumes.document import Document, Line
from djudge.web.resumes.signals import sections
from djudge.web.resumes.signals.findings import Quote
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import folded

_BULLET: Final = re.compile(r"\s*(?:[•●▪◦‣∙·*–—-]|\d{1,2}[.)])\s+")
#: "2018 – today", "seit 2020", "01/2021–12/2023": what a new entry begins with or has in its title.
_YEARS: Final = re.compile(
    r"(?:19|20)\d\d\s*[-–—/]\s*(?:\d\d/)?(?:(?:19|20)\d\d|\d\d\b|now|today|present|date|heute|$)?|(?:since|seit)\s+(?:19|20)\d\d",
    re.IGNORECASE,
)
_TITLE_WORDS: Final = 12
#: Between the cells of a row.
_CELL: Final = "  "
#: A sentence ends where a stop is followed by a capital letter or by the gap between cells; not after abbreviations.
_STOP: Final = re.compile(r"(?<=[.!?])\s+(?=[\"'(\[A-ZÄÖÜ0-9•*])|\s{2,}|\s+[•|]\s+")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|ca|no|nr|dr|prof|inc|vs|etc|mio|mrd|tsd|z\.\s?b|bzw|inkl|st|mr|mrs|maj|dipl|rer|nat"
    r"|b|m|sc|k)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_LONGEST: Final = 600
#: A résumé of a dozen full pages; what comes after counts as not read.
MOST_LETTERS: Final = 60_000
#: A line is full if the next one's first word would not have fitted.
_NEARLY: Final = 0.015
#: Letters: in a column as narrow as this, items are hardly ever broken; lines of prose are longer than that.
_ITEM: Final = 28
_PROSE: Final = 45


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is one line in lower case; `places[i]` is where its i-th letter stands in `Document.text`."""

    text: str
    places: Sequence[int]
    line: int
    page: int
    section: str
    kind: Kind
    block: int
    entry: int
    #: Names what follows: a job and its years, a table row's first cell.
    is_title: bool

    def quote(self, document_text: str) -> Quote:
        """The whole sentence."""
        start, end = self.places[0], self.places[-1] + 1
        return Quote(text=document_text[start:end], page=self.page, start=start, end=end, line=self.line)


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that belong together: a paragraph, an item of a list, a heading, a row of a table."""

    lines: Sequence[int]
    kind: Kind
    entry: int
    is_title: bool


@dataclass(frozen=True)
class Passages:
    """All sentences of a document, in its order. Linear in its letters."""

    document: Document
    _offsets: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        offsets, place = [], 0
        for line in self.document.lines:
            offsets.append(place)
            place += len(line.text) + 1
        object.__setattr__(self, "_offsets", offsets)

    @cached_property
    def text(self) -> str:
        """The document's, once."""
        return self.document.text

    @cached_property
    def is_cut(self) -> bool:
        """Whether there is more than is read."""
        return len(self.text) > MOST_LETTERS

    @property
    def _read(self) -> int:
        """How many lines are."""
        return bisect_right(self._offsets, MOST_LETTERS)

    @cached_property
    def sentences(self) -> Sequence[Sentence]:
        """Without headings."""
        return tuple(
            sentence for number, block in enumerate(self._blocks) for sentence in self._sentences(number, block)
        )

    @cached_property
    def entries(self) -> Sequence[str]:
        """The text of each entry: a job, a project, or a whole section where nothing parts it."""
        texts: dict[int, list[str]] = {}
        for sentence in self.sentences:
            texts.setdefault(sentence.entry, []).append(sentence.text)
        return [" ".join(texts.get(number, ())) for number in range(max(texts, default=-1) + 1)]

    @cached_property
    def paragraphs(self) -> Sequence[str]:
        """The text of each block."""
        texts: dict[int, list[str]] = {}
        for sentence in self.sentences:
            texts.setdefault(sentence.block, []).append(sentence.text)
        return [" ".join(texts.get(number, ())) for number in range(len(self._blocks))]

    @cached_property
    def _blocks(self) -> Sequence[_Block]:
        lines = self.document.lines
        blocks: list[_Block] = []
        edges = _right_edges(lines)
        entry, section = 0, None
        for group in _grouped(lines[: self._read], edges):
            first = lines[group[0]]
            if first.section != section:
                section, entry = first.section, entry + 1
            if first.text.strip(" :").casefold() == first.section.strip(" :").casefold():
                continue  # The heading itself.
            text = " ".join(lines[each].text for each in group)
            is_title = _is_title(text)
            if is_title:
                entry += 1
            blocks.append(_Block(group, sections.kind_of(first.section, text), entry, is_title))
        return blocks

    def _sentences(self, number: int, block: _Block) -> Iterator[Sentence]:
        text, places = self._joined(block.lines)
        parts = list(_parts(text))
        for start, end in parts:
            line = bisect_right(self._offsets, places[start]) - 1
            yield Sentence(
                text=folded(text[start:end]),
                places=tuple(places[start:end]),
                line=line,
                page=self.document.lines[line].page,
                section=folded(self.document.lines[line].section),
                kind=block.kind,
                block=number,
                entry=block.entry,
                is_title=block.is_title or (len(parts) > 1 and end == parts[0][1] and text.startswith("  ", end)),
            )

    def _joined(self, lines: Sequence[int]) -> tuple[str, list[int]]:
        """The lines as one, and where each letter stands."""
        letters: list[str] = []
        places: list[int] = []
        for number in lines:
            text, offset = self.document.lines[number].text[:MOST_LETTERS], self._offsets[number]
            if (
                letters
                and letters[-1] in "-\u00ad"
                and text[:1].islower()
                and len(letters) > 1
                and letters[-2].isalpha()
            ):
                letters.pop()
                places.pop()
            elif letters:
                letters.append(" ")
                places.append(offset - 1)
            letters += text
            places += range(offset, offset + len(text))
        return "".join(letters), places


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Sentences of a paragraph, without blanks and bullets around them."""
    start, ends = 0, [(match.start(), match.end()) for match in _STOP.finditer(text)]
    for end, after in [*ends, (len(text), len(text))]:
        if end < len(text) and _ABBREVIATION.search(text, max(0, end - 12), end) and text[end:after] == " ":
            continue
        bullet = _BULLET.match(text, start, end)
        left = bullet.end() if bullet else start
        while left < end and text[left].isspace():
            left += 1
        right = end
        while right > left and text[right - 1].isspace():
            right -= 1
        yield from _bounded(text, left, right)
        start = after


def _bounded(text: str, left: int, right: int) -> Iterator[tuple[int, int]]:
    """Nobody writes sentences as long as this; rules take time with the square of a sentence's length."""
    while right - left > _LONGEST:
        blank = text.rfind(" ", left + 1, left + _LONGEST)
        end = blank if blank > 0 else left + _LONGEST
        yield left, end
        left = end + (blank > 0)
    if right > left:
        yield left, right


def _is_title(text: str) -> bool:
    """A line that names a job or a project and its years, and says nothing more."""
    return len(text.split()) <= _TITLE_WORDS and _YEARS.search(text) is not None and not text.endswith(".")


def _right_edges(lines: Sequence[Line]) -> Sequence[float]:
    """For each line, how far lines of its column reach: the farthest of those that begin about where it does.

    Rows of several cells reach farther than a column, and are compared among themselves.
    """
    edges: dict[tuple[int, int, bool], float] = {}
    keys = [(line.page, round(line.left * 20), _CELL in line.text) for line in lines]
    for key, line in zip(keys, lines, strict=True):
        edges[key] = max(edges.get(key, 0.0), line.left + line.width)
    return [max(edges.get((page, left + step, row), 0.0) for step in (-1, 0, 1)) for page, left, row in keys]


def _grouped(lines: Sequence[Line], edges: Sequence[float]) -> Iterator[list[int]]:
    group: list[int] = []
    for number, line in enumerate(lines):
        if not line.text.strip():
            continue
        if group and not _goes_on(lines[group[-1]], line, edges[group[-1]]):
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def _goes_on(above: Line, line: Line, edge: float) -> bool:
    """Whether a paragraph goes on in the next line: the line above is full, and nothing new begins.

    A file without places has a paragraph in each line already.
    """
    if not line.width or not above.width or above.section != line.section or above.page != line.page:
        return False
    if (
        _BULLET.match(line.text)
        or _CELL in line.text
        or _is_heading(above)
        or line.top <= above.top
        or _ends(above.text)
    ):
        return False
    if line.top - above.top > 2.2 * max(above.height, line.height) or line.left < above.left - 0.03:
        return False
    first = line.text.split()[0]
    needed = line.width * (len(first) + 1) / max(1, len(line.text))
    return above.left + above.width + needed > edge - _NEARLY


def _ends(text: str) -> bool:
    """Whether a short line is likelier to be a whole item: then it ends here, however far its neighbours reach."""
    if text.rstrip().endswith((",", "-", "\u00ad")):
        return False
    return len(text) < _ITEM or (len(text) < _PROSE and text.rstrip().endswith((".", "!", "?", ":")))


def _is_heading(line: Line) -> bool:
    return line.text.strip(" :").casefold() == line.section.strip(" :").casefold()
