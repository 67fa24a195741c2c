"""Grading from a worker: a process for each submission, watched, and ended with everything that it started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from django.conf import settings

#: Longer than any task may take with its data to be built first; then it is ours, and tried again.
MOST_SECONDS: Final = 1200


class GradingFailedError(Exception):
    """No report came, and it is not the candidate's doing. The message is for operators."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What the process said at last: a report, as the engine's JSON, or whose fault it was that there is none."""

    report: str = ""
    fault: Mapping[str, str] | None = None


def run(task: str, files: Mapping[str, str], tell: Callable[[str], None]) -> Ended:
    """Grade in a process of its own; `tell` is called with each phase. Some seconds.

    Raises GradingFailedError where the process died, or did not end in time.
    """
    order = json.dumps({"task": task, "files": dict(files), "isolated": settings.GRADING_ISOLATED})
    with _process() as process:
        _send(process, order)
        ended = _listen(process, tell)
        _, errors = process.communicate()
    if ended is None:
        said = errors.strip().splitlines()[-1:] or [f"status {process.returncode}"]
        raise GradingFailedError(f"The process that graded ended without a report: {said[0][:500]}")
    return ended


@contextmanager
def _process() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "djudge.web.grading.judging"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if name not in _SECRETS},
        start_new_session=True,
    )
    watch = threading.Timer(MOST_SECONDS, _kill, [process])
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        _kill(process)
        process.wait()


#: What the judge's process has no use for: it never speaks to the platform's servers.
_SECRETS: Final = frozenset({"SECRET_KEY", "DATABASE_URL", "BROKER_URL", "CACHE_URL", "SMTP_PASSWORD"})


def _send(process: subprocess.Popen[str], order: str) -> None:
    if process.stdin is None:
        raise GradingFailedError("The process that grades has no way in.")
    # Who died before it read anything is told by what it printed.
    with suppress(BrokenPipeError):
        process.stdin.write(order)
    with suppress(BrokenPipeError):
        process.stdin.close()
    process.stdin = None


def _listen(process: subprocess.Popen[str], tell: Callable[[str], None]) -> Ended | None:
    for line in process.stdout or ():
        told = json.loads(line)
        if "phase" in told:
            tell(str(told["phase"]))
        else:
            return Ended(report=told.get("report", ""), fault=told.get("fault"))
    return None


def _kill(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
