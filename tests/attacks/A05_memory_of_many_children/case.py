"""Memory spread over 25 children, each of which holds little.

No limit of the kernel sums over processes here; the watchdog does.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "memory_limit"
CHILDREN, EACH_MB = 25, 8
LIMITS = dataclasses.replace(SMALL, memory_mb=96)

SOURCE = f"""
import os, time

def attack():
    reading, writing = os.pipe()
    for _ in range({CHILDREN}):
        if os.fork() == 0:
            held = bytearray(b"x" * {EACH_MB} * 2**20)
            os.write(writing, b"x")
            time.sleep(5)
    holding = 0
    while holding < {CHILDREN}:
        holding += len(os.read(reading, {CHILDREN}))
    time.sleep(0.4)
    return {{"held": holding * {EACH_MB}}}
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).held(REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == {"held": CHILDREN * EACH_MB}, reason=tried.stopped_by or str(tried.said))
