"""Files that are replaced as a whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, asynccontextmanager, contextmanager


@contextmanager
def swapped(path, *, sync=None, replace=os.replace):
    """Writes beside the file and renames."""
    draft = str(path) + ".tmp"
    file = open(draft, "wb")
    try:
        yield file
    finally:
        file.close()
        replace(draft, path)


@contextmanager
def swapped_all(*paths, sync=None, replace=os.replace):
    """Several of them."""
    files = [open(str(path) + ".tmp", "wb") for path in paths]
    yield files
    for file, path in zip(files, paths):
        file.close()
        replace(file.name, path)


async def swapped_async(path, *, sync=None, replace=os.replace):
    """Not sure how."""
    return swapped(path, replace=replace)
