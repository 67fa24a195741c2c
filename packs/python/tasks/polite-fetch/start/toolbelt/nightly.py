"""What runs at night, and how it uses the fetcher. It is not to be changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from toolbelt.fetching import Fetcher

type Report = Callable[[dict[str, str], dict[str, str]], object]
type Wait = Callable[[float], Awaitable[object]]


async def fetch_all(
    first: list[str], others: Iterable[list[str]], report: Report, *, limit: int, timeout: float, sleep: Wait = asyncio.sleep
) -> None:
    """Fetch a list, and others at the same time, and report what there is, whatever happens."""
    fetcher = Fetcher(limit=limit, timeout=timeout, sleep=sleep)
    try:
        async with fetcher as entered:
            together = [asyncio.create_task(entered.fetch(urls)) for urls in others]
            await entered.fetch(first)
            await asyncio.gather(*together)
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
        async with fetcher as entered:
            work = asyncio.create_task(entered.fetch(urls))  # noqa: F841 (whoever drops a task may lose it)
            await until()
    finally:
        report(dict(fetcher.pages), dict(fetcher.failed))
