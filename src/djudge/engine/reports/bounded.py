"""Plain JSON of unknown origin, cut down to what a document can hold.

Depth, size, length of strings and non-finite numbers are limited; what was cut says so in its place. Ordinary
observations (at most 1 MB, 16 levels) pass unchanged.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from djudge.engine.reports.safe_text import storable
from djudge.engine.values import Json

DEPTH: Final = 24
NODES: Final = 200_000
STRING: Final = 100_000
#: Larger integers can't be written by every JSON reader, and Python refuses to print the largest.
INTEGER: Final = 2**63

TOO_DEEP: Final = "… deeper than this report keeps"
TOO_MANY: Final = "… more than this report keeps"


def bounded(value: object) -> Json:
    """A copy of `value` within the limits. Never raises; what is not JSON becomes the name of its type."""
    return _Bounded().copy(value, DEPTH)


def bounded_object(value: object) -> dict[str, Json]:
    """As `bounded`, for what has to be an object at the top; anything else becomes an empty one."""
    copy = bounded(value)
    return copy if isinstance(copy, dict) else {}


class _Bounded:
    def __init__(self) -> None:
        self._left = NODES

    def copy(self, value: object, depth: int) -> Json:
        self._left -= 1
        if isinstance(value, dict):
            return dict(self._items(value, depth)) if depth else TOO_DEEP
        if isinstance(value, list | tuple):
            return [*self._entries(value, depth)] if depth else TOO_DEEP
        return _scalar(value)

    def _items(self, value: dict[object, object], depth: int) -> Iterator[tuple[str, Json]]:
        for key, each in value.items():
            if self._left <= 0:
                yield "…", TOO_MANY
                return
            yield storable(str(key), 1_000), self.copy(each, depth - 1)

    def _entries(self, value: list[object] | tuple[object, ...], depth: int) -> Iterator[Json]:
        for each in value:
            if self._left <= 0:
                yield TOO_MANY
                return
            yield self.copy(each, depth - 1)


def _scalar(value: object) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -INTEGER <= value < INTEGER else "an integer beyond 64 bits"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return storable(value, STRING) if isinstance(value, str) else f"a value of type {type(value).__name__}"
