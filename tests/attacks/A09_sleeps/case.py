"""Does nothing at all, for longer than the request may take.

The judge's own deadline ends it. The control sleeps as long under a longer limit, and answers.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

REASON = "time_limit"
SHORT = dataclasses.replace(SMALL, request_seconds=0.3)

SOURCE = """
import time

def attack():
    time.sleep(0.8)
    return "awake"
"""


def attempt(field: Field) -> Outcome:
    return field.attack(SOURCE, limits=SHORT).held(REASON)


def control(field: Field) -> Outcome:
    tried = field.attack(SOURCE)
    return Outcome(succeeded=tried.said == "awake", reason=tried.stopped_by)
