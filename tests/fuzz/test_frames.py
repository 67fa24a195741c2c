"""Frames from guests, from our own supervisor and from the child that runs a task's code."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from tests.fuzz.mutating import FUZZED, fuzz, mutated, mutated_json, no_hang

from djudge.engine.errors import CandidateFault, DjudgeError, InfrastructureError, SandboxUnavailable, TaskFault
from djudge.engine.packs.trusted_frames import (
    ERROR,
    ERROR_BYTES,
    PROGRESS,
    RESULT,
    FrameReader,
    error_from_json,
    error_to_json,
    frame,
)
from djudge.engine.sandbox.calling import MOST_USES, Given, Left, Reference, Result, TooManyUsesError, Used
from djudge.engine.sandbox.channel import ClosedError
from djudge.engine.sandbox.contract import Answer, Limits, Request
from djudge.engine.sandbox.exchange import Exchange, ResponseLimitError
from djudge.engine.sandbox.heads import Fields
from djudge.engine.sandbox.report import Report
from djudge.guest import wire
from djudge.guest.wire import WireError

RUN = "0" * 32
LIMITS = Limits(response_mb=1)
_KINDS = (*sorted(wire.KINDS), b"\0\0\0\0", b"\0\0\xff\xff", b"\xff\xff\xff\xff")

HEADS: list[Any] = [
    {"run": RUN, "phase": "starting"},
    {"run": RUN},
    {"run": RUN, "phase": "migrating", "kind": "x", "what": "y", "detail": "z", "file": "a.py", "line": 3},
    {"run": RUN, "id": 1, "status": 200, "headers": [["Content-Type", "text/html"], ["X-A", "b"]]},
    {"run": RUN, "id": 1, "cut": False, "broken": False},
    {"run": RUN, "status": 0},
    {"reason": "stopped", "status": -9, "printed": 5, "peak_memory_kb": 9, "peak_processes": 2},
    {"layer": "seccomp", "what": "not here"},
]


def head(kind: bytes, fields: Any) -> bytes:
    return wire.frame(kind, json.dumps(fields).encode())


READY = head(wire.PHASE, HEADS[0]) + head(wire.PHASE, HEADS[0] | {"phase": "migrating"}) + head(wire.READY, HEADS[1])
ANSWER = head(wire.ANSWER, HEADS[3]) + b"".join(wire.body(b"<p>" * 100)) * 2 + head(wire.END, HEADS[4])
ENDING = head(wire.ENDING, HEADS[6]) + b"".join(wire.body(b"printed")) + head(wire.END, {})
STREAMS = [
    READY + ANSWER,
    READY + head(wire.EXIT, HEADS[5]),
    head(wire.FAULT, HEADS[2]),
    READY,
    READY + ANSWER + ANSWER,
]


@st.composite
def spoken(draw: st.DrawFn) -> bytes:
    """Frames in an order of their own, their heads changed field by field: more than bytes alone come to."""
    frames = []
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(sorted(wire.KINDS)))
        payload = json.dumps(draw(mutated_json(HEADS, most=2))).encode()
        frames.append(wire.frame(kind, payload[: wire.HEAD_BYTES]))
    return b"".join(frames)


def streams(right: list[bytes]) -> st.SearchStrategy[bytes]:
    return st.one_of(mutated(right, _KINDS), spoken(), st.builds(lambda one: READY + one, mutated(right, _KINDS)))


def converse(stream: bytes) -> None:
    """What a guest says to the judge, as far as it gets."""
    own, theirs = socket.socketpair()
    report, supervisor = socket.socketpair()
    with own, theirs, report, supervisor:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        theirs.setblocking(False)
        with suppress(BlockingIOError):
            theirs.send(stream)
        theirs.shutdown(socket.SHUT_WR)
        exchange = Exchange(run=RUN, limits=LIMITS, result=own, report=report)
        end = time.monotonic() + 30
        with suppress(WireError, ClosedError, ResponseLimitError):
            if exchange.await_ready(end, lambda phase: None) is None:
                exchange.send(Request(target="/"), end)
                answer = exchange.receive_answer(end)
                assert_sound(answer)
                exchange.await_exit(end)


def assert_sound(answer: Answer) -> None:
    assert 100 <= answer.status <= 599
    assert len(answer.headers) <= 200
    assert all("\n" not in text and "\0" not in text for header in answer.headers for text in header)
    assert len(answer.body) <= LIMITS.response_mb * 1024 * 1024


@FUZZED
def test_what_a_guest_says_is_an_answer_within_bounds_or_a_broken_wire(examples: int) -> None:
    fuzz(examples, streams(STREAMS), converse)


CALLED: list[Any] = [
    {"run": RUN, "id": 1, "value": {"dict": ["a", {"decimal": "1.5"}, 2, {"tuple": [{"bytes": "eHk="}, None, 2**62]}]}},
    {"run": RUN, "id": 2, "value": [{"ref": [1, "a.B"]}, {"collaborator": 1}, {"float": "nan"}, {"int": "-0xff"}]},
    {"run": RUN, "id": 1, "raised": {"ref": {"ref": [2, "x"]}, "type": "x", "known": True, "args": {"tuple": ["w"]}}},
    {"run": RUN, "use": 1, "collaborator": 1, "method": "get", "args": [{"set": [1, 2]}], "kwargs": {"dict": ["k", 1]}},
    {"run": RUN, "use": 1},
    {"run": RUN, "id": 3, "value": [
        {"date": "2019-03-01"}, {"datetime": "2019-03-01T08:00:00+01:00"}, {"time": "08:00"}, {"timedelta": [1, 2, 3]},
        {"frozenset": ["a"]}]},
]  # fmt: skip
_CALL_KINDS = (wire.RESULT, wire.RESULT, wire.RESULT, wire.USE, wire.LEFT, wire.RESULT)
_EACH_CALL = [head(kind, fields) for kind, fields in zip(_CALL_KINDS, CALLED, strict=True)]
CALLS = [b"".join(_EACH_CALL[number] for number in (3, 4, 0, 5)), *_EACH_CALL]


@st.composite
def called(draw: st.DrawFn) -> bytes:
    """Results, uses and leavings in an order of their own, their heads changed field by field."""
    frames = []
    for _ in range(draw(st.integers(1, 6))):
        payload = json.dumps(draw(mutated_json(CALLED, most=2))).encode()
        frames.append(wire.frame(draw(st.sampled_from(_CALL_KINDS)), payload[: wire.HEAD_BYTES]))
    return b"".join(frames)


def listen(stream: bytes) -> None:
    """What a guest that is called says to the judge, as far as it gets."""
    own, theirs = socket.socketpair()
    with own, theirs:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        theirs.setblocking(False)
        line = Exchange(run=RUN, limits=LIMITS, result=own, report=theirs).calls
        line.give(1)
        line._operations |= {1, 2, 3}
        with suppress(BlockingIOError):
            theirs.send(stream)
        theirs.shutdown(socket.SHUT_WR)
        with suppress(WireError, ClosedError, TooManyUsesError):
            while True:
                assert_plain(line.receive(time.monotonic() + 30))


def assert_plain(event: object) -> None:
    match event:
        case Result(operation=number, value=value, raised=None):
            assert number in (1, 2, 3)
            assert_exact(value)
        case Result(raised=raised):
            assert raised is not None
            assert_exact(raised.args)
        case Used():
            assert event.collaborator == 1
            assert 1 <= event.number <= MOST_USES
            assert_exact([event.args, event.kwargs])
        case _:
            assert isinstance(event, Left)


def assert_exact(value: object) -> None:
    """Nothing but the types that the format knows."""
    if type(value) in (list, tuple, set, frozenset):
        for one in value:  # type: ignore[attr-defined]
            assert_exact(one)
    elif type(value) is dict:
        for pair in value.items():
            assert_exact(pair)
    elif value is not None:
        known = (bool, int, float, str, bytes, Decimal, date, datetime, time_of_day, timedelta, Reference, Given)
        assert type(value) in known


@FUZZED
def test_what_a_called_guest_says_is_made_of_exact_types_or_a_broken_wire(examples: int) -> None:
    fuzz(examples, st.one_of(mutated(CALLS, _KINDS), called()), listen)


@FUZZED
def test_a_head_is_an_object_of_plain_json_or_a_broken_wire(examples: int) -> None:
    def parse(payload: bytes) -> None:
        with suppress(WireError):
            fields = wire.parse_head(payload)
            assert json.loads(json.dumps(fields, allow_nan=False)) == fields
            question(Fields(fields))

    right = [json.dumps(one).encode() for one in HEADS]
    fuzz(examples, mutated(right), parse)


def question(fields: Fields) -> None:
    for ask in (
        lambda: fields.text("run", 64),
        lambda: fields.one_of("phase", ("starting",)),
        lambda: fields.number("id", 0, 9),
        lambda: fields.number("status", 100, 599),
        lambda: fields.flag("cut"),
        fields.place,
        lambda: fields.pairs("headers"),
    ):
        with suppress(WireError):
            ask()


@FUZZED
def test_frames_are_the_same_in_whatever_pieces_they_come(examples: int) -> None:
    def read(given: tuple[bytes, int]) -> None:
        stream, size = given
        whole, pieces = wire.FrameReader(), wire.FrameReader()
        whole.feed(stream)
        expected, found = frames_of(whole), []
        for at in range(0, len(stream), size):
            pieces.feed(stream[at : at + size])
            found += frames_of(pieces)
            if found[-1:] == ["broken"]:
                break
        assert found == expected

    fuzz(examples, st.tuples(streams(STREAMS), st.sampled_from((1000, 4096, 65536))), read)


def frames_of(reader: wire.FrameReader) -> list[object]:
    found: list[object] = []
    try:
        while one := reader.take():
            found.append(one)
    except WireError:
        found.append("broken")
    return found


@FUZZED
def test_what_a_supervisor_reports_is_an_ending_or_our_own_fault(examples: int) -> None:
    def report(stream: bytes) -> None:
        own, theirs = socket.socketpair()
        with own, theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
            theirs.setblocking(False)
            with suppress(BlockingIOError):
                theirs.send(stream)
            theirs.shutdown(socket.SHUT_WR)
            with suppress(InfrastructureError, SandboxUnavailable):
                assert Report(own).stop().reason

    right = [ENDING, head(wire.REFUSAL, HEADS[7]), head(wire.REFUSAL, HEADS[7] | {"layer": ""})]
    fuzz(examples, streams(right), report)


def test_the_longest_head_is_read_in_one_go() -> None:
    """64 KiB made of what could be read again from each of its places."""
    for piece in (b'\\"', b'"', b'"\\', b"[]", b'{"', b"\\", b'"a":', b"1,", b"\\u", b'"\\u00', b"  "):
        for opening in (b"", b'"', b'{"run": "'):
            with no_hang(5), pytest.raises(WireError):
                wire.parse_head((opening + piece * wire.HEAD_BYTES)[: wire.HEAD_BYTES])


# The child that runs a task's code.

AUTHOR = Path("/packs/shop")
ERRORS: list[Any] = [
    error_to_json(TaskFault("what", "cure", path=AUTHOR / "observe.py", line=3), AUTHOR),
    error_to_json(CandidateFault("what", phase="observing", kind="died", detail="x", file="a.py", line=1), AUTHOR),
    error_to_json(InfrastructureError("what", kind="disk_full"), AUTHOR),
    error_to_json(SandboxUnavailable("seccomp", "what"), AUTHOR),
]
TOLD = [
    frame(PROGRESS, json.dumps(["observing", "1 of 3"])) + frame(RESULT, json.dumps({"seen": {}, "answered": {}})),
    frame(PROGRESS, "[]") * 5,
    *(frame(ERROR, json.dumps(one)) for one in ERRORS),
]


@FUZZED
def test_a_trusted_child_sends_frames_or_it_is_the_authors_fault(examples: int) -> None:
    def read(stream: bytes) -> None:
        reader = FrameReader()
        with suppress(TaskFault):
            for at in range(0, len(stream), 999):
                for one in reader.feed(stream[at : at + 999], most=1000):
                    assert len(json.dumps(one.content)) <= 8 * ERROR_BYTES
                    if one.kind == ERROR:
                        assert isinstance(error_from_json(one.content), DjudgeError)

    fuzz(examples, mutated(TOLD, (b"R", b"E", b"P", b"\0\0\0\1")), read)


@FUZZED
def test_an_error_that_crosses_is_one_of_ours_whatever_it_says(examples: int) -> None:
    def read(content: Any) -> None:
        error = error_from_json(content)
        assert isinstance(error, DjudgeError)
        assert error.fault in ("candidate", "task_author", "operator", "djudge")
        assert str(error) is not None

    fuzz(examples, mutated_json(ERRORS), read)


def test_a_trusted_child_that_says_what_is_no_frame_is_the_authors_fault() -> None:
    for content in ("{", "[" * 100_000, "1" * 5000, "nothing"):
        with pytest.raises(TaskFault):
            list(FrameReader().feed(frame(RESULT, content), most=200_000))
