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


_NOTHING = object()


class _Block:
    """Somebody wants values to stay as they are."""

    def __init__(self, cached):
        self.cached = cached

    def __enter__(self):
        self.cached.blocks.add(self)

    def __exit__(self, *raised):
        self.cached.blocks.discard(self)


class _Cached:
    """A function with its values. Threads wait on one condition for keys that are being computed."""

    def __init__(self, function, seconds, most, clock):
        functools.update_wrapper(self, function)
        self.function, self.seconds, self.most, self.clock = function, seconds, most, clock
        self.values = {}
        self.busy = set()
        self.blocks = set()
        self.changed = threading.Condition()

    def held(self):
        return _Block(self)

    def cache_clear(self):
        with self.changed:
            self.values.clear()

    def __call__(self, *args, **kwargs):
        key = args, tuple(sorted(kwargs.items()))
        try:
            hash(key)
        except TypeError:
            return self.function(*args, **kwargs)
        with self.changed:
            while key in self.busy:
                self.changed.wait()
            value = self.fresh(key)
            if value is not _NOTHING:
                return value
            self.busy.add(key)
        try:
            value = self.function(*args, **kwargs)
            self.keep(key, value)
            return value
        finally:
            with self.changed:
                self.busy.discard(key)
                self.changed.notify_all()

    def fresh(self, key):
        value, made = self.values.get(key, (_NOTHING, 0))
        return value if self.blocks or self.clock() - made < self.seconds else _NOTHING

    def keep(self, key, value):
        with self.changed:
            self.values.pop(key, None)
            while len(self.values) >= self.most:
                del self.values[min(self.values, key=lambda one: self.values[one][1])]
            self.values[key] = value, self.clock()


def ttl_cache(*, seconds: float, most: int = 128, clock: Callable[[], float] = time.monotonic):
    """A decorator that keeps what a function, or a coroutine function, gives back, for so many seconds."""

    def decorate(function):
        cached = _Cached(function, seconds, most, clock)
        if not inspect.iscoroutinefunction(function):
            return cached
        locks = {}

        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            key = args, tuple(sorted(kwargs.items()))
            try:
                lock, users = locks.get(key, (None, 0))
            except TypeError:
                return await function(*args, **kwargs)
            lock = lock or asyncio.Lock()
            locks[key] = lock, users + 1
            try:
                async with lock:
                    value = cached.fresh(key)
                    if value is _NOTHING:
                        value = await function(*args, **kwargs)
                        cached.keep(key, value)
                    return value
            finally:
                users = locks[key][1] - 1
                if users:
                    locks[key] = lock, users
                else:
                    del locks[key]

        wrapper.cache_clear = cached.cache_clear
        wrapper.held = cached.held
        return wrapper

    return decorate
