"""How a command ends early: Ctrl-C, a polite kill or a closed terminal, each with everything cleaned up first."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType
from typing import Final, NoReturn

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

#: Cleaning up takes less.
_PATIENCE_SECONDS: Final = 20.0


class _Interruption:
    """Raises KeyboardInterrupt for the first signal; those that come while cleaning up change nothing."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def came(self) -> bool:
        """Whether a signal asked for the end and the command goes on all the same."""
        return time.monotonic() < self._until

    def __call__(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now < self._until:
            return
        self._until = now + _PATIENCE_SECONDS
        raise KeyboardInterrupt


_interruption: Final = _Interruption()


def raise_lost_interrupt() -> None:
    """Raise what Python could not: an exception in a finalizer is printed and forgotten, KeyboardInterrupt too.

    For places that are passed often while work goes on, and never while it is cleaned up.
    """
    if _interruption.came:
        raise KeyboardInterrupt


def end_in_order() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt here, so that what was started is stopped.

    An impatient second Ctrl-C does not break the cleaning up; one that comes 20 seconds later is a first one again.
    A signal that is ignored already (`nohup`) stays ignored. For the main thread of a command only.
    """
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interruption)


def leave(status: int) -> NoReturn:
    """End the process. Everything is cleaned up by now, so that a late Ctrl-C has nothing to end."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(status)
