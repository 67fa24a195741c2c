"""Prints to standard error without end.

The supervisor drains it, keeps the first part, counts the rest, and ends the guest at 64 times what is kept. The
control prints as much where the limit allows it: a limit, not a layer, stands in the way.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

REASON = "output_limit"
TIGHT = dataclasses.replace(SMALL, output_kb=16)
ROOMY = dataclasses.replace(SMALL, output_kb=256)
MOST = 2 * 16 * 1024 * 64
#: Above 64 times 16 KiB, in pieces; the control ends here and the attempt is ended before.
PIECES = 32

SOURCE = """
import os

def attack(pieces):
    for _ in range(int(pieces)):
        os.write(2, b"x" * 65536)
    return "printed all"
"""


def attempt(field: Field) -> Outcome:
    tried = field.program(SOURCE, "1000000", limits=TIGHT)
    ending = tried.ending
    if ending is None or len(ending.output) > 16 * 1024 or ending.printed > MOST:
        return Outcome(succeeded=True, reason="more was kept or taken than the limit allows")
    return tried.held(REASON)


def control(field: Field) -> Outcome:
    ending = field.program(SOURCE, str(PIECES), limits=ROOMY).ending
    printed = ending.printed if ending else 0
    reason = ending.reason if ending else "no ending"
    return Outcome(succeeded=printed > PIECES * 65536 and reason != "output_limit", reason=reason)
