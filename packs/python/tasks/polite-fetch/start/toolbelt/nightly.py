"""What runs at night, and how it uses the fetcher. It is not to be changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from toolbelt.fetching import Fetcher

type Report = Callable[[dict[str, str], dict[str, str]], object]
type Wait = Callable[[float], Awaitable[object]]


async def fetch_all(
    lists: Iterable[list[str]], report: Report, *, limit: int, timeout: float, sleep: Wait = asyncio.sleep
) -> None:
    """Fetch several lists at once, and report what there is, whatever happens."""
    fetcher = Fetcher(limit=limit, timeout=timeout, sleep=sleep)
    try:
        async with fetcher:
            await asyncio.gather(*(fetcher.fetch(urls) for urls in lists))
    finally:
        report(dict(fetcher.pages), dict(fetcher.failed))


async def fetch_until(
    urls: list[str],
    until: Callable[[], Awaitable[object]],
    report: Report,
    *,
    limit: int,
    timeout: float,
    sleep: Wait = asyncio.sleep,
) -> None:
    """Begin to fetch a list, leave when `until` is over or raises, and report what there is."""
    fetcher = Fetcher(limit=limit, timeout=timeout, sleep=sleep)
    try:
        async with fetcher:
            work = asyncio.create_task(fetcher.fetch(urls))  # noqa: F841 (whoever drops a task may lose it)
            await until()
    finally:
        report(dict(fetcher.pages), dict(fetcher.failed))
