"""Answers in frames of one or two bytes, so that each costs the judge a thousand times what it holds.

The deadline of the request holds it, and the judge's own memory does not swell. The control is the same crumbs,
fewer of them: they are accepted, each as a chunk.
"""

import dataclasses
import resource
import time

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.errors import CandidateFault
from djudge.engine.sandbox.contract import Request

REASON = "time_limit within its second, with less than 100 MB"
LIMITS = dataclasses.replace(SMALL, request_seconds=1.0, response_mb=4)
CRUMBS = 5000

APPLICATION = """
import json, struct

def frame(kind, payload):
    return struct.pack(">cI", kind, len(payload)) + payload

def application(environ, start_response):
    answer = start_response.__self__
    channel, about = answer._channel, answer._about
    channel.sendall(frame(b"A", json.dumps(about | {"status": 200, "headers": []}).encode()))
    many = frame(b"B", b"xy") * 1000
    sent = 0
    while environ["PATH_INFO"] == "/endless" or sent < WANTED:
        channel.sendall(many)
        sent += 1000
    channel.sendall(frame(b"E", json.dumps(about | {"cut": False, "broken": False}).encode()))
    answer._begun = True
    answer._channel = type("Silent", (), {"sendall": lambda self, content: None})()
    return []
""".replace("WANTED", str(CRUMBS))


def attempt(field: Field) -> Outcome:
    with field.application(APPLICATION, limits=LIMITS) as guest:
        guest.ready()
        before, began = _peak_mb(), time.monotonic()
        try:
            guest.http(Request(target="/endless"))
        except CandidateFault as fault:
            seconds, megabytes = time.monotonic() - began, _peak_mb() - before
            held = seconds < 3 and megabytes < 100 and fault.kind in ("time_limit", "response_limit")
            words = f"{fault.kind} after {seconds:.1f} s with {megabytes} MB"
            return Outcome(succeeded=not held, reason=REASON if held else words)
    return Outcome(succeeded=True, reason="the answer ended")


def control(field: Field) -> Outcome:
    with field.application(APPLICATION, limits=LIMITS) as guest:
        answer = guest.http(Request(target="/bounded"))
    return Outcome(succeeded=answer.chunks == CRUMBS, reason=f"{answer.chunks} chunks")


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
