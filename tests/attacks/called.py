"""Guests that are called by the judge instead of asked, for the cases that attack it there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from djudge.engine.calling import CallingGuest
from djudge.engine.errors import CandidateFault
from djudge.engine.sandbox.contract import Limits
from tests.attacks.battery import SMALL, Field, Outcome


@contextmanager
def calling(field: Field, source: str, limits: Limits = SMALL) -> Iterator[CallingGuest]:
    """A guest whose module `attack` is this source."""
    with field.sandbox().spawn({"attack.py": source.encode()}, entry={"kind": "call"}, limits=limits) as guest:
        guest.ready()
        yield CallingGuest(guest)


def refused_with(field: Field, source: str, play: Callable[[CallingGuest], object]) -> Outcome:
    """What a story comes to that has to end in a fault: its kind."""
    try:
        with calling(field, source) as caller:
            found = play(caller)
    except CandidateFault as fault:
        return Outcome(succeeded=False, reason=fault.kind)
    return Outcome(succeeded=True, reason=f"went on and gave {found!r}"[:300])
