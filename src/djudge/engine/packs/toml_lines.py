"""On which line a key of a TOML file stands: `tomllib` doesn't say, and a diagnostic without a line is half
of one.

A reader of the usual layout (a key a line, headers on their own lines, strings over several lines skipped).
Where it finds nothing it says the nearest thing above, and never fails.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Final

type Key = tuple[str | int, ...]

_HEADER: Final = re.compile(r"\s*+(\[\[?)([^\]]*+)\]\]?\s*+(?:#.*)?")
_ASSIGNMENT: Final = re.compile(r"""^\s*("[^"]*"|'[^']*'|[\w-]+)\s*(?:\.\s*("[^"]*"|'[^']*'|[\w-]+)\s*)?=(.*)$""")
_SYNTAX_PLACE: Final = re.compile(r"\(at line (\d+), column \d+\)")


def line_of(text: str, key: Sequence[str | int]) -> int | None:
    """The line where `key` (as pydantic gives it: `("check", 1, "bullet")`) is set, or where its table
    begins.
    """
    places: dict[Key, int] = {}
    for found, number in _places(text):
        places.setdefault(found, number)
    wanted = tuple(key)
    while wanted:
        if wanted in places:
            return places[wanted]
        wanted = wanted[:-1]
    return None


def line_of_syntax_error(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line that `tomllib` stumbled over."""
    found = _SYNTAX_PLACE.search(str(error))
    return int(found[1]) if found else max(1, len(text.splitlines()))


def _places(text: str) -> Iterator[tuple[Key, int]]:
    table: Key = ()
    counts: dict[Key, int] = {}
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
        elif header := _HEADER.fullmatch(line):
            table = _table(header, counts)
            yield table[:-1] if header[1] == "[[" else table, number
            yield table, number
        elif assignment := _ASSIGNMENT.match(line):
            names = tuple(name.strip("\"'") for name in assignment.group(1, 2) if name)
            yield (*table, *names), number
            closing = _left_open(assignment[3])


def _table(header: re.Match[str], counts: dict[Key, int]) -> Key:
    names: Key = tuple(name.strip().strip("\"'") for name in header[2].split("."))
    if header[1] == "[":
        return names
    counts[names] = counts.get(names, -1) + 1
    return (*names, counts[names])


def _left_open(value: str) -> str:
    """The mark that closes a string begun here and not ended; values in brackets hold no keys, so they don't
    matter.
    """
    for mark in ('"""', "'''"):
        if value.count(mark) % 2:
            return mark
    return ""
