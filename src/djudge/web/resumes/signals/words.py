"""Tables of words and how they are looked for: whole words, upper or lower case alike, a blank or a hyphen alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

#: Between two words of a phrase. Bounded: blanks can be many in a hostile file.
_GAP: Final = r"[\s\-‐–]{1,4}"
_PARTS: Final = {" ": _GAP, "_": rf"(?:{_GAP}|_)?", "*": r"\w*"}
_END: Final = ""


def folded(text: str) -> str:
    """In lower case, letter for letter: places in it are places in the text."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(map(_lower, text))


def _lower(letter: str) -> str:
    lower = letter.lower()
    return lower if len(lower) == 1 else letter


class Words:
    """A table of phrases, in lower case; texts have to be `folded`.

    `*` stands for any further letters: `tenant*`, `*system`. `a_b` is one word or two: with nothing, a blank, a hyphen
    or an underscore between.
    """

    def __init__(self, *rows: str) -> None:
        phrases = [" ".join(phrase.split()) for row in rows for phrase in row.split(",")]
        tree: dict[str, Any] = {}
        for phrase in phrases:
            if phrase:
                _plant(tree, [_PARTS.get(sign) or re.escape(sign) for sign in phrase])
        self._pattern: Final = re.compile(rf"(?<!\w){_pattern(tree)}")

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the words stand."""
        return (match.span() for match in self._pattern.finditer(text))

    def first(self, text: str) -> tuple[int, int] | None:
        """Where the first of them stands."""
        match = self._pattern.search(text)
        return match.span() if match else None

    def within(self, text: str) -> bool:
        """Whether any of them is there."""
        return self._pattern.search(text) is not None

    def without(self, text: str) -> str:
        """The text with a blank in place of each."""
        return self._pattern.sub(" ", text)


def _plant(tree: dict[str, Any], parts: Sequence[str]) -> None:
    for part in parts:
        tree = tree.setdefault(part, {})
    tree[_END] = {}


def _pattern(tree: dict[str, Any]) -> str:
    """What begins alike is compared once, so that a table of a hundred phrases costs hardly more than one of ten.

    Longer phrases come before those that they begin with.
    """
    branches = [part + _pattern(rest) for part, rest in tree.items() if part != _END]
    if _END in tree:
        branches.append(r"(?!\w)")
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
