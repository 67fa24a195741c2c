"""A process that makes itself unreadable, and bears a name that looks like a field of the kernel's own list.

PR_SET_DUMPABLE is refused by the filter of system calls; the name misleads nobody, and the memory is seen.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from prctl, then memory_limit"
WANTED_MB = 150
LIMITS = dataclasses.replace(SMALL, memory_mb=64)

NAMES = r"""
import ctypes, time
from calls import call, told

PR_SET_DUMPABLE, PR_SET_NAME = 4, 15

def hide():
    call(157, PR_SET_NAME, b") R 0 0\nVmRSS:\t0", 0, 0, 0)
    return told(call, 157, PR_SET_DUMPABLE, 0, 0, 0, 0)
"""
ASKS = (
    NAMES
    + """
def attack():
    return {"prctl": hide()}
"""
)
HIDES = (
    NAMES
    + f"""
def attack():
    hide()
    held = [bytearray(b"x" * 2**20) for _ in range({WANTED_MB})]
    time.sleep(0.4)
    return {{"held": len(held)}}
"""
)


def attempt(field: Field) -> Outcome:
    asked = field.program(ASKS, limits=LIMITS).refused(REASON, {"prctl": "EPERM"})
    if asked.succeeded or asked.reason != REASON:
        return asked
    hidden = field.program(HIDES, limits=LIMITS).held("memory_limit")
    return hidden if hidden.reason != "memory_limit" else asked


def control(field: Field) -> Outcome:
    asked = field.program(ASKS, limits=LIMITS, without=[Layer.SECCOMP]).achieved(["prctl"])
    hidden = field.program(HIDES, limits=LIMITS, without=[Layer.WATCHDOG])
    held = hidden.said == {"held": WANTED_MB}
    return Outcome(succeeded=asked.succeeded and held, reason=f"{asked.reason} {hidden.stopped_by}")
