"""Loops for ever while the settings are imported.

The wall limit of the guest counts from its first moment. The control loops as long under a longer limit.
"""

import dataclasses

from tests.attacks.battery import SETTINGS, SMALL, Field, Outcome

REASON = "time_limit while starting"
SHORT = dataclasses.replace(SMALL, wall_seconds=0.5)
WAIT = b"""
import time
time.sleep(1.2)
"""
SOURCE = """
def attack():
    return "started"
"""


def attempt(field: Field) -> Outcome:
    tried = field.attack(SOURCE, limits=SHORT, files={"settings.py": SETTINGS + WAIT})
    held = tried.held(REASON)
    phase = tried.fault.phase if tried.fault else ""
    return Outcome(succeeded=held.succeeded, reason=f"{held.reason} while {phase}")


def control(field: Field) -> Outcome:
    tried = field.attack(SOURCE, files={"settings.py": SETTINGS + WAIT})
    return Outcome(succeeded=tried.said == "started", reason=tried.stopped_by)
