"""Many pages of one server, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus

import httpx

ATTEMPTS = 3


class Fetcher:
    """Fetches pages, inside `async with`. `pages` and `failed` may be read at any time.

    `transport` is for trying it without a network.
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
        self._places = asyncio.Semaphore(limit)
        self._timeout = timeout
        self._sleep = sleep
        self._transport = transport
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(self, kind, error, trace) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def fetch(self, urls: Iterable[str]) -> None:
        """Fetch them; what came of each stands in `pages` or `failed` then."""
        tasks = [asyncio.create_task(self._fetch(url)) for url in dict.fromkeys(urls)]
        self._tasks.update(tasks)
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
                task.add_done_callback(self._tasks.discard)

    async def _fetch(self, url: str) -> None:
        attempts = 1
        while (wait := await self._attempt(url, attempts)) is not None:
            await self._sleep(wait)
            attempts += 1

    async def _attempt(self, url: str, number: int) -> float | None:
        """Seconds to wait before the next one, or None where the page is there or has failed."""
        try:
            async with self._places, asyncio.timeout(self._timeout):
                status, text, wait = await self._read(url)
        except (httpx.HTTPError, TimeoutError) as error:
            self.failed[url] = type(error).__name__
            return None
        if status == HTTPStatus.TOO_MANY_REQUESTS and number < ATTEMPTS:
            return float(wait)
        if status == HTTPStatus.OK:
            self.pages[url] = text
        else:
            self.failed[url] = str(status)
        return None

    async def _read(self, url: str) -> tuple[int, str, str]:
        """A client and a connection for one page: nothing to be kept, and closed on the spot."""
        async with (
            httpx.AsyncClient(transport=self._transport, timeout=None) as client,
            client.stream("GET", url) as response,
        ):
            content = b"".join([piece async for piece in response.aiter_bytes()])
            return response.status_code, content.decode(), response.headers.get("Retry-After", "")
