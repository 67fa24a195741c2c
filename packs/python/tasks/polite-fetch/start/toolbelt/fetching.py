"""Many pages of one server, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import httpx


class Fetcher:
    """Fetches pages, inside `async with`. `pages` and `failed` may be read at any time.

    `transport` is for trying it without a network: hand it to the client.
    """

    def __init__(
        self,
        *,
        limit: int,
        timeout: float,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.pages: dict[str, str] = {}
        self.failed: dict[str, str] = {}

    async def __aenter__(self) -> Fetcher:
        raise NotImplementedError

    async def __aexit__(self, kind, error, trace) -> None:
        raise NotImplementedError

    async def fetch(self, urls: Iterable[str]) -> None:
        """Fetch them; what came of each stands in `pages` or `failed` then."""
        raise NotImplementedError
