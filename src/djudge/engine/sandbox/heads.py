"""Fields of a head that came from a guest: each is asked for by type and bounds, and anything else is a broken wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from djudge.guest.wire import Json, WireError

_HEADERS: Final = 200
_HEADER_CHARACTERS: Final = 16 * 1024


class Fields:
    """A parsed head. Every question raises `WireError` if the answer is not what it has to be."""

    def __init__(self, values: dict[str, Json]) -> None:
        self._values = values

    def text(self, name: str, longest: int) -> str:
        """A string of at most that many characters."""
        value = self._values.get(name)
        if not isinstance(value, str) or len(value) > longest:
            raise WireError(f"The field {name} is no short text.")
        return value

    def one_of(self, name: str, values: Sequence[str]) -> str:
        """One of the given words."""
        value = self.text(name, 64)
        if value not in values:
            raise WireError(f"The field {name} is none of its words.")
        return value

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number within bounds; true and false are none."""
        value = self._values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise WireError(f"The field {name} is no number within its bounds.")
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._values.get(name)
        if not isinstance(value, bool):
            raise WireError(f"The field {name} is neither true nor false.")
        return value

    def has(self, name: str) -> bool:
        """Whether there is such a field at all."""
        return name in self._values

    def anything(self, name: str) -> Json:
        """Whatever it is, for who takes it apart with the same care; a field that is missing is a broken wire."""
        if name not in self._values:
            raise WireError(f"The field {name} is missing.")
        return self._values[name]

    def inner(self, name: str) -> Fields:
        """An object within the head."""
        value = self._values.get(name)
        if not isinstance(value, dict):
            raise WireError(f"The field {name} is no object.")
        return Fields(value)

    def place(self) -> tuple[str | None, int | None]:
        """Where in the tree: `file` and `line`, or neither."""
        if self._values.get("file") is None:
            return None, None
        line = self._values.get("line")
        return self.text("file", 1024), None if line is None else self.number("line", 0, 2**31)

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """HTTP headers: at most 200, none with a control character in it."""
        value = self._values.get(name)
        if not isinstance(value, list) or len(value) > _HEADERS:
            raise WireError(f"The field {name} is no list of headers.")
        return tuple(_pair(one) for one in value)


def _pair(value: Json) -> tuple[str, str]:
    match value:
        case [str(name), str(content)] if name and _is_plain(name) and _is_plain(content):
            return name, content
        case _:
            raise WireError("A header is no pair of plain texts.")


def _is_plain(text: str) -> bool:
    return len(text) <= _HEADER_CHARACTERS and all(character >= " " and character != "\x7f" for character in text)
