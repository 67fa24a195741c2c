"""One retry for all scripts."""

from __future__ import annotations

import asyncio
import functools
import inspect
import time
from collections.abc import Awaitable, Callable


class retry:
    """A decorator that calls a function, or a coroutine function, again when it fails with a listed exception."""

    def __init__(self, *, attempts, on, delay=0.1, factor=2.0, sleep=time.sleep, sleep_async=asyncio.sleep):
        self.attempts = attempts
        self.on = on
        self.delay = delay
        self.factor = factor
        self.sleep = sleep
        self.sleep_async = sleep_async

    def __call__(self, function):
        if inspect.iscoroutinefunction(function):

            async def wrapper(*args, **kwargs):
                attempt = 0
                while True:
                    try:
                        return await function(*args, **kwargs)
                    except BaseException as error:
                        attempt += 1
                        if attempt >= self.attempts or not self._is_listed(error):
                            raise
                    await self.sleep_async(self._wait(attempt))
        else:

            def wrapper(*args, **kwargs):
                attempt = 0
                while True:
                    try:
                        return function(*args, **kwargs)
                    except self.on:
                        attempt += 1
                        if attempt >= self.attempts:
                            raise
                    self.sleep(self._wait(attempt))

        return functools.update_wrapper(wrapper, function)

    def _is_listed(self, error):
        return isinstance(error, self.on) and not isinstance(error, asyncio.CancelledError)

    def _wait(self, attempt):
        return self.delay * self.factor ** (attempt - 1)
