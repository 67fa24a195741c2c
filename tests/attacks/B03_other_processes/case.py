"""Sends signals to every number that a process may have: other guests, supervisors, the zygote.

The guest has a process namespace of its own, and there is nobody else in it. Two more layers stand behind (Landlock's
scope of signals, and the user, which two guests of one slot share); the control leaves out what keeps one guest from
another, and the other is killed.
"""

import os
import time
from collections.abc import Sequence

from tests.attacks.battery import SMALL, Attempted, Field, Outcome

from djudge.engine.errors import DjudgeError
from djudge.engine.sandbox.contract import Layer
from djudge.engine.values import Json

REASON = "ESRCH from kill, and the others alive"

SOURCE = """
import os, signal

def attack(judge):
    errors, killed, own = set(), 0, os.getpid()
    for pid in [int(judge), os.getppid() or 2, *range(2, 1000)]:
        if pid in (own, os.getppid()) or os.getppid() == 1 == pid:
            continue
        try:
            os.kill(pid, signal.SIGKILL)
            killed += 1
        except OSError as error:
            errors.add(error.strerror)
    everybody = ""
    if own == 1:
        try:
            os.kill(-1, signal.SIGKILL)
        except OSError as error:
            everybody = error.strerror
    return {"killed": killed, "errors": sorted(errors | {everybody} - {""}), "own": own, "parent": os.getppid()}
"""
VICTIM = {
    "victim.py": b"import time; time.sleep(0.8); print('alive')",
}


def attempt(field: Field) -> Outcome:
    tried, alive = beside_another(field, [])
    if tried.said is None:
        return Outcome(succeeded=False, reason=tried.stopped_by)
    lonely = tried.said == {"killed": 0, "errors": ["No such process"], "own": 1, "parent": 0}
    return Outcome(succeeded=not alive or tried.said["killed"] > 0, reason=REASON if lonely else str(tried.said))


def control(field: Field) -> Outcome:
    tried, alive = beside_another(field, [Layer.PIDS, Layer.LANDLOCK])
    return Outcome(succeeded=not alive, reason=str(tried.said or tried.fault))


def beside_another(field: Field, without: Sequence[Layer]) -> tuple[Attempted, bool]:
    """What the attacker says, and whether the other guest lived to its end."""
    entry: dict[str, Json] = {"kind": "command", "module": "victim", "argv": []}
    with field.sandbox(without).spawn(VICTIM, entry=entry, limits=SMALL) as victim:
        victim.ready()
        time.sleep(0.1)
        tried = field.program(SOURCE, str(os.getpid()), without=without)
        try:
            return tried, victim.wait().output == b"alive\n"
        except DjudgeError:
            return tried, False
