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


def ttl_cache(*, seconds: float, most: int = 128, clock: Callable[[], float] = time.monotonic):
    """A decorator that keeps what a function, or a coroutine function, gives back, for so many seconds."""

    def decorate(function):
        values = {}
        lock = threading.Lock()
        holding = 0

        @contextmanager
        def held():
            nonlocal holding
            holding += 1
            try:
                yield
            finally:
                holding -= 1

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            key = (args, tuple(sorted(kwargs.items())))
            try:
                hash(key)
            except TypeError:
                return function(*args, **kwargs)
            with lock:
                if key in values:
                    value, computed_at = values[key]
                    if holding or clock() - computed_at < seconds:
                        return value
                    del values[key]
                value = function(*args, **kwargs)
                while len(values) >= most:
                    del values[next(iter(values))]
                values[key] = (value, clock())
                return value

        wrapper.cache_clear = values.clear
        wrapper.held = held
        return wrapper

    return decorate
