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
    waits = [delay * factor**number for number in range(attempts - 1)]

    def decorate(function):
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def retried_async(*args, **kwargs):
                for wait in waits:
                    try:
                        return await function(*args, **kwargs)
                    except asyncio.CancelledError:
                        raise
                    except on:
                        await sleep_async(wait)
                return await function(*args, **kwargs)

            return retried_async

        @functools.wraps(function)
        def retried(*args, **kwargs):
            for wait in waits:
                try:
                    return function(*args, **kwargs)
                except on:
                    sleep(wait)
            return function(*args, **kwargs)

        return retried

    return decorate
