"""The reader of frames, against bytes of every kind."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from djudge.guest import wire
from djudge.guest.wire import FrameReader, WireError, body, frame, head, parse_head

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False,
    allow_infinity=False) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20), lambda inner:
    st.lists(inner, max_size=4) | st.dictionaries( st.text(st.characters(exclude_categories=["Cs"]),
    max_size=8), inner, max_size=4), max_leaves=10,
)  # fmt: skip


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), plain, max_size=5))
def test_what_was_written_is_read(fields: dict[str, wire.Json]) -> None:
    reader = FrameReader()
    for byte in head(wire.READY, fields):
        assert reader.take() is None
        reader.feed(bytes([byte]))
    taken = reader.take()
    assert taken is not None
    assert taken[0] == wire.READY
    assert parse_head(taken[1]) == fields


@given(st.binary(max_size=300))
def test_any_bytes_are_a_frame_an_error_or_not_yet_whole(content: bytes) -> None:
    reader = FrameReader()
    reader.feed(content)
    try:
        while (taken := reader.take()) is not None:
            assert taken[0] in wire.KINDS
    except WireError:
        pass


@given(st.binary(max_size=200))
def test_any_bytes_are_a_head_or_an_error(content: bytes) -> None:
    with suppress(WireError):
        assert isinstance(parse_head(content), dict)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"[]", b"1", b'"text"', b"{", b'{"a":NaN}', b'{"a":Infinity}', b'{"a":1e400}',
        b'{"a":1,"a":2}', b'{"a":{"b":1,"b":1}}', b'{"a":"\xff"}', b'{"a":"\\ud800"}', b'{"\\udfff":1}',
        b"[" * 100_000, b'{"a":' * 17 + b"1" + b"}" * 17, b'{"a":' + b"9" * 5000 + b"}", b'{"a":1} {"b":2}',
        b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
def test_heads_that_two_parsers_could_read_differently_are_refused(content: bytes) -> None:
    with pytest.raises(WireError):
        parse_head(content)


def test_brackets_in_texts_are_no_depth() -> None:
    fields: dict[str, wire.Json] = {"a": "[" * 1000 + '"\\' + "{" * 1000}
    assert parse_head(json.dumps(fields).encode()) == fields
    nested = b'{"a":' * 16 + b"1" + b"}" * 16
    assert parse_head(nested)


def test_frames_have_their_longest() -> None:
    assert [len(one) for one in body(b"x" * 70_000)] == [65_541, 4_469]
    reader = FrameReader()
    reader.feed(frame(wire.BODY, b"x" * 65_536) + frame(wire.BODY, b"x" * 65_537))
    assert reader.take() == (wire.BODY, b"x" * 65_536)
    with pytest.raises(WireError, match="too long"):
        reader.take()
    with pytest.raises(WireError, match="too long"):
        head(wire.FAULT, {"detail": "x" * 70_000})
