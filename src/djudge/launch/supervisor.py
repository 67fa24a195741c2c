"""Keeps processes running: what crashes is restarted and said so, and all are stopped in the order of their start,
the last first."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from djudge.engine.errors import InfrastructureError
from djudge.engine.forking import die_with_parent

#: Who crashes oftener than so many times within a minute is given up: something is wrong that no restart mends.
MOST_CRASHES: Final = 6
_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A process to be kept: its name for people, how it is started, how it is asked to end, and whether it is ready."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    is_ready: Callable[[], bool] = lambda: True
    ready_seconds: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 20.0


@dataclass(slots=True)
class _Running:
    part: Part
    process: subprocess.Popen[bytes]
    crashes: list[float] = field(default_factory=list)


class Supervisor:
    """Starts parts one after another and watches them. `say` is told what a person should know.

    Each writes into a file of its own below `logs`. They die with this process, however it ends.
    """

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        self._logs = logs
        self._say = say
        self._running: list[_Running] = []

    def start(self, part: Part) -> None:
        """Start a part and wait until it is ready. Raises InfrastructureError, with where its log lies."""
        running = _Running(part, self._launch(part))
        self._running.append(running)
        deadline = time.monotonic() + part.ready_seconds
        while running.process.poll() is None and time.monotonic() < deadline:
            if part.is_ready():
                return
            time.sleep(0.05)
        raise InfrastructureError(
            f"{part.name} does not start.", f"Its log says why: {self._log(part)}.", kind="part_not_started"
        )

    def watch(self, seconds: float) -> None:
        """Wait so long, or until a part ends; then start it again. Raises InfrastructureError for a hopeless one."""
        watched = select.poll()
        handles = {os.pidfd_open(one.process.pid): one for one in self._running if one.process.poll() is None}
        try:
            for handle in handles:
                watched.register(handle, select.POLLIN)
            watched.poll(seconds * 1000)
        finally:
            for handle in handles:
                os.close(handle)
        for one in self._running:
            if one.process.poll() is not None:
                self._restart(one)

    def stop(self) -> None:
        """Ask all to end, the last started first, and wait for each; who does not listen is killed."""
        while self._running:
            one = self._running.pop()
            with suppress(ProcessLookupError):
                one.process.send_signal(one.part.stop_signal)
            try:
                one.process.wait(one.part.stop_seconds)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(one.process.pid, signal.SIGKILL)
                one.process.wait()

    def process_id(self, name: str) -> int:
        """Of the part with this name; for tests that kill it."""
        return next(one.process.pid for one in self._running if one.part.name == name)

    def _restart(self, one: _Running) -> None:
        now = time.monotonic()
        one.crashes = [*(at for at in one.crashes if now - at < _MINUTE), now]
        if len(one.crashes) > MOST_CRASHES:
            raise InfrastructureError(
                f"{one.part.name} ended {len(one.crashes)} times within a minute.",
                f"Its log says why: {self._log(one.part)}.",
                kind="part_crashes",
            )
        self._say(f"{one.part.name} ended ({_status(one.process.returncode)}) and is started again.")
        time.sleep(min(5.0, 0.2 * 2 ** (len(one.crashes) - 1)))
        one.process = self._launch(one.part)

    def _launch(self, part: Part) -> subprocess.Popen[bytes]:
        with self._log(part).open("ab") as log:
            return subprocess.Popen(
                part.command,
                env=dict(part.environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGTERM),
            )

    def _log(self, part: Part) -> Path:
        return self._logs / f"{part.name.lower().replace(' ', '-')}.log"


def _status(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"status {code}"
