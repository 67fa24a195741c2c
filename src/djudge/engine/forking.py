"""What every fork of the judge has to mind: signals that arrive in between, and a parent that dies.

The judge forks where it has one thread. A child that is not another program shares the parent's stack, handlers and
process group for a moment, so a Ctrl-C that is raised there would unwind the parent's work in the child.
"""

from __future__ import annotations

import ctypes
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: What the parent holds back from before the fork until the child has settled.
HELD: Final = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})

_PR_SET_PDEATHSIG: Final = 1
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


@contextmanager
def signals_held() -> Iterator[None]:
    """Fork inside, and let the child never come out: signals stay held in it until it says otherwise.

    They are held in the parent too, because what a handler raises inside a callback of `fork` is printed and lost.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def die_with_parent(how: signal.Signals = signal.SIGKILL) -> None:
    """Get this signal when the thread that forked us ends. The kernel forgets it when the user changes."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, how, 0, 0, 0)
