"""How long each phase took. For people: none of it is part of the canonical report."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime

from djudge.engine.reports.document import PhaseFacts, RunFacts


class Stopwatch:
    """Told of each step like the progress line, which it passes on to; remembers the phases with their time.

    A phase that is entered again goes on counting. Calls cost nothing to speak of.
    """

    def __init__(self, tell: Callable[[str, str], None] | None = None) -> None:
        self._tell = tell
        self._started_at = datetime.now(UTC)
        self._phase = ""
        self._since = time.monotonic()
        self._seconds: dict[str, float] = {}

    def __call__(self, phase: str, what: str) -> None:
        """The phase that begins or goes on, and what is being done in it."""
        if phase != self._phase:
            self._close()
            self._phase = phase
            self._seconds.setdefault(phase, 0.0)
        if self._tell:
            self._tell(phase, what)

    def phases(self, *, failed: bool) -> tuple[PhaseFacts, ...]:
        """The phases in the order in which they began; with `failed`, the last one is the one that did."""
        return tuple(
            PhaseFacts(name=name, outcome="failed" if failed and name == self._phase else "done")
            for name in self._seconds
        )

    def run(self) -> RunFacts:
        """When, how long in milliseconds, and on which kind of machine."""
        self._close()
        return RunFacts(
            started_at=self._started_at,
            durations={name: round(seconds * 1000) for name, seconds in self._seconds.items()},
            host=f"{platform.system()} {platform.machine()}",
        )

    def _close(self) -> None:
        now = time.monotonic()
        if self._phase:
            self._seconds[self._phase] += now - self._since
        self._since = now
