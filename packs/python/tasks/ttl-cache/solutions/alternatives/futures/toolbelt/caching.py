"""Values that stay true for a while."""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import contextmanager


class _Cache:
    """Values by key, least recently used first; what is being computed, by key, as futures."""

    def __init__(self, seconds, most, clock):
        self.seconds, self.most, self.clock = seconds, most, clock
        self.guard = threading.RLock()
        self.values = OrderedDict()
        self.running = {}
        self.blocks = 0

    @contextmanager
    def held(self):
        with self.guard:
            self.blocks += 1
        try:
            yield
        finally:
            with self.guard:
                self.blocks -= 1

    def look(self, key):
        """(True, value) where it is fresh."""
        with self.guard:
            found = self.values.get(key)
            if found is None or (not self.blocks and self.clock() - found[1] >= self.seconds):
                return False, None
            self.values.move_to_end(key)
            return True, found[0]

    def keep(self, key, value):
        with self.guard:
            self.values[key] = value, self.clock()
            self.values.move_to_end(key)
            if len(self.values) > self.most:
                self.values.popitem(last=False)

    def clear(self):
        with self.guard:
            self.values.clear()


def _key(args, kwargs):
    key = (args, frozenset(kwargs.items()))
    hash(key)
    return key


def ttl_cache(*, seconds: float, most: int = 128, clock: Callable[[], float] = time.monotonic):
    """A decorator that keeps what a function, or a coroutine function, gives back, for so many seconds."""

    def decorate(function):
        cache = _Cache(seconds, most, clock)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            try:
                key = _key(args, kwargs)
            except TypeError:
                return function(*args, **kwargs)
            with cache.guard:
                fresh, value = cache.look(key)
                if fresh:
                    return value
                future = cache.running.get(key)
                mine = future is None
                if mine:
                    future = cache.running[key] = Future()
            if not mine:
                return future.result()
            try:
                value = function(*args, **kwargs)
            except BaseException as error:
                del cache.running[key]
                future.set_exception(error)
                raise
            cache.keep(key, value)
            del cache.running[key]
            future.set_result(value)
            return value

        @functools.wraps(function)
        async def wrapper_async(*args, **kwargs):
            try:
                key = _key(args, kwargs)
            except TypeError:
                return await function(*args, **kwargs)
            fresh, value = cache.look(key)
            if fresh:
                return value
            task = cache.running.get(key)
            if task is None:
                task = cache.running[key] = asyncio.ensure_future(compute(key, args, kwargs))
            return await asyncio.shield(task)

        async def compute(key, args, kwargs):
            try:
                value = await function(*args, **kwargs)
                cache.keep(key, value)
                return value
            finally:
                del cache.running[key]

        chosen = wrapper_async if inspect.iscoroutinefunction(function) else wrapper
        chosen.cache_clear = cache.clear
        chosen.held = cache.held
        return chosen

    return decorate
