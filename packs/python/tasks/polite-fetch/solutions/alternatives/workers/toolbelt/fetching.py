"""Many pages of one server, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
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
        self._limit = limit
        self._waiting: asyncio.Queue[tuple[str, int, asyncio.Future[None]]] = asyncio.Queue()
        self._timeout = timeout
        self._sleep = sleep
        # The time for a page is held here, from the first byte to the last; the client's own is for each read.
        self._client = httpx.AsyncClient(transport=transport, timeout=None)
        self._workers: list[asyncio.Task[None]] = []
        self._sleepers: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Fetcher:
        self._workers = [asyncio.create_task(self._work()) for _ in range(self._limit)]
        return self

    async def __aexit__(self, kind, error, trace) -> None:
        at_work = [*self._workers, *self._sleepers]
        for task in at_work:
            task.cancel()
        try:
            await asyncio.gather(*at_work, return_exceptions=True)
        finally:
            while not self._waiting.empty():
                self._waiting.get_nowait()[2].cancel()
            await self._client.aclose()

    async def fetch(self, urls: Iterable[str]) -> None:
        """Fetch them; what came of each stands in `pages` or `failed` then."""
        loop = asyncio.get_running_loop()
        wanted = {url: loop.create_future() for url in urls}
        for url, done in wanted.items():
            self._waiting.put_nowait((url, 1, done))
        try:
            await asyncio.gather(*wanted.values())
        finally:
            for done in wanted.values():
                done.cancel()

    async def _work(self) -> None:
        while True:
            url, attempt, done = await self._waiting.get()
            if done.done():
                continue
            page = asyncio.create_task(self._fetch(url, attempt, done))
            done.add_done_callback(lambda _, page=page: page.cancel())
            try:
                await asyncio.wait([page])
            finally:
                page.cancel()
                with suppress(asyncio.CancelledError):
                    await page

    async def _fetch(self, url: str, attempt: int, done: asyncio.Future[None]) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.get(url)
        except (httpx.HTTPError, TimeoutError) as error:
            self.failed[url] = type(error).__name__
        except asyncio.CancelledError:
            done.cancel()
            raise
        else:
            if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and attempt < ATTEMPTS:
                self._later(url, attempt, done, float(response.headers["Retry-After"]))
                return
            self._keep(url, response)
        if not done.done():
            done.set_result(None)

    def _later(self, url: str, attempt: int, done: asyncio.Future[None], seconds: float) -> None:
        async def again() -> None:
            await self._sleep(seconds)
            self._waiting.put_nowait((url, attempt + 1, done))

        sleeper = asyncio.create_task(again())
        self._sleepers.add(sleeper)
        sleeper.add_done_callback(self._sleepers.discard)
        done.add_done_callback(lambda _: sleeper.cancel())

    def _keep(self, url: str, response: httpx.Response) -> None:
        if response.status_code == HTTPStatus.OK:
            self.pages[url] = response.text
        else:
            self.failed[url] = f"status {response.status_code}"
