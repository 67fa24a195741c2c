"""Hides memory in locks of single bytes of a file: hundreds of thousands of them, and the kernel keeps each.

Each takes 190 bytes; two hundred thousand are more than the whole guest may have. No process shows them and no limit of
the kernel counts them, so the filter refuses locks of parts of files.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from fcntl"
LIMITS = dataclasses.replace(SMALL, memory_mb=32)

SOURCE = """
import fcntl
from calls import told

def lock(files):
    for file in files:
        for place in range(2000, 0, -2):
            fcntl.lockf(file, fcntl.LOCK_EX, 1, place)

def attack():
    files = [open(f"/tmp/{number}", "wb") for number in range(200)]
    return {"locks": told(lock, files)}
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).refused(REASON, {"locks": "EPERM"})


def control(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS, without=[Layer.SECCOMP]).achieved(["locks"])
