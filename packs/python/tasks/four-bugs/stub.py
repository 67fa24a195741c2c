"""What the packing table asks, asked of somebody who knows."""

from collections.abc import Collection, Mapping
from datetime import datetime, timezone

CARD = "gift card"
Row = Mapping
#: Kept where somebody reloads the module.
_ask = globals().get("_ask")


def connect(ask):
    """Have questions answered by this from now on."""
    global _ask
    _ask = ask


def _plain(value):
    """With times of any zone and rows of any kind in the shape that crosses."""
    if isinstance(value, datetime):
        offset = value.utcoffset()
        return datetime.combine(value.date(), value.time(), None if offset is None else timezone(offset))
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return tuple(value) if isinstance(value, tuple) else value


def packing_list(articles, *, gift=False, extras=None):
    """What goes into one parcel."""
    answer = _ask("packing_list", list(articles), bool(gift), None if extras is None else list(extras))
    if isinstance(extras, list) and extras != answer["extras"]:
        extras[:] = answer["extras"]
    return answer["list"]


def postage(table):
    """A function for each carrier."""
    table = _plain(table)
    return {carrier: _price(table, carrier) for carrier in _ask("carriers", table)}


def _price(table, carrier):
    def price(grams):
        answer = _ask("price", table, carrier, grams)
        if "refused" in answer:
            raise ValueError(answer["refused"])
        return answer["cents"]

    return price


def van_sheet(parcels):
    """What the van carries."""
    return _ask("van_sheet", [_plain(row) for row in parcels], not isinstance(parcels, Collection))


def late(parcels, now):
    """What is late."""
    return _ask("late", [_plain(row) for row in parcels], _plain(now))
