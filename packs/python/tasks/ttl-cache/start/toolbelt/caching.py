"""Values that stay true for a while."""

from __future__ import annotations

import time
from collections.abc import Callable


def ttl_cache(*, seconds: float, most: int = 128, clock: Callable[[], float] = time.monotonic):
    """A decorator that keeps what a function, or a coroutine function, gives back, for so many seconds."""
    raise NotImplementedError
