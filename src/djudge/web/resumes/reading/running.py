"""Reading from a worker: a process for each file, tied down, watched by a clock, and ended with all that it started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any, Final

from djudge.web.resumes.reading.confining import WRITTEN
from djudge.web.resumes.reading.parts import MOST_BYTES, MOST_CHARACTERS, MOST_ROWS, VERSION

#: What is started, after the interpreter.
PROGRAM: Final = ("-I", "-m", "djudge.web.resumes.reading.child")

#: By the clock. The process's own limit counts the time of its processor, and is over before where the machine is idle.
MOST_SECONDS: Final = 60.0

#: What killed it: the file's doing each time. A SIGKILL is not among them; the machine had no memory left, then.
_FAULTS: Final = {
    signal.SIGXCPU: "slow", signal.SIGXFSZ: "long", signal.SIGSEGV: "crash", signal.SIGABRT: "crash",
    signal.SIGBUS: "crash", signal.SIGILL: "crash", signal.SIGFPE: "crash", signal.SIGTRAP: "crash",
}  # fmt: skip


class ReadingFailedError(Exception):
    """No document came, and it is not the file's doing. The message is for operators."""


def read(content: bytes, program: Sequence[str] = PROGRAM, seconds: float = MOST_SECONDS) -> dict[str, Any]:
    """What `parts.written` says, in its shape whatever the process wrote. Some tenths of a second.

    A file that its process did not survive has no lines, and a gap that says so. Raises ReadingFailedError where the
    process could not be started, was killed from outside, or did not end in time.
    """
    if len(content) > MOST_BYTES:
        return _nothing("large")
    with tempfile.TemporaryFile() as sent, tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as errors:
        sent.write(content)
        sent.seek(0)
        status = _run(program, seconds, sent, told, errors)
        if status < 0 and signal.Signals(-status) in _FAULTS:
            return _nothing(_FAULTS[signal.Signals(-status)])
        if status != 0:
            raise ReadingFailedError(f"The process that reads ended with {status}: {_end_of(errors)}")
        told.seek(0)
        return _in_shape(told.read(WRITTEN + 1))


def _run(program: Sequence[str], seconds: float, sent: IO[bytes], told: IO[bytes], errors: IO[bytes]) -> int:
    with _process(program, sent, told, errors) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise ReadingFailedError(f"Reading did not end within {seconds:.0f} s.") from error


@contextmanager
def _process(
    program: Sequence[str], sent: IO[bytes], told: IO[bytes], errors: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(
            [sys.executable, *program],
            stdin=sent,
            stdout=told,
            stderr=errors,
            cwd="/",
            env={"LC_ALL": "C.UTF-8"},
            start_new_session=True,
        )
    except OSError as error:
        raise ReadingFailedError(f"The process that reads could not be started: {error}") from error
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _end_of(errors: IO[bytes]) -> str:
    errors.seek(0)
    said = errors.read(100_000).decode("utf-8", "replace").strip().splitlines()
    return said[-1][:500] if said else "it said nothing"


def _nothing(what: str) -> dict[str, Any]:
    return {"lines": [], "pages": 0, "gaps": [[what, 0, 0]], "reader": str(VERSION)}


def _in_shape(told: bytes) -> dict[str, Any]:
    """Only what has the right shape and size; raises ReadingFailedError for anything else."""
    try:
        said = json.loads(told)
        lines = [_line(*each) for each in said["lines"][:MOST_ROWS]]
        if sum(len(line[1]) for line in lines) > 2 * MOST_CHARACTERS:
            return _nothing("long")
        return {
            "lines": lines,
            "pages": _number(said["pages"]),
            "gaps": [[str(what)[:20], _number(page), _number(count)] for what, page, count in said["gaps"][:200]],
            "reader": str(said["reader"])[:100],
        }
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ReadingFailedError("The process that reads said something without shape.") from error


def _line(page: object, text: object, section: object, *box: object) -> list[Any]:
    if not isinstance(text, str) or not isinstance(section, str) or len(box) != 4:
        raise ValueError("That is no line.")
    return [_number(page), _storable(text), _storable(section), *(_fraction(each) for each in box)]


def _storable(text: str) -> str:
    """PostgreSQL keeps neither NUL nor half a letter."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:2000]


def _number(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value < 10**9:
        raise ValueError("That is no number.")
    return int(value)


def _fraction(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("That is no fraction.")
    return float(value)
