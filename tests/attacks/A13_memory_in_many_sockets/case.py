"""Hides memory in socket buffers of ordinary size, in so many processes that no single one has many descriptors.

The watchdog counts the sockets of the whole guest, because a full one is memory that no process shows.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "process_limit"
CHILDREN, PAIRS = 15, 29
LIMITS = dataclasses.replace(SMALL, memory_mb=96)

SOURCE = f"""
import os, socket, time

def fill():
    held, kept = 0, []
    for _ in range({PAIRS}):
        for one in socket.socketpair():
            kept.append(one)
            one.setblocking(False)
            try:
                while True:
                    held += one.send(bytes(200_000))
            except BlockingIOError:
                pass
    return held, kept

def attack():
    reading, writing = os.pipe()
    for _ in range({CHILDREN}):
        if os.fork() == 0:
            held, kept = fill()
            os.write(writing, b"%d\\n" % held)
            time.sleep(5)
    told = b""
    while told.count(b"\\n") < {CHILDREN}:
        told += os.read(reading, 4096)
    time.sleep(0.3)
    return {{"hidden": sum(map(int, told.split())) > 150 * 2**20}}
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).held(REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, limits=LIMITS, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == {"hidden": True}, reason=tried.stopped_by or str(tried.said))
