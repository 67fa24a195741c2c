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
    once_less = functools.partial(
        retry, on=on, delay=delay * factor, factor=factor, sleep=sleep, sleep_async=sleep_async
    )

    def decorate(function):
        if attempts <= 1:
            return function
        rest = once_less(attempts=attempts - 1)(function)
        if inspect.iscoroutinefunction(function):

            async def wrapper(*args, **kwargs):
                try:
                    return await function(*args, **kwargs)
                except on as error:
                    if isinstance(error, asyncio.CancelledError):
                        raise
                    await sleep_async(delay)
                    return await rest(*args, **kwargs)
        else:

            def wrapper(*args, **kwargs):
                try:
                    return function(*args, **kwargs)
                except on:
                    sleep(delay)
                return rest(*args, **kwargs)

        return functools.wraps(function)(wrapper)

    return decorate
