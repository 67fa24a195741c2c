"""Hostile inputs made from right ones: most of each stays as it was, so that a parser gets far into it."""

from __future__ import annotations

import copy
import json
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import CodeType
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djudge.engine.probes.patience import within

#: A test takes `examples`: some hundred in each run of the suite, ten thousand in `make prove`.
FUZZED: Final = pytest.mark.parametrize(
    "examples", [pytest.param(200, id="200 inputs"), pytest.param(10_000, id="10000 inputs", marks=pytest.mark.prove)]
)

#: Nothing that a parser is given here takes a hundredth of it, unless it hangs.
_SECONDS: Final = 20

#: Values that a field of JSON has no business with.
SCALARS: Final[Sequence[Any]] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**70), 0.5, -0.0, 1e308, float("inf"), float("nan"), "", "0", "x",
    "\0", "\ud800", "‮", "\x1b[2J", "é" * 40, "x" * 5000, "../../etc/passwd", "{}", "[]", [], {}, [[]], {"": {}},
    [None] * 300, {"a": 1, "b": [2, {"c": "d"}]},
)  # fmt: skip

_WORDS: Final = (
    b"", b"\0", b"\xff", b"\xc3", b"\n", b"\r\n", b'"', b"'", b"\\", b"\\u0000", b"\\ud800", b"{", b"}", b"[", b"]",
    b"[" * 2000, b'{"a":' * 500, b"(" * 2000, b":", b",", b"=", b"#", b"0", b"-1", b"1e999", b"9" * 5000, b"NaN",
    b"null", b"true", b"a" * 3000, b" " * 3000, b"." * 300, b"\xe2\x80\xae", b"\xf0\x9f\x92\xa9", b"\xed\xa0\x80",
)  # fmt: skip


def fuzz[Value](examples: int, inputs: st.SearchStrategy[Value], check: Callable[[Value], object]) -> None:
    """Call `check` with so many inputs, always the same ones; each may take its time, and none may hang."""

    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(inputs)
    def each(value: Value) -> None:
        with no_hang():
            check(value)

    each()


def no_hang(seconds: int = _SECONDS) -> AbstractContextManager[None]:
    """Fail where the work stands still: with the stack of where it stood."""
    return within(seconds, AssertionError(f"still reading after {seconds} s"))


@st.composite
def mutated(draw: st.DrawFn, right: Sequence[bytes], words: Sequence[bytes] = (), most: int = 5) -> bytes:
    """One of the right inputs with up to `most` edits: something cut out, put in, doubled, or overwritten."""
    content = bytearray(draw(st.sampled_from(right)))
    own = (*_WORDS, *words) if words else _WORDS
    for _ in range(draw(st.integers(0, most))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        length = draw(st.sampled_from((1, 1, 2, 5, 40, 400)))
        match draw(st.sampled_from(("put", "put", "over", "cut", "double", "byte"))):
            case "put":
                content[at:at] = draw(st.sampled_from(own))
            case "over":
                word = draw(st.sampled_from(own))
                content[at : at + len(word)] = word
            case "cut":
                del content[at : at + length]
            case "double":
                content[at:at] = content[at : at + length] * draw(st.sampled_from((1, 2, 30)))
            case "byte":
                content[at : at + 1] = bytes([draw(st.integers(0, 255))])
    return bytes(content)


@st.composite
def mutated_json(draw: st.DrawFn, right: Sequence[Any], most: int = 4) -> Any:
    """One of the right documents with up to `most` values replaced, taken away, doubled or nested."""
    document = json.loads(json.dumps(draw(st.sampled_from(right))))
    for _ in range(draw(st.integers(0, most))):
        places = list(_places(document))
        if not places:
            return _hostile(draw)
        holder, key = places[draw(st.integers(0, len(places) - 1))]
        _edit(holder, key, draw(st.sampled_from(("set", "set", "drop", "wrap", "add"))), _hostile(draw))
    return document


def _hostile(draw: st.DrawFn) -> Any:
    return copy.deepcopy(draw(st.sampled_from(SCALARS)))


def _edit(holder: Any, key: Any, how: str, value: Any) -> None:
    match how:
        case "set":
            holder[key] = value
        case "drop":
            del holder[key]
        case "wrap":
            holder[key] = [holder[key]]
        case _ if isinstance(holder, list):
            holder.insert(key, value)
        case _:
            holder["unknown"] = value


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a document with each of its keys."""
    waiting = [document]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict | list):
            keys = list(holder) if isinstance(holder, dict) else range(len(holder))
            for key in keys:
                yield holder, key
                waiting.append(holder[key])


@contextmanager
def bounded_memory(megabytes: int) -> Iterator[None]:
    """Let this process take so much more than it has now; MemoryError beyond."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (megabytes << 20), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def steps(work: Callable[[], object]) -> int:
    """How many lines of Python the work takes: the same number on every machine."""
    count = 0

    def line(code: CodeType, number: int) -> None:
        nonlocal count
        count += 1

    monitoring = sys.monitoring
    monitoring.use_tool_id(monitoring.PROFILER_ID, "steps")
    monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.LINE, line)
    monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.LINE)
    try:
        work()
    finally:
        monitoring.set_events(monitoring.PROFILER_ID, 0)
        monitoring.free_tool_id(monitoring.PROFILER_ID)
    return count
