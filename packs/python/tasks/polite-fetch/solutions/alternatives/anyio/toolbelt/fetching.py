"""Many pages of one server, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus

import anyio
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
        self._places = anyio.CapacityLimiter(limit)
        self._timeout = timeout
        self._sleep = sleep
        # The time for a page is held here, from the first byte to the last; the client's own is for each read.
        self._client = httpx.AsyncClient(transport=transport, timeout=None)
        self._scopes: set[anyio.CancelScope] = set()
        self._idle = asyncio.Condition()

    async def __aenter__(self) -> Fetcher:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, kind, error, trace) -> None:
        for scope in self._scopes:
            scope.cancel()
        with anyio.CancelScope(shield=True):
            async with self._idle:
                await self._idle.wait_for(lambda: not self._scopes)
            await self._client.__aexit__(kind, error, trace)

    async def fetch(self, urls: Iterable[str]) -> None:
        """Fetch them; what came of each stands in `pages` or `failed` then."""
        async with anyio.create_task_group() as group:
            self._scopes.add(group.cancel_scope)
            try:
                async with anyio.create_task_group() as pages:
                    for url in frozenset(urls):
                        pages.start_soon(self._fetch, url)
            finally:
                self._scopes.discard(group.cancel_scope)
                with anyio.CancelScope(shield=True):
                    async with self._idle:
                        self._idle.notify_all()

    async def _fetch(self, url: str) -> None:
        for left in reversed(range(ATTEMPTS)):
            try:
                async with self._places:
                    with anyio.fail_after(self._timeout):
                        response = await self._client.get(url)
            except (httpx.HTTPError, TimeoutError) as error:
                self.failed[url] = repr(error)
                return
            if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                break
            if left:
                await self._sleep(int(response.headers["Retry-After"]))
        if response.status_code == HTTPStatus.OK:
            self.pages[url] = response.text
        else:
            self.failed[url] = response.reason_phrase or "no page"
