"""How long the judge waits while it works on what a candidate made: a page that it reads, tables that it changes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from djudge.engine.errors import CandidateFault
from djudge.engine.postgres.connections import Connection
from djudge.engine.run import RunningGuest

#: For all changes at one time: a lock is waited for 10 s, and triggers of a candidate's may sleep in each statement.
ARRANGING_SECONDS: Final = 15.0


@contextmanager
def within(seconds: float, error: Exception) -> Iterator[None]:
    """Raise this error inside when the time is over. Needs the main thread; not to be nested."""

    def give_up(*_: object) -> None:
        raise error

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def arranging(guest: RunningGuest, seconds: float = ARRANGING_SECONDS) -> Iterator[Connection]:
    """`guest.arrange()` with an end that the submission can't put off.

    The server's own limit for a statement can be lifted by a trigger that runs in it. Raises CandidateFault of kind
    `arranging_refused`.
    """
    late = CandidateFault(
        f"The judge's changes of the data took longer than {seconds:g} s while the submission was running.",
        "Look for triggers, rules and locks on the tables.",
        phase="observing",
        kind="arranging_refused",
    )
    with within(seconds, late), guest.arrange() as connection:
        yield connection


def require_rows(found: int, expected: int, where: str) -> None:
    """CandidateFault of kind `data_missing` where the task's own data are no longer there, or hidden from the judge."""
    if found < expected:
        raise CandidateFault(
            f"Of {expected} rows that the judge had put into {where}, {found} were left when the submission ran.",
            "Migrations may change tables and have to leave what is in them.",
            phase="observing",
            kind="data_missing",
        )
