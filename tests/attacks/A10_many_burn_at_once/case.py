"""Ten processes burn at once, each far below the limit of one process.

The watchdog sums over all of them.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "cpu_limit"
LIMITS = dataclasses.replace(SMALL, cpu_seconds=0.6)

SOURCE = """
import os, time

def attack():
    children = []
    for _ in range(10):
        child = os.fork()
        if child == 0:
            while time.process_time() < 0.12:
                pass
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    time.sleep(0.2)
    used = os.times()
    return {"burnt": used.children_user + used.children_system >= 1}
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).held(REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == {"burnt": True}, reason=tried.stopped_by or str(tried.said))
