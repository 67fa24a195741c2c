"""Tables of words and how they are looked for: whole words, upper or lower case alike, a blank or a hyphen alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_GAP: Final = r"[\s\-‐–]+"


class Words:
    """A table of phrases. `*` at a word's end (or start) stands for any further letters: `tenant*`, `*system`.

    `a_b` is one word or two with nothing, a blank or a hyphen between: `multi_tenant`.
    """

    def __init__(self, *rows: str) -> None:
        phrases = [phrase.strip() for row in rows for phrase in row.split(",")]
        # Longer ones first: "django rest framework" before "django".
        parts = sorted({_pattern(phrase) for phrase in phrases if phrase}, key=lambda part: (-len(part), part))
        self._pattern: Final = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the words stand."""
        return (match.span() for match in self._pattern.finditer(text))

    def first(self, text: str, start: int = 0) -> tuple[int, int] | None:
        """Where the first of them stands, from `start` on."""
        match = self._pattern.search(text, start)
        return match.span() if match else None

    def within(self, text: str) -> bool:
        """Whether any of them is there."""
        return self._pattern.search(text) is not None

    def without(self, text: str) -> str:
        """The text with a blank in place of each."""
        return self._pattern.sub(" ", text)


def _pattern(phrase: str) -> str:
    return _GAP.join(_word(word) for word in phrase.split())


def _word(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace("_", rf"(?:{_GAP}|_)?")
