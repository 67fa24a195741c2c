"""What the packing table asks: what goes into a parcel, what it costs, what the van carries, what is late.

Parcels are rows of the warehouse's export, dictionaries. No function changes what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

CARD = "gift card"

type Row = Mapping[str, Any]


def packing_list(articles: Iterable[str], *, gift: bool = False, extras: list[str] | None = None) -> list[str]:
    """What goes into one parcel, a new list: its articles, its extras, and one `CARD` at the end if it is a gift."""
    packed = list(articles)
    if extras is not None:
        packed += extras
    if gift:
        packed.append(CARD)
    return packed


def postage(table: Mapping[str, tuple[int, int]]) -> dict[str, Callable[[int], int]]:
    """A function for each carrier of the table, by name: it takes grams, and gives the price of a parcel in cents.

    The table has two prices for each carrier: for a parcel, and for every kilo that is begun. A weight that is not
    above 0 is refused with a ValueError.
    """
    return {carrier: Rate(*prices) for carrier, prices in table.items()}


@dataclass(frozen=True)
class Rate:
    """What one carrier takes."""

    parcel: int
    kilo: int

    def __call__(self, grams: int) -> int:
        if grams <= 0:
            raise ValueError(grams)
        return self.parcel + self.kilo * ((grams + 999) // 1000)


def van_sheet(parcels: Iterable[Row]) -> dict[str, int]:
    """`grams` in all and of the `heaviest` parcel, without those that are `collected`; both are 0 for an empty van.

    Rows may come from a file: whatever can be gone through once will do.
    """
    total, heaviest = 0, 0
    for row in parcels:
        if not row["collected"]:
            total += row["grams"]
            heaviest = max(heaviest, row["grams"])
    return {"grams": total, "heaviest": heaviest}


def late(parcels: Iterable[Row], now: datetime) -> list[str]:
    """The `number` of each parcel that was `promised` before `now`, the longest overdue first.

    A time without an offset is UTC, wherever this runs.
    """
    plain = _plain(now)
    overdue = [(_plain(row["promised"]), place, row) for place, row in enumerate(parcels)]
    return [row["number"] for promised, _, row in sorted(overdue, key=lambda one: one[:2]) if promised < plain]


def _plain(time: datetime) -> datetime:
    """In UTC, and without saying so."""
    return time.astimezone(timezone.utc).replace(tzinfo=None) if time.tzinfo else time
