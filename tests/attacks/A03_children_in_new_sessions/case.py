"""Children in sessions of their own, whose parents exit at once, burn the processor.

Nobody waits for them and no session holds them, but the watchdog sums over the whole process namespace.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "cpu_limit"

#: Four children burn this each; the limit is half of the sum, and no single process comes near the kernel's own.
EACH = 0.4
LIMITS = dataclasses.replace(SMALL, cpu_seconds=4 * EACH / 2)

SOURCE = f"""
import os, time

def burn(end_of_pipe):
    while time.process_time() < {EACH}:
        pass
    os.write(end_of_pipe, b"x")
    time.sleep(5)

def attack():
    reading, writing = os.pipe()
    for _ in range(4):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                burn(writing)
            os._exit(0)
    burnt = 0
    while burnt < 4:
        burnt += len(os.read(reading, 4))
    time.sleep(0.2)
    return {{"burnt": burnt * {EACH}}}
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).held(REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == {"burnt": 4 * EACH}, reason=tried.stopped_by or str(tried.said))
