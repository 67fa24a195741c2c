"""One retry for all scripts."""

from __future__ import annotations

import asyncio
import functools
import inspect
import time
from collections.abc import Awaitable, Callable


def retry(
    *,
    attempts: int,
    on: type[BaseException] | tuple[type[BaseException], ...],
    delay: float = 0.1,
    factor: float = 2.0,
    sleep: Callable[[float], object] = time.sleep,
    sleep_async: Callable[[float], Awaitable[object]] = asyncio.sleep,
):
    """A decorator that calls a function, or a coroutine function, again when it fails with a listed exception."""

    def schedule():
        """Steps: an attempt that may fail, and what to wait afterwards; None is the last one."""
        wait = delay
        for _ in range(1, attempts):
            yield wait
            wait *= factor
        yield None

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for wait in schedule():
                try:
                    return function(*args, **kwargs)
                except on:
                    if wait is None:
                        raise
                sleep(wait)

        @functools.wraps(function)
        async def wrapper_async(*args, **kwargs):
            for wait in schedule():
                try:
                    return await function(*args, **kwargs)
                except on as error:
                    if wait is None or isinstance(error, asyncio.CancelledError):
                        raise
                await sleep_async(wait)

        return wrapper_async if inspect.iscoroutinefunction(function) else wrapper

    return decorate
