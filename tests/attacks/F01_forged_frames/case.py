"""Finds the judge's socket in memory, and writes findings, phases and answers of its own to it, to stdout and to files.

A guest can say only what the exchange has a place for, at its time; findings are made where no guest can write.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed, verdict

REASON = "protocol"
FORGER = """

import gc
import json
import socket
import struct
import sys

CHECKS = ("growth", "rows", "queries", "page", "fresh")
FINDINGS = {"findings": [{"check": check, "outcome": "shown"} for check in CHECKS]}


def forge(request):
    frame = sys._getframe()
    names = {}
    while frame is not None:
        names.update({name: value for name, value in frame.f_locals.items() if isinstance(value, str)})
        frame = frame.f_back
    about = {"run": names.get("run", ""), "id": 1, **FINDINGS}
    said = json.dumps(about).encode()
    print(said.decode())
    for path in ("/tmp/findings.json", "/tmp/report.json", "/tmp/junit.xml"):
        with open(path, "wb") as file:
            file.write(said)
    for one in gc.get_objects():
        if isinstance(one, socket.socket) and one.family == socket.AF_UNIX:
            one.sendall(b"".join(struct.pack(">cI", kind, len(said)) + said for kind in (b"P", b"R", b"X", b"D")))
"""


def attempt(field: Field) -> Outcome:
    files = changed(
        field,
        "catalogue/views.py",
        ("    tree = CategoryTree", "    forge(request)\n    tree = CategoryTree"),
        added=FORGER,
    )
    return verdict(field, files, REASON)


SAYS = """
def attack():
    import json, sys
    print(json.dumps({"findings": [{"check": "growth", "outcome": "shown"}]}))
    sys.stdout.flush()
    return 0
"""


def control(field: Field) -> Outcome:
    """A judge that reads results out of what a guest prints would believe it."""
    ending = field.attack(SAYS).ending
    printed = ending.output if ending else b""
    return Outcome(succeeded=b'"outcome": "shown"' in printed, reason=f"printed {printed[:200]!r}")
