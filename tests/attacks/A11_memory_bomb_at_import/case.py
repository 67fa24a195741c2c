"""Fills the memory while the settings are imported, before any view exists.

The walls stand before the first line of candidate code, so the watchdog ends it there too.
"""

import dataclasses

from tests.attacks.battery import SETTINGS, SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "memory_limit while starting"
WANTED_MB = 150
LIMITS = dataclasses.replace(SMALL, memory_mb=64)

BOMB = f"""
import time
held = [bytearray(b"x" * 2**20) for _ in range({WANTED_MB})]
time.sleep(0.4)
""".encode()
SOURCE = """
import settings

def attack():
    return {"held": len(settings.held)}
"""


def attempt(field: Field) -> Outcome:
    tried = field.attack(SOURCE, limits=LIMITS, files={"settings.py": SETTINGS + BOMB})
    held = tried.held(REASON)
    phase = tried.fault.phase if tried.fault else ""
    return Outcome(succeeded=held.succeeded, reason=f"{held.reason} while {phase}")


def control(field: Field) -> Outcome:
    tried = field.attack(SOURCE, limits=LIMITS, files={"settings.py": SETTINGS + BOMB}, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == {"held": WANTED_MB}, reason=tried.stopped_by or str(tried.said))
