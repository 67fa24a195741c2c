"""Becomes root or another user, or takes capabilities.

The filter refuses the calls; behind it, a guest has no capability and an empty bounding set, so that the kernel refuses
them too. The control leaves out both.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

#: An ordinary user's guest lies in a namespace where no other user exists, which the kernel says in other words.
NEEDS_ROOT = True
REASON = "EPERM from every call, with the filter and without it"

SOURCE = """
import os, struct
from calls import call, in_child

EVERYTHING = struct.pack("6I", *[2**32 - 1, 2**32 - 1, 0] * 2)
PR_CAP_AMBIENT = 47

def attack():
    return {
        "setuid": in_child(os.setuid, 0),
        "setgid": in_child(os.setgid, 0),
        "setresuid": in_child(os.setresuid, 0, 0, 0),
        "setreuid": in_child(os.setreuid, 0, 0),
        "capset": in_child(call, 126, struct.pack("Ii", 0x20080522, 0), struct.pack("6I", 1, 1, 0, 0, 0, 0)),
        "setgroups": in_child(os.setgroups, [0]),
        "ambient": in_child(call, 157, PR_CAP_AMBIENT, 2, 0, 0, 0),
    }
"""
TRIES = ("setuid", "setgid", "setresuid", "setreuid", "capset", "setgroups", "ambient")


def attempt(field: Field) -> Outcome:
    for without in ([], [Layer.SECCOMP]):
        outcome = field.program(SOURCE, without=without).refused(REASON, dict.fromkeys(TRIES, "EPERM"))
        if outcome.succeeded or outcome.reason != REASON:
            return outcome
    return outcome


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, without=[Layer.SECCOMP, Layer.IDENTITY])
    return tried.achieved(["setuid", "setgid", "setresuid", "setreuid", "capset"])
