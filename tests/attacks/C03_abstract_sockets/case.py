"""Connects to abstract local sockets of the machine, which lie in no folder (desktop buses, containers' daemons).

They belong to a network namespace, and the guest's own has none.
"""

import secrets
import socket

from tests.attacks.battery import Attempted, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "ECONNREFUSED from connect"

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
    return _try(field, []).refused(REASON, {"connect": "ECONNREFUSED"})


def control(field: Field) -> Outcome:
    return _try(field, [Layer.NETWORK, Layer.LANDLOCK]).achieved(["connect"])
