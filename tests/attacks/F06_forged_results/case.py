"""Writes results of its own to the judge's socket: of other operations, twice, of odd forms, and for a function's own.

A result has the number of an operation that waits for it, which is drawn when it begins, and comes once. One that is forged in time for the own
operation is the answer that this operation gives: it has to be right like any other.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.called import calling, refused_with

from djudge.engine.calling import CallingGuest, Named

REASON = "protocol"
FORGER = """
import gc
import json
import os
import struct
import sys


def say(kind, **fields):
    desk = next(one for one in gc.get_objects() if type(one).__name__ == "Desk")
    payload = json.dumps({"run": desk._run, **fields}).encode()
    os.write(3, struct.pack(">cI", kind, len(payload)) + payload)


def own_number():
    frame = sys._getframe()
    while type(frame.f_locals.get("self")).__name__ != "Operation":
        frame = frame.f_back
    return frame.f_locals["self"].number


def attack(form):
    number = own_number()
    if form == "later ones":
        for later in range(number + 1, number + 50):
            say(b"V", id=later, value="forged")
    elif form == "twice":
        say(b"V", id=number, value="forged")
    elif form == "an exception of the judge's":
        say(b"V", id=number, raised={"ref": {"ref": [1, "x"]}, "type": "x", "known": "yes", "args": []})
    elif form == "a pickle":
        say(b"V", id=number, value={"pickle": "Y29zCnN5c3RlbQ=="})
    elif form == "the judge's answer":
        say(b"Y", use=1, value="forged")
    return "own"


def own():
    say(b"V", id=own_number(), value="forged")
    import time
    time.sleep(1)
"""
FORMS = ("later ones", "twice", "an exception of the judge's", "a pickle", "the judge's answer")


def attempt(field: Field) -> Outcome:
    reasons = set()
    for form in FORMS:

        def play(caller: CallingGuest, form: str = form) -> object:
            first = caller.start(Named("attack:attack"), form)
            return [caller.wait(first), caller.call(Named("time:sleep"), 0.2), caller.call(Named("builtins:abs"), -3)]

        outcome = refused_with(field, FORGER, play)
        if outcome.succeeded:
            return Outcome(succeeded=True, reason=f"{form}: {outcome.reason}")
        reasons.add(outcome.reason)
    return Outcome(succeeded=False, reason=" ".join(sorted(reasons)))


def control(field: Field) -> Outcome:
    """In time and with its own number, a forged result arrives: as the answer of the one who forged it."""
    with calling(field, FORGER) as caller:
        value = caller.wait(caller.start(Named("attack:own"))).value
    return Outcome(succeeded=value == "forged", reason=f"got {value!r}")
