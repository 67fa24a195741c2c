"""Files that are replaced as a whole."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path


def _begin(path):
    descriptor, draft = tempfile.mkstemp(dir=Path(path).absolute().parent, suffix=".part")
    return open(descriptor, "wb"), Path(draft)


def _finish(file, draft, path, sync, replace):
    file.flush()
    if sync is not None:
        sync(file.fileno())
    file.close()
    replace(draft, Path(path))


@contextmanager
def swapped_all(*paths, sync=None, replace=os.replace):
    """A context with a list of files."""
    with ExitStack() as stack:
        swaps = []
        for path in paths:
            file, draft = _begin(path)
            stack.callback(draft.unlink, missing_ok=True)
            stack.callback(file.close)
            swaps.append((file, draft, path))
        yield [file for file, _, _ in swaps]
        for file, draft, path in swaps:
            _finish(file, draft, path, sync, replace)


@contextmanager
def swapped(path, *, sync=None, replace=os.replace):
    """A context with one file."""
    with swapped_all(path, sync=sync, replace=replace) as (file,):
        yield file


@asynccontextmanager
async def swapped_async(path, *, sync=None, replace=os.replace):
    """As `swapped`, for `async with`; what may take long is done in a thread."""
    file, draft = await asyncio.to_thread(_begin, path)
    try:
        yield file
        await asyncio.to_thread(_finish, file, draft, path, sync, replace)
    finally:
        file.close()
        draft.unlink(missing_ok=True)
