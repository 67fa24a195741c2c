"""Streams an answer that never ends, past our own code that would have cut it.

The judge counts for itself and ends the guest at the limit. The control sends as much where the limit allows it.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.errors import CandidateFault
from djudge.engine.sandbox.contract import Request

REASON = "response_limit"
PIECES = 80
TIGHT = dataclasses.replace(SMALL, response_mb=1)
ROOMY = dataclasses.replace(SMALL, response_mb=8)

#: `start_response` is a method of our own answer, so its socket can be had from it.
APPLICATION = """
import json, struct

def frame(kind, payload):
    return struct.pack(">cI", kind, len(payload)) + payload

def application(environ, start_response):
    answer = start_response.__self__
    channel, about = answer._channel, answer._about
    channel.sendall(frame(b"A", json.dumps(about | {"status": 200, "headers": []}).encode()))
    sent = 0
    while environ["PATH_INFO"] == "/endless" or sent < WANTED:
        channel.sendall(frame(b"B", b"x" * 65536))
        sent += 1
    channel.sendall(frame(b"E", json.dumps(about | {"cut": False, "broken": False}).encode()))
    answer._begun = True
    answer._channel = type("Silent", (), {"sendall": lambda self, content: None})()
    return []
""".replace("WANTED", str(PIECES))


def attempt(field: Field) -> Outcome:
    with field.application(APPLICATION, limits=TIGHT) as guest:
        try:
            answer = guest.http(Request(target="/endless"))
        except CandidateFault as fault:
            return Outcome(succeeded=False, reason=fault.kind)
    return Outcome(succeeded=True, reason=f"{len(answer.body)} bytes were taken")


def control(field: Field) -> Outcome:
    with field.application(APPLICATION, limits=ROOMY) as guest:
        answer = guest.http(Request(target="/bounded"))
    return Outcome(succeeded=len(answer.body) == PIECES * 65536, reason=f"{len(answer.body)} bytes")
