"""The child's side of `running_trusted`: from the fork to the end of an author's function."""

from __future__ import annotations

import faulthandler
import json
import math
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

from djudge.engine.errors import TaskFault
from djudge.engine.forking import HELD, die_with_parent
from djudge.engine.packs.trusted_frames import ERROR, PROGRESS, RESULT, error_to_json, frame
from djudge.engine.values import Json

#: Makes the child write the stack it is on, even where it hangs in C code.
TRACE_SIGNAL: Final = signal.SIGUSR1

_MEMORY: Final = 1024**3
_PROGRESS_WORDS: Final = 4
_PROGRESS_CHARACTERS: Final = 500
_PROGRESS_LINES: Final = 20_000

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_REFUSED_EVENTS: Final = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.kill", "pty.spawn",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown",
    "os.truncate", "shutil.", "tempfile.",
)  # fmt: skip


class _Line:
    """Where progress goes: nowhere in the judge's own process, to the pipe in a child."""

    descriptor: int | None = None
    left = _PROGRESS_LINES


def report_progress(*words: str) -> None:
    """Tells the judge how far the work is. In no child of `call_with_deadline` it does nothing."""
    if _Line.descriptor is not None and _Line.left > 0:
        _Line.left -= 1
        told = [str(word)[:_PROGRESS_CHARACTERS] for word in words[:_PROGRESS_WORDS]]
        _write(_Line.descriptor, frame(PROGRESS, json.dumps(told)))


def run_child(
    work: Callable[[], Json],
    *,
    answers: int,
    traces: int,
    max_bytes: int,
    author: Path | None,
    cpu_seconds: float | None,
) -> NoReturn:
    """Does the work, sends how it ended, and leaves without running anything of the parent's.

    A `cpu_seconds` means that the work is pure: it gets no more processor time, and changes nothing outside.
    """
    status = 1
    try:
        _settle(traces)
        _Line.descriptor, _Line.left = answers, _PROGRESS_LINES
        if cpu_seconds is not None:
            _confine(cpu_seconds)
        _write(answers, _answer(work, max_bytes, author))
        status = 0
    finally:
        os._exit(status)


def _answer(work: Callable[[], Json], max_bytes: int, author: Path | None) -> bytes:
    try:
        text = _as_json(work())
        if len(text) > max_bytes:
            raise TaskFault(
                f"The task's code returned {len(text)} bytes of JSON.",
                f"At most {max_bytes}: reduce before you return.",
            )
        return frame(RESULT, text)
    except BaseException as error:
        return frame(ERROR, json.dumps(error_to_json(error, author)))


def _as_json(result: Json) -> str:
    try:
        return json.dumps(result, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise TaskFault(f"The task's code returned what is no plain JSON ({error}).", "Return plain values.") from None


def _settle(traces: int) -> None:
    """A process group of its own that dies with the judge; no input; prints go to standard error."""
    os.setpgid(0, 0)
    die_with_parent()
    for number in (*HELD, signal.SIGALRM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
    faulthandler.enable(file=traces)
    faulthandler.register(TRACE_SIGNAL, file=traces, all_threads=False, chain=False)
    sys.dont_write_bytecode = True
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115


def _confine(cpu_seconds: float) -> None:
    whole = max(1, math.ceil(cpu_seconds))
    # With no file of any size allowed, prints must not go to standard error where that is a file.
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    _lower(resource.RLIMIT_CPU, whole, whole + 1)
    _lower(resource.RLIMIT_FSIZE, 0, 0)
    _lower(resource.RLIMIT_CORE, 0, 0)
    _lower(resource.RLIMIT_AS, _address_space() + _MEMORY, _address_space() + _MEMORY)
    sys.addaudithook(_refuse_effects)


def _lower(kind: int, soft: int, hard: int) -> None:
    most = resource.getrlimit(kind)[1]
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(kind, (soft, hard))


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _refuse_effects(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        flags = arguments[2]
        refused = isinstance(flags, int) and bool(flags & _WRITING)
    else:
        refused = event.startswith(_REFUSED_EVENTS)
    if refused:
        raise PermissionError(f"A pure function did {event}; it may only compute.")


def _write(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
