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

    def decorate(function):
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapper_async(*args, **kwargs):
                for number in range(attempts):
                    try:
                        return await function(*args, **kwargs)
                    except Exception:
                        if number == attempts - 1:
                            raise
                        await sleep_async(delay * factor**number)

            return wrapper_async

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for number in range(attempts):
                try:
                    return function(*args, **kwargs)
                except Exception:
                    if number == attempts - 1:
                        raise
                    sleep(delay * factor**number)

        return wrapper

    return decorate
