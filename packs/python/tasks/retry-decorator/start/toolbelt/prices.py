"""Prices of the supplier, as the scripts ask for them today: the loop that caught everything."""

from __future__ import annotations

import time
from collections.abc import Callable


def price_of(article: str, fetch: Callable[[str], str]) -> str | None:
    """The supplier's price; five attempts."""
    for _ in range(5):
        try:
            return fetch(article)
        except:  # noqa: E722
            time.sleep(1)
    return None
