import asyncio
import unittest

import httpx

from toolbelt.fetching import Fetcher


class FetcherTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.asked = []
        self.at_once = self.most = 0
        self.busy = {}

    async def answer(self, request):
        """A server without a network: counts who is there at once."""
        self.asked.append(str(request.url))
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0.01)
        self.at_once -= 1
        if self.busy.pop(request.url.path, False):
            return httpx.Response(429, headers={"Retry-After": "7"})
        if request.url.path == "/gone":
            return httpx.Response(404)
        return httpx.Response(200, text=f"page {request.url.path}")

    async def fetch(self, *paths):
        self.waits = []

        async def sleep(seconds):
            self.waits.append(seconds)

        fetcher = Fetcher(limit=3, timeout=2, sleep=sleep, transport=httpx.MockTransport(self.answer))
        async with fetcher:
            await fetcher.fetch([f"http://shop.test{path}" for path in paths])
        return fetcher

    async def test_pages_and_failures_are_told_apart(self):
        fetcher = await self.fetch("/a", "/gone", "/a")
        self.assertEqual(fetcher.pages, {"http://shop.test/a": "page /a"})
        self.assertEqual(list(fetcher.failed), ["http://shop.test/gone"])
        self.assertEqual(len(self.asked), 2)

    async def test_three_at_a_time(self):
        await self.fetch(*(f"/{number}" for number in range(9)))
        self.assertEqual(self.most, 3)

    async def test_a_busy_server_is_asked_again_later(self):
        self.busy = {"/a": True}
        fetcher = await self.fetch("/a")
        self.assertEqual(self.waits, [7])
        self.assertEqual(fetcher.pages, {"http://shop.test/a": "page /a"})
