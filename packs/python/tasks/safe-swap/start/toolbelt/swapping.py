"""Files that are replaced as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable


def swapped(
    path: str | os.PathLike[str],
    *,
    sync: Callable[[int], object] | None = None,
    replace: Callable[[str, str], object] = os.replace,
):
    """A context with a binary file to write to; what was written takes the place of `path` when it ends well."""
    raise NotImplementedError


def swapped_all(
    *paths: str | os.PathLike[str],
    sync: Callable[[int], object] | None = None,
    replace: Callable[[str, str], object] = os.replace,
):
    """A context with a list of such files."""
    raise NotImplementedError


def swapped_async(
    path: str | os.PathLike[str],
    *,
    sync: Callable[[int], object] | None = None,
    replace: Callable[[str, str], object] = os.replace,
):
    """As `swapped`, for `async with`."""
    raise NotImplementedError
