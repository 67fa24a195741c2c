"""What the packing table asks: what goes into a parcel, what it costs, what the van carries, what is late.

Parcels are rows of the warehouse's export, dictionaries. No function changes what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

CARD = "gift card"

type Row = Mapping[str, Any]


def packing_list(articles: Iterable[str], *, gift: bool = False, extras: Iterable[str] = ()) -> list[str]:
    """What goes into one parcel, a new list: its articles, its extras, and one `CARD` at the end if it is a gift."""
    cards = [CARD] if gift else []
    return [*articles, *extras, *cards]


def postage(table: Mapping[str, tuple[int, int]]) -> dict[str, Callable[[int], int]]:
    """A function for each carrier of the table, by name: it takes grams, and gives the price of a parcel in cents.

    The table has two prices for each carrier: for a parcel, and for every kilo that is begun. A weight that is not
    above 0 is refused with a ValueError.
    """
    return {carrier: _price(carrier, parcel, kilo) for carrier, (parcel, kilo) in table.items()}


def _price(carrier: str, parcel: int, kilo: int) -> Callable[[int], int]:
    def price(grams: int) -> int:
        if grams <= 0:
            raise ValueError(f"{carrier} takes no parcel of {grams} g.")
        return parcel + kilo * -(-grams // 1000)

    return price


def van_sheet(parcels: Iterable[Row]) -> dict[str, int]:
    """`grams` in all and of the `heaviest` parcel, without those that are `collected`; both are 0 for an empty van.

    Rows may come from a file: whatever can be gone through once will do.
    """
    grams = [row["grams"] for row in parcels if not row["collected"]]
    return {"grams": sum(grams), "heaviest": max(grams, default=0)}


def late(parcels: Iterable[Row], now: datetime) -> list[str]:
    """The `number` of each parcel that was `promised` before `now`, the longest overdue first.

    A time without an offset is UTC, wherever this runs.
    """
    overdue = [row for row in parcels if moment(row["promised"]) < moment(now)]
    overdue.sort(key=lambda row: moment(row["promised"]))
    return [row["number"] for row in overdue]


def moment(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.utcoffset() is None else time
