"""Opens as many descriptors as it can, in one process and in many children.

A process may have 256 (RLIMIT_NOFILE), and the watchdog counts those of all.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EMFILE in one process, process_limit in many"

ONE = """
import os
from calls import told

def attack():
    return {"pipes": told(lambda: [os.pipe() for _ in range(300)])}
"""
MANY = """
import os, time

def attack():
    reading, writing = os.pipe()
    for _ in range(20):
        if os.fork() == 0:
            held = [os.open("/dev/null", os.O_RDONLY) for _ in range(200)]
            os.write(writing, b"x")
            time.sleep(5)
    full = 0
    while full < 20:
        full += len(os.read(reading, 20))
    time.sleep(0.3)
    return {"open": full * 200}
"""


def attempt(field: Field) -> Outcome:
    one = field.program(ONE).refused(REASON, {"pipes": "EMFILE"})
    if one.succeeded or one.reason != REASON:
        return one
    many = field.program(MANY).held("process_limit")
    return one if many.reason == "process_limit" else many


def control(field: Field) -> Outcome:
    one = field.program(ONE, without=[Layer.RLIMITS]).achieved(["pipes"])
    many = field.program(MANY, without=[Layer.WATCHDOG])
    return Outcome(succeeded=one.succeeded and many.said == {"open": 4000}, reason=f"{one.reason} {many.stopped_by}")
