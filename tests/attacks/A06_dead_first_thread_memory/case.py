"""Ends the first thread of a process, so that the kernel lists a zombie, and holds memory in a second one.

A zombie that has threads left is alive, and is measured by them.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "memory_limit"
LIMITS = dataclasses.replace(SMALL, memory_mb=64)

SOURCE = """
import os, threading, time
from calls import call

EXIT = 60

def work(writing):
    time.sleep(0.2)
    held = [bytearray(b"x" * 2**20) for _ in range(150)]
    time.sleep(0.3)
    os.write(writing, b"x")
    time.sleep(5)

def attack():
    reading, writing = os.pipe()
    if os.fork() == 0:
        threading.Thread(target=work, args=(writing,)).start()
        call(EXIT, 0)
    os.close(writing)
    os.read(reading, 1)
    return "done in the dark"
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).held(REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == "done in the dark", reason=tried.stopped_by)
