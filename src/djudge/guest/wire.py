"""The frames between the judge and what it started: one byte of kind, four of length, then the payload.

Both sides use this module, and docs/reference/wire.md describes it. Everything that is read here may come
from candidate code, so a reader takes nothing on trust: not the length, not the encoding, not the shape.
"""

from __future__ import annotations

import json
import math
import re
import struct
from itertools import accumulate
from typing import Final, NoReturn

type Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

HEAD_BYTES: Final = 64 * 1024
CHUNK_BYTES: Final = 64 * 1024
DEPTH: Final = 16

#: Kinds from the judge.
REQUEST: Final = b"H"
BODY: Final = b"B"
END: Final = b"E"
STOP: Final = b"S"
CALL: Final = b"C"
REPLY: Final = b"Y"
#: Kinds from the guest; BODY and END serve both directions.
PHASE: Final = b"P"
READY: Final = b"R"
FAULT: Final = b"F"
ANSWER: Final = b"A"
EXIT: Final = b"X"
RESULT: Final = b"V"
USE: Final = b"U"
LEFT: Final = b"L"
#: Kinds from the supervisor.
ENDING: Final = b"D"
REFUSAL: Final = b"!"

#: What carries bytes as they are; every other kind carries a JSON object.
RAW: Final = frozenset({BODY})
KINDS: Final = frozenset(
    {REQUEST, BODY, END, STOP, CALL, REPLY, PHASE, READY, FAULT, ANSWER, EXIT, RESULT, USE, LEFT, ENDING, REFUSAL}
)

_PREFIX: Final = struct.Struct(">cI")
#: A string, or what is none because it does not end: possessive, so that no byte of it is read a second time.
_STRINGS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_STEP: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class WireError(Exception):
    """The other side did not keep to the format; nothing that it sends afterwards can be understood."""


def frame(kind: bytes, payload: bytes) -> bytes:
    """One frame, ready to be sent."""
    return _PREFIX.pack(kind, len(payload)) + payload


def head(kind: bytes, fields: dict[str, Json]) -> bytes:
    """One frame with a JSON object. A head above 64 KiB is a mistake of the sender and raises `WireError`."""
    payload = json.dumps(fields, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()
    if len(payload) > HEAD_BYTES:
        raise WireError(f"A head of {len(payload)} bytes is too long.")
    return frame(kind, payload)


def body(content: bytes) -> list[bytes]:
    """The content as body frames of at most 64 KiB."""
    return [frame(BODY, content[at : at + CHUNK_BYTES]) for at in range(0, len(content), CHUNK_BYTES)]


class FrameReader:
    """Cuts a stream of bytes into frames. It never holds more than one frame and what came in one piece behind it."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, piece: bytes) -> None:
        """Take in what arrived."""
        self._buffer += piece

    def take(self) -> tuple[bytes, bytes] | None:
        """The next whole frame as kind and payload, or None until more has arrived."""
        if len(self._buffer) < _PREFIX.size:
            return None
        kind, length = _PREFIX.unpack_from(self._buffer)
        if kind not in KINDS:
            raise WireError("A frame of an unknown kind.")
        if length > (CHUNK_BYTES if kind in RAW else HEAD_BYTES):
            raise WireError(f"A frame of {length} bytes is too long.")
        end = _PREFIX.size + length
        if len(self._buffer) < end:
            return None
        payload = bytes(self._buffer[_PREFIX.size : end])
        del self._buffer[:end]
        return kind, payload

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left over: half a frame at the end of a stream is a broken stream."""
        return not self._buffer


def parse_head(payload: bytes) -> dict[str, Json]:
    """A JSON object from hostile bytes.

    Refuses with `WireError` what two parsers could read differently or one could choke on: invalid UTF-8,
    lone surrogates, duplicate keys, NaN and infinities, endless numbers, nesting deeper than 16.
    """
    if len(payload) > HEAD_BYTES:
        raise WireError("A head is too long.")
    _refuse_depth(payload)
    try:
        value = json.loads(
            payload.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise WireError(f"A head is not plain JSON ({type(error).__name__}).") from None
    if not isinstance(value, dict):
        raise WireError("A head is not a JSON object.")
    return value


def _refuse_depth(payload: bytes) -> None:
    brackets = (_STEP[byte] for byte in _STRINGS.sub(b"", payload) if byte in _STEP)
    if max(accumulate(brackets), default=0) > DEPTH:
        raise WireError("A head is nested too deeply.")


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("duplicate key")
    return fields


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
