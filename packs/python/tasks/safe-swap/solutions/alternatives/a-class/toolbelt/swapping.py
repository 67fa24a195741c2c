"""Files that are replaced as a whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import ExitStack


class swapped:
    """A context with a binary file to write to. One object serves one `with`."""

    def __init__(self, path, *, sync=None, replace=os.replace):
        self.path = os.fspath(path)
        self.draft = f"{self.path}.{secrets.token_hex(8)}"
        self.sync = sync
        self.replace = replace

    def __enter__(self):
        self.file = open(self.draft, "xb")
        return self.file

    def __exit__(self, kind, error, trace):
        done = False
        try:
            with self.file:
                if kind is None:
                    self.file.flush()
                    if self.sync:
                        self.sync(self.file.fileno())
            if kind is None:
                self.replace(self.draft, self.path)
                done = True
        finally:
            if not done:
                os.remove(self.draft)


class swapped_all:
    """A context with a list of such files."""

    def __init__(self, *paths, **options):
        self.swaps = [swapped(path, **options) for path in paths]

    def __enter__(self):
        with ExitStack() as stack:
            files = [stack.enter_context(swap) for swap in self.swaps]
            self.stack = stack.pop_all()
        return files

    def __exit__(self, *raised):
        return self.stack.__exit__(*raised)


class swapped_async(swapped):
    """As `swapped`, for `async with`."""

    async def __aenter__(self):
        return self.__enter__()

    async def __aexit__(self, *raised):
        return self.__exit__(*raised)
