"""Connects to abstract local sockets of the machine where the network namespace was forgotten.

Landlock refuses every one that was not made in the guest's own domain (from version 6 of its interface on).
"""

import secrets
import socket

from tests.attacks.battery import Attempted, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from connect"

SOURCE = """
import socket
from calls import told

def attack(name):
    with socket.socket(socket.AF_UNIX) as one:
        one.settimeout(1)
        return {"connect": told(one.connect, "\\0" + name)}
"""


def _try(field: Field, without: list[Layer]) -> Attempted:
    name = f"djudge-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{name}")
        server.listen()
        return field.program(SOURCE, name, without=without)


def attempt(field: Field) -> Outcome:
    return _try(field, [Layer.NETWORK]).refused(REASON, {"connect": "EPERM"})


def control(field: Field) -> Outcome:
    return _try(field, [Layer.NETWORK, Layer.LANDLOCK]).achieved(["connect"])
