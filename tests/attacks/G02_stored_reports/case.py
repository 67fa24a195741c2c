"""Hands back a stored report that was made to hurt who reads it again: nested, endless, twice, NaN, half characters.

A report is read as carefully as if a candidate had written it. The control reads it with the ordinary parser, which
takes what means two things at once.
"""

import json

from tests.attacks.battery import Field, Outcome
from tests.reports.sample_reports import good

from djudge.engine.errors import OperatorFault
from djudge.engine.reports.reading import MOST_BYTES, read_report

REASON = "each refused as no report, in words"


def _documents() -> dict[str, bytes]:
    plain = good().to_json().encode()
    start = plain.rstrip()[:-1]
    return {
        "plain": plain,
        "twice": start + b', "isolated": true, "isolated": false}',
        "unknown": start + b', "extra": 1}',
        "NaN": plain.replace(b'"level": 2', b'"level": NaN', 1),
        "infinity": plain.replace(b'"level": 2', b'"level": 1e999', 1),
        "endless number": plain.replace(b'"level": 2', b'"level": ' + b"9" * 100_000, 1),
        "nested": start + b', "extra": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        "unclosed": b"[" * 1_000_000,
        "no UTF-8": plain.replace(b'"SH4"', b'"\xff\xfe"', 1),
        "half a character": plain.replace(b'"SH4"', b'"\\ud800"', 1),
        "another encoding": plain.decode().encode("utf-16"),
        "enormous": b" " * (MOST_BYTES + 1),
        "nothing": b"",
        "a list": b"[]",
    }


def attempt(field: Field) -> Outcome:
    said = {name: _told(content) for name, content in _documents().items()}
    taken = [name for name, told in said.items() if told == "" and name != "plain"]
    strange = [f"{name}: {told}" for name, told in said.items() if told and (len(told) > 400 or not told.isprintable())]
    return Outcome(succeeded=bool(taken), reason=f"taken: {taken}" if taken else ", ".join(strange) or REASON)


def _told(content: bytes) -> str:
    """The refusal; empty where it was taken for a report."""
    try:
        read_report(content)
    except OperatorFault as fault:
        return fault.what
    return ""


def control(field: Field) -> Outcome:
    documents = _documents()
    ordinary = json.loads(documents["twice"])["isolated"] is False and json.loads(documents["NaN"])
    plain = _told(documents["plain"])
    return Outcome(succeeded=bool(ordinary) and plain == "", reason=plain or "the ordinary parser refuses it")
