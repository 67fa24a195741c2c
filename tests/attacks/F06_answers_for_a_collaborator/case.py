"""Answers itself for a collaborator of the judge: a sleep that sleeps not, a computation that is made up, a clock.

The judge's functions answer in the judge. Whoever answers in their place does not use them, and no use is what is seen.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.called import calling

from djudge.engine.calling import CallingGuest, Named
from djudge.engine.probes.call import Uses, uses

REASON = "no use was seen"
ANSWERING = """
import gc
import sys
from concurrent.futures import Future

desk = next(one for one in gc.get_objects() if type(one).__name__ == "Desk")


def like_it(asking, method, number):
    def at_hand(*args, **kwargs):
        return (asking, method, number) and "made up"

    return at_hand


def attack(collaborator, form):
    if form == "replaced":
        type(desk).use = lambda self, *asked: "made up"
    elif form == "its waiting place":
        desk._begin = lambda about: (1, answered())
    elif form == "its code":
        collaborator.__code__ = like_it(1, 2, 3).__code__
    elif form == "its outcome":
        desk._outcome = lambda fields: "made up"
        desk._channel = Silent()
    try:
        return collaborator("asked")
    finally:
        desk.__dict__.pop("_begin", None)
        desk.__dict__.pop("_outcome", None)


def honest(collaborator, form):
    return collaborator("asked")


def answered():
    future = Future()
    future.set_result({"value": "made up"})
    return future


class Silent:
    channel = desk._channel

    def sendall(self, frame):
        if frame[:1] == b"U":
            fields = desk._waiting.pop(max(desk._waiting))
            fields.set_result({"value": "made up"})
        else:
            self.channel.sendall(frame)

    def recv(self, most):
        return self.channel.recv(most)
"""
FORMS = ("replaced", "its waiting place", "its code", "its outcome")


def _seen(caller: CallingGuest, function: str, form: str) -> tuple[object, int]:
    lent = caller.function("compute", lambda use: "computed")
    value = caller.call(Named(f"attack:{function}"), lent, form).value
    return value, Uses.parse(uses(caller)).number("compute")


def attempt(field: Field) -> Outcome:
    for form in FORMS:
        with calling(field, ANSWERING) as caller:
            value, seen = _seen(caller, "attack", form)
        if seen or value == "computed":
            return Outcome(succeeded=False, reason=f"{form}: never answered for it ({value!r}, {seen} uses)")
        if value != "made up":
            return Outcome(succeeded=False, reason=f"{form}: answered {value!r}")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    """Who uses it is seen to."""
    with calling(field, ANSWERING) as caller:
        value, seen = _seen(caller, "honest", "")
    return Outcome(succeeded=(value, seen) == ("computed", 1), reason=f"{value!r}, {seen} uses")
