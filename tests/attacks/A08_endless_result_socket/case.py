"""Writes to the judge's own socket without end: noise, heads of a gigabyte, phases for ever, answers to nothing.

Whatever is no frame, or comes when it may not, ends the run at once as a broken wire. The control speaks on the same
socket as it is agreed, and is heard: the way to the judge is real.
"""

import time

from tests.attacks.battery import Attempted, Field, Outcome

REASON = "protocol, at once"
LONGEST_SECONDS = 3.0

SOURCE = r"""
import gc, json, os, struct

def frame(kind, payload):
    return struct.pack(">cI", kind, len(payload)) + payload

def run():
    return next(one.run for one in gc.get_objects() if type(one).__name__ == "Voice")

def head(kind, **fields):
    return frame(kind, json.dumps({"run": run(), **fields}).encode())

def flood(piece):
    while True:
        os.write(3, piece)

def attack(what):
    if what == "noise":
        flood(b"\xff" * 65536)
    if what == "long head":
        flood(struct.pack(">cI", b"X", 2**30) + b"x" * 65536)
    if what == "phases":
        flood(head(b"P", phase="running") * 100)
    if what == "bodies":
        flood(frame(b"B", b"x" * 65536))
    if what == "answers":
        flood(head(b"A", id=1, status=200, headers=[]))
    os.write(3, head(b"X", status=77))
    os.read(3, 1)
"""


def attempt(field: Field) -> Outcome:
    for what in ("noise", "long head", "phases", "bodies", "answers"):
        began = time.monotonic()
        tried = field.program(SOURCE, what)
        seconds = time.monotonic() - began
        if tried.stopped_by != "protocol" or seconds > LONGEST_SECONDS:
            return Outcome(succeeded=tried.said is not None, reason=f"{what}: {_told(tried)} after {seconds:.1f} s")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, "exit")
    return Outcome(succeeded=tried.status == 77, reason=_told(tried))


def _told(tried: Attempted) -> str:
    return tried.stopped_by or str(tried.said)
