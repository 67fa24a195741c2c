"""Burns the processor in processes that live a few milliseconds, each starting the next, waited for by nobody.

Between two looks of the watchdog most of them come and go, and the kernel counts them nowhere.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "cpu_limit"
WANTED_SECONDS = 1.5
LIMITS = dataclasses.replace(SMALL, cpu_seconds=0.5)

SOURCE = f"""
import os, signal, time

BURN = 0.004

def relay(writing):
    while True:
        start = time.process_time()
        while time.process_time() - start < BURN:
            pass
        os.write(writing, b"x")
        if os.fork():
            os._exit(0)

def attack():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    reading, writing = os.pipe()
    for _ in range(2):
        if os.fork() == 0:
            relay(writing)
    burnt = 0
    while burnt * BURN < {WANTED_SECONDS}:
        burnt += len(os.read(reading, 4096))
    return {{"burnt": True}}
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).held(REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == {"burnt": True}, reason=tried.stopped_by or str(tried.said))
