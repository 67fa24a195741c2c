"""Which rows are headings: by what they say, in English and German, and by how they look beside those that do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from djudge.web.resumes.reading.parts import Row
from djudge.web.resumes.reading.texts import CELL

#: A row that says nothing else is a heading.
KNOWN: Final = frozenset(Path(__file__).with_name("headings.txt").read_text("utf-8").splitlines())
#: A row that looks like a heading, is short and ends with one of these is one, whatever stands before it.
_LAST_WORDS: Final = frozenset(
    (
        "experience", "projects", "education", "skills", "languages", "certifications", "publications", "awards",
        "interests", "references", "berufserfahrung", "erfahrung", "projekte", "ausbildung", "kenntnisse", "sprachen",
        "zertifikate",
    )
)  # fmt: skip
_PARTS: Final = re.compile(r"\s+(?:and|und)\s+|\s*[&/,+]\s*")
_NOT_LETTERS: Final = re.compile(r"[^\w\s&/,+]|[\d_]")
_MOST_WORDS: Final = 6
_LONGEST: Final = 80
#: So much larger than most of the text; and so much where nothing else tells a heading.
_LARGER: Final = 1.1
_MUCH_LARGER: Final = 1.18

type _Look = tuple[float, bool, bool]


def sections(rows: Sequence[Row]) -> list[str]:
    """For each row the heading that it stands below, in its flow; for a heading itself."""
    body = _body_size(rows)
    looks = {_look(row) for row in rows if says_so(row.text) and _stands_out(row, body)} or _own_looks(rows, body)
    current: dict[str, str] = {}
    found = []
    for row in rows:
        if (row.is_marked and len(row.text) <= _LONGEST) or _is_heading(row, body, looks):
            current[row.flow] = row.text.rstrip(" :")
        found.append(current.get(row.flow, ""))
    return found


def _own_looks(rows: Sequence[Row], body: float) -> set[_Look]:
    """Where no heading is a well-known one: how several short and larger rows look. The largest of all is the name."""
    larger = [row for row in rows if row.size >= _MUCH_LARGER * body > 0]
    large = Counter(_look(row) for row in larger if not _is_running_text(row.text))
    largest = max((look[0] for look in large), default=0.0)
    found = {look for look, count in large.items() if count > 1 and (look[0] < largest or len(large) == 1)}
    return {max(found, key=lambda look: (large[look], look))} if found else set()


def _is_heading(row: Row, body: float, looks: set[_Look]) -> bool:
    if _is_running_text(row.text):
        return False
    if says_so(row.text):
        return row.text[:1].isupper() or _stands_out(row, body)
    if not _stands_out(row, body):
        return False
    words = _plain(row.text).split()
    is_named = bool(words) and words[-1] in _LAST_WORDS
    looks_alike = _look(row) in looks and (row.size >= _LARGER * body or row.text.isupper())
    return is_named or looks_alike


def _is_running_text(text: str) -> bool:
    is_long = len(text) > _LONGEST or len(text.split()) > _MOST_WORDS
    return is_long or CELL in text or text.endswith((".", ",", ";"))


@lru_cache(4096)
def says_so(text: str) -> bool:
    """Whether a text is a well-known heading and nothing else. Asked of the same pieces again and again."""
    if len(text) > _LONGEST:
        return False
    plain = _plain(text)
    return plain in KNOWN or all(part in KNOWN for part in _PARTS.split(plain))


def _plain(text: str) -> str:
    return " ".join(_NOT_LETTERS.sub("", text.casefold()).split())


def _stands_out(row: Row, body: float) -> bool:
    return row.bold or row.size >= _LARGER * body > 0 or row.text.isupper()


def _look(row: Row) -> _Look:
    return round(row.size * 2) / 2, row.bold, row.text.isupper()


def _body_size(rows: Sequence[Row]) -> float:
    """The size of most letters."""
    letters: Counter[float] = Counter()
    for row in rows:
        letters[round(row.size * 2) / 2] += len(row.text)
    return max(letters, key=lambda size: (letters[size], size)) if letters else 0.0
