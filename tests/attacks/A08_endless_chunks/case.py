"""Streams an answer without end the honest way, as a generator: our code in the guest cuts it at the limit.

The answer says that it was cut, and the guest goes on to serve. The control yields as much where the limit allows it.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Request

REASON = "cut at the limit"
PIECES = 80
TIGHT = dataclasses.replace(SMALL, response_mb=1)
ROOMY = dataclasses.replace(SMALL, response_mb=8)

APPLICATION = f"""
import itertools

def application(environ, start_response):
    start_response("200 OK", [])
    counted = itertools.count() if environ["PATH_INFO"] == "/endless" else range({PIECES})
    return (b"x" * 65536 for _ in counted)
"""


def attempt(field: Field) -> Outcome:
    with field.application(APPLICATION, limits=TIGHT) as guest:
        first, second = guest.http(Request(target="/endless")), guest.http(Request(target="/endless"))
    cut = all(one.truncated and len(one.body) == 1024 * 1024 for one in (first, second))
    return Outcome(succeeded=not cut, reason=REASON if cut else f"{len(first.body)} bytes")


def control(field: Field) -> Outcome:
    with field.application(APPLICATION, limits=ROOMY) as guest:
        answer = guest.http(Request(target="/bounded"))
    whole = len(answer.body) == PIECES * 65536 and not answer.truncated
    return Outcome(succeeded=whole, reason=f"{len(answer.body)} bytes")
