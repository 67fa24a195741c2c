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


CACHE = {}


def ttl_cache(*, seconds: float, most: int = 128, clock: Callable[[], float] = time.monotonic):
    """Keeps everything."""

    def decorate(function):
        def wrapper(*args, **kwargs):
            key = str(args) + str(kwargs)
            if CACHE.get(key) is None:
                CACHE[key] = function(*args, **kwargs)
            return CACHE[key]

        def cache_clear():
            CACHE.clear()

        wrapper.cache_clear = cache_clear
        return wrapper

    return decorate
