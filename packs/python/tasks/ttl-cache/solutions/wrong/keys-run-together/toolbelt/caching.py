"""Values that stay true for a while."""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import contextmanager


class _Entry:
    """A value, until when it is fresh, and the lock of who computes it."""

    def __init__(self, lock):
        self.lock = lock
        self.value = None
        self.until = None


def ttl_cache(*, seconds: float, most: int = 128, clock: Callable[[], float] = time.monotonic):
    """A decorator that keeps what a function, or a coroutine function, gives back, for so many seconds.

    Who computes holds the lock of that value alone. The steps on the dictionary are each one call, which no other
    thread gets in between.
    """

    def decorate(function):
        is_async = inspect.iscoroutinefunction(function)
        entries = OrderedDict()
        blocks = []

        @contextmanager
        def held():
            blocks.append(None)
            try:
                yield
            finally:
                blocks.pop()

        def entry_of(args, kwargs):
            key = (*args, *kwargs.items())
            try:
                entry = entries.setdefault(key, _Entry(asyncio.Lock() if is_async else threading.Lock()))
            except TypeError:
                return None
            while len(entries) > most:
                entries.popitem(last=False)
            return entry

        def is_fresh(entry):
            return entry.until is not None and (blocks or clock() < entry.until)

        def keep(entry, value):
            entry.value = value
            entry.until = clock() + seconds

        @functools.wraps(function)
        def cached(*args, **kwargs):
            entry = entry_of(args, kwargs)
            if entry is None:
                return function(*args, **kwargs)
            with entry.lock:
                if not is_fresh(entry):
                    keep(entry, function(*args, **kwargs))
                return entry.value

        @functools.wraps(function)
        async def cached_async(*args, **kwargs):
            entry = entry_of(args, kwargs)
            if entry is None:
                return await function(*args, **kwargs)
            async with entry.lock:
                if not is_fresh(entry):
                    keep(entry, await function(*args, **kwargs))
                return entry.value

        decorated = cached_async if is_async else cached
        decorated.cache_clear = entries.clear
        decorated.held = held
        return decorated

    return decorate
