"""Answers the judge in JSON that parsers choke on or read differently: nested, endless, twice, NaN, half characters.

A head is short, shallow, in UTF-8, with each key once, or the guest is ended for it. The control sends a plain head by
the same way, which is taken; and the ordinary parser takes or dies of each of the others.
"""

import json

from tests.attacks.battery import Field, Outcome

REASON = "protocol, for each"

SOURCE = """
import gc, json, os, struct

def run():
    return next(one.run for one in gc.get_objects() if type(one).__name__ == "Voice")

def attack(kind):
    plain = json.dumps({"run": run(), "status": 0})[:-1].encode()
    deep = {"lists": (b"[", b"]"), "objects": (b'{"a":', b"}")}
    tails = {
        "plain": b"",
        "nested in a field": b', "x": ' + b"[" * 20 + b"]" * 20,
        "nested lists": b', "x": ' + b"[" * 30_000 + b"]" * 30_000,
        "nested objects": b', "x": ' + b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
        "unclosed": b', "x": ' + b"[" * 60_000,
        "NaN": b', "x": NaN',
        "infinity": b', "x": -Infinity',
        "infinity by digits": b', "x": 1e999',
        "endless number": b', "x": ' + b"9" * 60_000,
        "twice": b', "status": 1',
        "twice by an escape": b', "st\\\\u0061tus": 1',
        "no UTF-8": b', "x": "\\xff\\xfe"',
        "overlong": b', "x": "\\xc0\\xaf"',
        "half a character": b', "x": "\\\\ud800"',
        "half a character in a key": b', "\\\\udfff": 1',
        "raw surrogate": b', "x": "\\xed\\xa0\\x80"',
        "a megabyte": b', "x": "' + b"a" * 2**20 + b'"',
        "more after the end": b'} {"status": 1',
        "line break in a text": b', "x": "a\\nb"',
    }
    payload = plain + tails[kind] + b"}"
    frame = struct.pack(">cI", b"X", len(payload)) + payload
    while frame:
        frame = frame[os.write(3, frame):]
    os._exit(0)
"""
KINDS = (
    "nested in a field", "nested lists", "nested objects", "unclosed", "NaN", "infinity", "infinity by digits",
    "endless number", "twice", "twice by an escape", "no UTF-8", "overlong", "half a character",
    "half a character in a key", "raw surrogate", "a megabyte", "more after the end", "line break in a text",
)  # fmt: skip


def attempt(field: Field) -> Outcome:
    said = {kind: field.program(SOURCE, kind) for kind in KINDS}
    other = [
        f"{kind}: {tried.stopped_by or tried.status}" for kind, tried in said.items() if tried.stopped_by != "protocol"
    ]
    taken = [kind for kind, tried in said.items() if tried.status is not None]
    return Outcome(succeeded=bool(taken), reason=", ".join(other) or REASON)


def control(field: Field) -> Outcome:
    plain = field.program(SOURCE, "plain")
    ordinary = [json.loads(text) for text in ('{"x": NaN}', '{"x": 1, "x": 2}', '{"x": "\\ud800"}', '{"x": 1e999}')]
    return Outcome(succeeded=plain.status == 0 and len(ordinary) == 4, reason=f"{plain.stopped_by} {plain.status}")
