"""A long list, a handful at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice


def batches[T](items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one perhaps shorter. Reads no further than it has to."""
    if size < 1:
        raise ValueError("A batch holds at least one item.")
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch
