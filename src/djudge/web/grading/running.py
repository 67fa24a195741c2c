"""Grading from a worker: a process for each submission, watched, and ended with everything that it started."""

from __future__ import annotations

import hmac
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any, Final, Literal

from django.conf import settings

from djudge.web.grading.handing_in import Files

#: What is done with files: graded for a report, or tried with the visible tests.
type Kind = Literal["grade", "try"]

#: Longer than any task may take with its data to be built first; then it is ours, and tried again.
MOST_SECONDS: Final = 1200

#: So often a run says that it lives, at the least.
BEAT_SECONDS: Final = 5.0


class GradingFailedError(Exception):
    """No report came, and it is not the candidate's doing. The message is for operators."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What the process said at last: a report or a trial as JSON, or whose fault it was that there is none."""

    report: str = ""
    fault: Mapping[str, str] | None = None


def run(task: str, files: Files, tell: Callable[[str], None], *, assessment: str, kind: Kind = "grade") -> Ended:
    """Grade or try in a process of its own, some seconds; `tell` is called with each phase, and with the same one again
    every few seconds, so that a living run can be told from a dead one.

    Raises GradingFailedError where the process died, or did not end in time.
    """
    order = json.dumps(
        {
            "kind": kind,
            "task": task,
            "files": dict(files),
            "isolated": settings.GRADING_ISOLATED,
            "secret": hmac.digest(settings.GRADING_SECRET.encode(), b"djudge.grading", "sha256").hex(),
            "assessment": assessment,
        }
    )
    with tempfile.TemporaryFile() as errors, _process(errors) as process:
        _send(process, order.encode())
        ended = _listen(process, tell)
        if ended is None:
            process.wait()
            errors.seek(0)
            said = errors.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
            why = said[-1][:500] if said else f"status {process.returncode}"
            raise GradingFailedError(f"The process that graded ended without a report: {why}")
    return ended


@contextmanager
def _process(errors: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "djudge.web.grading.judging"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        bufsize=0,
        env={name: os.environ[name] for name in _TOLD if name in os.environ},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for end in (process.stdin, process.stdout):
            if end is not None:
                with suppress(BrokenPipeError):
                    end.close()


def _send(process: subprocess.Popen[bytes], order: bytes) -> None:
    """The order, to its end. Who died before it read anything is told by what it printed."""
    if process.stdin is None:
        raise GradingFailedError("The process that grades has no way in.")
    with suppress(BrokenPipeError):
        while order:
            order = order[process.stdin.write(order) or 0 :]
    with suppress(BrokenPipeError):
        process.stdin.close()


def _listen(process: subprocess.Popen[bytes], tell: Callable[[str], None]) -> Ended | None:
    """Phases until the end; None where it died, or MOST_SECONDS were over."""
    phase = "starting"
    deadline = time.monotonic() + MOST_SECONDS
    for line in _lines(process):
        told: dict[str, Any] = json.loads(line) if line else {"phase": phase}
        if "phase" not in told:
            return Ended(report=told.get("report", ""), fault=told.get("fault"))
        phase = str(told["phase"])
        tell(phase)
        if time.monotonic() > deadline:
            raise GradingFailedError(f"Grading did not end within {MOST_SECONDS} s; it was at: {phase}.")
    return None


def _lines(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Whole lines as they come, and an empty one whenever nothing came for a while."""
    if process.stdout is None:
        return
    rest = b""
    while True:
        if not select.select([process.stdout], [], [], BEAT_SECONDS)[0]:
            yield b""
            continue
        came = process.stdout.read(1 << 16)
        if not came:
            return
        *whole, rest = (rest + came).split(b"\n")
        yield from whole


#: All that the judge's process is told of ours: where programs and folders lie. It never speaks to our servers.
_TOLD: Final = (
    "PATH", "LANG", "LC_ALL", "TZ", "HOME", "TMPDIR",
    "DJUDGE_DATA", "DJUDGE_PACKS", "DJUDGE_SCRATCH", "DJUDGE_POSTGRES_BIN",
)  # fmt: skip
