"""Ignores and blocks every signal, stops its children and sleeps: nobody may wait for it politely.

It is killed, and its namespace with it, within a second of its time limit. In the control a process that ignores as
much survives every other signal, under a longer limit.
"""

import dataclasses
import time

from tests.attacks.battery import SMALL, Field, Outcome

REASON = "time_limit, and gone at once"
SHORT = dataclasses.replace(SMALL, wall_seconds=0.6)

SOURCE = """
import os, signal, time

def deaf():
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())

def attack(how):
    deaf()
    child = os.fork()
    if child == 0:
        if how == "hang":
            os.setsid()
            os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(30)
        os._exit(0)
    if how == "hang":
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(30)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        os.kill(child, number)
    time.sleep(0.2)
    os.kill(child, 0)
    return "alive"
"""


def attempt(field: Field) -> Outcome:
    began = time.monotonic()
    tried = field.program(SOURCE, "hang", limits=SHORT)
    if tried.stopped_by == "time_limit" and time.monotonic() - began < 3:
        return Outcome(succeeded=False, reason=REASON)
    return Outcome(succeeded=True, reason=f"{tried.stopped_by} after {time.monotonic() - began:.1f} s")


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, "ask")
    return Outcome(succeeded=tried.said == "alive", reason=tried.stopped_by or str(tried.said))
