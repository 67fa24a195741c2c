"""Runs a task author's code in a child with a deadline, so that no mistake in it stops the judge.

The code is trusted, and may be wrong all the same: it may hang, crash the interpreter or return a gigabyte.
The child is forked, so the parent must have one thread; everything comes back as JSON over a pipe, errors by
name, nothing is pickled. With `pure=True` the child can read and compute, and can neither write, connect nor
start anything.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

from djudge.engine.errors import InfrastructureError, TaskFault
from djudge.engine.forking import signals_held
from djudge.engine.packs.trusted_child import TRACE_SIGNAL, run_child
from djudge.engine.packs.trusted_frames import ERROR, PROGRESS, RESULT, Frame, FrameReader, error_from_json
from djudge.engine.values import Json

MAX_BYTES: Final = 1_000_000

_TRACE_SECONDS: Final = 0.5
_TRACE_BYTES: Final = 64 * 1024


def call_with_deadline(
    function: Callable[..., Json],
    *arguments: object,
    seconds: float,
    max_bytes: int = MAX_BYTES,
    on_progress: Callable[..., None] | None = None,
    author: Path | None = None,
    pure: bool = False,
) -> Json:
    """What `function(*arguments)` returns, computed in a forked child; costs some milliseconds.

    `author` is the folder of the code that is to blame for a crash, a time-out, an answer that is no JSON or
    is larger than `max_bytes`: these raise TaskFault with the line in that folder. Errors of the engine
    (CandidateFault, OperatorFault, ...) come out as they were raised. What the child says with
    `report_progress` goes to `on_progress`. When this returns, the child and its process group are gone.
    """
    child = _start(function, arguments, max_bytes, author, pure=pure, cpu_seconds=seconds)
    try:
        outcome = _attend(child, seconds, max_bytes, on_progress)
        if outcome is None:
            _blame_death(child, author)
    except _Late:
        raise _time_out(child, seconds, author) from None
    finally:
        child.end()
    if outcome.kind == ERROR:
        raise error_from_json(outcome.content)
    return outcome.content


class _Late(Exception):
    """The deadline passed."""


@dataclass(slots=True)
class _Child:
    """A running child: what it says, and where it writes its stack when it is asked for it."""

    pid: int
    pidfd: int
    answers: int
    traces: int
    status: int | None = None
    reader: FrameReader = field(default_factory=FrameReader)

    def end(self) -> None:
        """Stops what is left of the child and of its process group. Called once."""
        self.reap()
        for descriptor in (self.pidfd, self.answers, self.traces):
            os.close(descriptor)

    def reap(self) -> int:
        """The exit status, after the whole group was killed."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status


def _start(
    function: Callable[..., Json],
    arguments: tuple[object, ...],
    max_bytes: int,
    author: Path | None,
    *,
    pure: bool,
    cpu_seconds: float,
) -> _Child:
    answers, answers_end = os.pipe()
    traces, traces_end = os.pipe()
    with signals_held():
        pid = os.fork()
        if pid == 0:
            # Still held: a Ctrl-C that is raised here would unwind the parent's stack in the child.
            os.close(answers)
            os.close(traces)
            run_child(
                lambda: function(*arguments),
                answers=answers_end,
                traces=traces_end,
                max_bytes=max_bytes,
                author=author,
                cpu_seconds=cpu_seconds if pure else None,
            )
    os.close(answers_end)
    os.close(traces_end)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)
    os.set_blocking(answers, False)
    return _Child(pid=pid, pidfd=os.pidfd_open(pid), answers=answers, traces=traces)


def _attend(child: _Child, seconds: float, max_bytes: int, on_progress: Callable[..., None] | None) -> Frame | None:
    """The frame that ends the work, or None when the child died without one. Raises _Late at the deadline."""
    deadline = time.monotonic() + seconds
    for frame in _frames(child, deadline, max_bytes):
        if frame.kind == PROGRESS:
            if on_progress and isinstance(frame.content, list):
                on_progress(*map(str, frame.content))
        elif frame.kind in {RESULT, ERROR}:
            return frame
    return None


def _frames(child: _Child, deadline: float, max_bytes: int) -> Iterator[Frame]:
    while True:
        left = deadline - time.monotonic()
        ready = select.select([child.answers, child.pidfd], [], [], max(0.0, left))[0]
        if not ready:
            raise _Late
        ended = child.pidfd in ready
        while piece := _read(child.answers):
            yield from child.reader.feed(piece, most=max_bytes)
            if time.monotonic() > deadline:
                raise _Late
        if ended or piece == b"":
            return


def _read(descriptor: int) -> bytes | None:
    """What is there to read: b"" at the end, None when there is nothing yet."""
    try:
        return os.read(descriptor, 64 * 1024)
    except BlockingIOError:
        return None


def _time_out(child: _Child, seconds: float, author: Path | None) -> TaskFault:
    trace = _ask_for_trace(child)
    path, line = _place_in(trace, author)
    return TaskFault(
        f"The task's code did not end within {seconds:g} s.\n{trace}".rstrip(),
        "Look at the line that it was on.",
        path=path,
        line=line,
    )


def _ask_for_trace(child: _Child) -> str:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, TRACE_SIGNAL)
    if not select.select([child.traces], [], [], _TRACE_SECONDS)[0]:
        return ""
    time.sleep(0.05)
    return _read_trace(child)


def _read_trace(child: _Child) -> str:
    os.set_blocking(child.traces, False)
    try:
        return os.read(child.traces, _TRACE_BYTES).decode("utf-8", "replace")
    except BlockingIOError:
        return ""


def _place_in(trace: str, author: Path | None) -> tuple[Path | None, int | None]:
    """The innermost line of the author's in a stack as `faulthandler` writes it: innermost first."""
    for entry in trace.splitlines():
        before, _, rest = entry.strip().partition('", line ')
        path = Path(before.removeprefix('File "'))
        number = rest.partition(" ")[0]
        if author and number.isdigit() and path.is_relative_to(author):
            return path, int(number)
    return author, None


def _blame_death(child: _Child, author: Path | None) -> NoReturn:
    status = child.reap()
    trace = _read_trace(child)
    path, line = _place_in(trace, author)
    if status == -signal.SIGXCPU:
        what, cure = "The task's code used up its processor time.", "Make it do less."
    elif status < 0:
        name = signal.Signals(-status).name
        what, cure = f"The task's code ended by the signal {name}.", "Look for what crashes the interpreter."
    else:
        what, cure = f"The task's code left the interpreter (status {status}).", "It has to return."
    if author is None:
        raise InfrastructureError(f"{what}\n{trace}".rstrip(), cure, kind="child_died")
    raise TaskFault(f"{what}\n{trace}".rstrip(), cure, path=path, line=line)
