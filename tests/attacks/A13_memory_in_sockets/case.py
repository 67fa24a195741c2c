"""Hides memory in full socket buffers, made as large as the machine allows: no process shows it.

A guest may not enlarge a buffer, and its open descriptors are counted.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from setsockopt"
WANTED_MB = 150
LIMITS = dataclasses.replace(SMALL, memory_mb=64)

SOURCE = f"""
import errno, socket

def attack():
    held, refused, kept = 0, "", []
    piece = bytes(2**20)
    while held < {WANTED_MB} * 2**20 and len(kept) < 50:
        for one in socket.socketpair():
            kept.append(one)
            one.setblocking(False)
            try:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)
            except OSError as error:
                refused = errno.errorcode[error.errno]
            try:
                while True:
                    held += one.send(piece)
            except BlockingIOError:
                pass
    return {{"hidden memory": "" if held >= {WANTED_MB} * 2**20 else refused or "little"}}
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS).refused(REASON, {"hidden memory": "EPERM"})


def control(field: Field) -> Outcome:
    return field.program(SOURCE, limits=LIMITS, without=[Layer.SECCOMP]).achieved(["hidden memory"])
