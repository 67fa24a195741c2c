"""Hides memory in locks of single bytes of a file: hundreds of thousands of them, and the kernel keeps each.

Each takes 190 bytes; two hundred thousand are more than the whole guest may have. No process shows them and no limit of
the kernel counts them, so the watchdog does: they can't be refused, because sqlite needs a few of them.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "process_limit"
LIMITS = dataclasses.replace(SMALL, memory_mb=32)

SOURCE = """
import fcntl, time

def lock(files):
    for file in files:
        for place in range(2000, 0, -2):
            fcntl.lockf(file, fcntl.LOCK_EX, 1, place)

def attack():
    files = [open(f"/tmp/{number}", "wb") for number in range(200)]
    lock(files)
    time.sleep(0.3)
    return {"locked": True}
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).held(REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == {"locked": True}, reason=tried.stopped_by or str(tried.said))
