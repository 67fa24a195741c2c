"""One process that fills its memory, below what the kernel's own limit would refuse.

The watchdog sees what the process holds.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "memory_limit"
WANTED_MB = 150
LIMITS = dataclasses.replace(SMALL, memory_mb=64)

SOURCE = f"""
import time

def attack():
    held = [bytearray(b"x" * 2**20) for _ in range({WANTED_MB})]
    time.sleep(0.4)
    return {{"held": len(held)}}
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).held(REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == {"held": WANTED_MB}, reason=tried.stopped_by or str(tried.said))
