"""One process that takes far more memory at one stroke, faster than any watchdog looks.

The kernel refuses it (RLIMIT_DATA, three times the task's limit).
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "ENOMEM from mmap"
WANTED_MB = 600
LIMITS = dataclasses.replace(SMALL, memory_mb=64)

SOURCE = f"""
import mmap
from calls import told

def attack():
    return {{"mmap": told(mmap.mmap, -1, {WANTED_MB} * 2**20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)}}
"""


def attempt(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG])
    return tried.refused(REASON, {"mmap": "ENOMEM"})


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG, Layer.RLIMITS])
    return tried.achieved(["mmap"])
