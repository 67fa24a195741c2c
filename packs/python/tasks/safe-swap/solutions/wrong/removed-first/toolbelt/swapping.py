"""Files that are replaced as a whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, asynccontextmanager, contextmanager


@contextmanager
def swapped(path, *, sync: Callable[[int], object] | None = None, replace: Callable[[str, str], object] = os.replace):
    """A context with a binary file to write to; what was written takes the place of `path` when it ends well.

    Made anew for each `with`; any number may be open at once.
    """
    folder = os.path.dirname(os.path.abspath(path))
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".swap-", delete=False) as file:
        try:
            yield file
            file.flush()
            if sync is not None:
                sync(file.fileno())
            if os.path.exists(path):
                os.remove(path)
            replace(file.name, os.fspath(path))
        except BaseException:
            os.unlink(file.name)
            raise


@contextmanager
def swapped_all(*paths, sync=None, replace=os.replace):
    """A context with a list of such files."""
    with ExitStack() as stack:
        yield [stack.enter_context(swapped(path, sync=sync, replace=replace)) for path in paths]


@asynccontextmanager
async def swapped_async(path, *, sync=None, replace=os.replace):
    """As `swapped`, for `async with`."""
    with swapped(path, sync=sync, replace=replace) as file:
        yield file
