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
    left = attempts
    wait = delay

    def decorate(function):
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapper_async(*args, **kwargs):
                waiting = delay
                for attempt in range(attempts):
                    try:
                        return await function(*args, **kwargs)
                    except asyncio.CancelledError:
                        raise
                    except on:
                        if attempt + 1 == attempts:
                            raise
                        await sleep_async(waiting)
                        waiting *= factor

            return wrapper_async

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            nonlocal left, wait
            while True:
                left -= 1
                try:
                    return function(*args, **kwargs)
                except on:
                    if left <= 0:
                        raise
                    sleep(wait)
                    wait *= factor

        return wrapper

    return decorate
