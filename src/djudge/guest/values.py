"""Values that cross the wire, as JSON with tags: decided by exact built-in types, by nothing that a value says.

Both sides use it. `None`, `bool`, `str`, `int`, `float` and `list` are themselves in JSON; everything else is an object
with one key, the tag. What is none of the types below (a subclass, an instance of anybody's class, what is too deep or
too large) is not looked into: `other` makes something of it, in the guest a numbered reference. So an object whose
equality, length, repr or JSON always agrees is never asked.
"""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import math
import re
from collections.abc import Callable
from typing import Any, Final

from djudge.guest.wire import Json, WireError

#: A nest of values costs two levels of a head, which may have sixteen.
DEPTH: Final = 5
ITEMS: Final = 5_000
BYTES: Final = 32 * 1024
_INT_BITS: Final = 4096
_TEXT: Final = 200
_PLAIN: Final = 2**63

type Other = Callable[[object], Json]
type Special = Callable[[str, Json], object]

_DECIMAL: Final = re.compile(r"-?(?:\d+(?:\.\d*)?(?:E[+-]?\d{1,4})?|Infinity|NaN)", re.ASCII)
_HEX: Final = re.compile(r"-?0x[0-9a-f]{1,1024}", re.ASCII)
_FLOATS: Final = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class _UnfitError(Exception):
    """This value does not cross as it is."""


def encode(value: object, other: Other, depth: int = DEPTH) -> Json:
    """A value as tagged JSON; what has no exact built-in type becomes what `other` makes of it."""
    try:
        return _encode(value, other, depth)
    except (_UnfitError, RuntimeError):  # a list that another thread changes meanwhile
        return other(value)


def _encode(value: Any, other: Other, depth: int) -> Json:
    kind = type(value)
    if value is None or kind is bool:
        return value  # type: ignore[no-any-return]
    if kind in _SCALARS:
        return _SCALARS[kind](value)
    if kind in _CONTAINERS:
        return _container(value, other, depth)
    raise _UnfitError


def _container(value: Any, other: Other, depth: int) -> Json:
    if depth <= 0 or len(value) > ITEMS:
        raise _UnfitError
    kind = type(value)
    if kind is dict:
        pairs = [part for pair in list(value.items()) for part in pair]
        return {"dict": [encode(part, other, depth - 1) for part in pairs]}
    items: list[Json] = [encode(item, other, depth - 1) for item in list(value)]
    if kind is list:
        return items
    if kind is not tuple:
        items.sort(key=lambda item: json.dumps(item))
    return {kind.__name__: items}


def _text(value: str) -> Json:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _UnfitError from None
    return value


def _int(value: int) -> Json:
    if -_PLAIN <= value < _PLAIN:
        return value
    if value.bit_length() > _INT_BITS:
        raise _UnfitError
    return {"int": hex(value)}


def _bytes(value: bytes) -> Json:
    if len(value) > BYTES:
        raise _UnfitError
    return {"bytes": base64.b64encode(value).decode()}


def _decimal(value: decimal.Decimal) -> Json:
    text = str(value)
    if len(text) > _TEXT or not _DECIMAL.fullmatch(text):
        raise _UnfitError
    return {"decimal": text}


def _datetime(value: datetime.datetime) -> Json:
    return {"datetime": _iso(value, value.tzinfo)}


def _time(value: datetime.time) -> Json:
    return {"time": _iso(value, value.tzinfo)}


def _iso(value: datetime.datetime | datetime.time, zone: datetime.tzinfo | None) -> str:
    if zone is not None and type(zone) is not datetime.timezone:
        raise _UnfitError
    return value.isoformat()


_SCALARS: Final[dict[type, Callable[[Any], Json]]] = {
    str: _text,
    int: _int,
    float: lambda value: value if math.isfinite(value) else {"float": str(value)},
    bytes: _bytes,
    decimal.Decimal: _decimal,
    datetime.datetime: _datetime,
    datetime.date: lambda value: {"date": value.isoformat()},
    datetime.time: _time,
    datetime.timedelta: lambda value: {"timedelta": [value.days, value.seconds, value.microseconds]},
}
_CONTAINERS: Final = frozenset({list, tuple, dict, set, frozenset})


def decode(content: Json, special: Special) -> Any:
    """The value again, from hostile JSON: `WireError` for what `encode` would not have written.

    `special` is asked for tags that are not here (references, collaborators), and raises `WireError` for what is none.
    """
    if isinstance(content, list):
        return [decode(item, special) for item in content]
    if not isinstance(content, dict):
        return content
    if len(content) != 1:
        raise WireError("A value has another number of tags than one.")
    ((tag, inner),) = content.items()
    try:
        if tag in _READERS:
            return _READERS[tag](inner)
        if tag in _COLLECTIONS:
            return _COLLECTIONS[tag]([decode(item, special) for item in _list(inner)])
    except (ValueError, TypeError, ArithmeticError, KeyError):
        raise WireError(f"A value is no {tag}.") from None
    return special(tag, inner)


def _list(inner: Json) -> list[Json]:
    if not isinstance(inner, list):
        raise ValueError
    return inner


def _matching(pattern: re.Pattern[str], inner: Json) -> str:
    if not isinstance(inner, str) or not pattern.fullmatch(inner):
        raise ValueError
    return inner


def _read_text(inner: Json) -> str:
    if not isinstance(inner, str) or len(inner) > _TEXT:
        raise ValueError
    return inner


def _read_bytes(inner: Json) -> bytes:
    if not isinstance(inner, str):
        raise ValueError
    return base64.b64decode(inner, validate=True)


def _read_timedelta(inner: Json) -> datetime.timedelta:
    days, seconds, microseconds = _list(inner)
    if not all(type(part) is int for part in (days, seconds, microseconds)):
        raise ValueError
    return datetime.timedelta(days, seconds, microseconds)  # type: ignore[arg-type]


def _pairs(items: list[Any]) -> dict[Any, Any]:
    found = dict(zip(items[::2], items[1::2], strict=True))
    if len(found) * 2 != len(items):
        raise ValueError
    return found


def _distinct[T](make: Callable[[list[Any]], T]) -> Callable[[list[Any]], T]:
    def made(items: list[Any]) -> T:
        if len(set(items)) != len(items):
            raise ValueError
        return make(items)

    return made


_READERS: Final[dict[str, Callable[[Json], Any]]] = {
    "int": lambda inner: int(_matching(_HEX, inner), 16),
    "float": lambda inner: _FLOATS[_read_text(inner)],
    "bytes": _read_bytes,
    "decimal": lambda inner: decimal.Decimal(_matching(_DECIMAL, _read_text(inner))),
    "datetime": lambda inner: datetime.datetime.fromisoformat(_read_text(inner)),
    "date": lambda inner: datetime.date.fromisoformat(_read_text(inner)),
    "time": lambda inner: datetime.time.fromisoformat(_read_text(inner)),
    "timedelta": _read_timedelta,
}
_COLLECTIONS: Final[dict[str, Callable[[list[Any]], Any]]] = {
    "tuple": tuple,
    "dict": _pairs,
    "set": _distinct(set),
    "frozenset": _distinct(frozenset),
}
