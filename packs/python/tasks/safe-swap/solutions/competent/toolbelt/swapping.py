"""Files that are replaced as a whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, asynccontextmanager, contextmanager


@contextmanager
def swapped(path, *, sync=None, replace=os.replace):
    """A context with a binary file to write to."""
    descriptor, draft = tempfile.mkstemp(dir=os.path.dirname(path))
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        replace(draft, path)
    except BaseException:
        os.remove(draft)
        raise


@contextmanager
def swapped_all(*paths, sync=None, replace=os.replace):
    """Several of them."""
    with ExitStack() as stack:
        yield [stack.enter_context(swapped(path, replace=replace)) for path in paths]


def swapped_async(path, *, sync=None, replace=os.replace):
    """Not done in time."""
    raise NotImplementedError
