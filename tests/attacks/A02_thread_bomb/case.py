"""A process that only starts threads, where each is cheap enough to hide among many.

The watchdog counts threads as it counts processes.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "process_limit"

#: Above the limit of 20, and below the kernel's own of four times as many.
WANTED = 60
LIMITS = dataclasses.replace(SMALL, processes=20)

SOURCE = f"""
import threading, time

def attack():
    for _ in range({WANTED}):
        threading.Thread(target=time.sleep, args=(4,), daemon=True).start()
    time.sleep(0.3)
    return {{"alive": threading.active_count() - 1}}
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).held(REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == {"alive": WANTED}, reason=tried.stopped_by or str(tried.said))
