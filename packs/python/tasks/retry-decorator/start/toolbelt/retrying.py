"""One retry for all scripts."""

from __future__ import annotations

import asyncio
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
    raise NotImplementedError
