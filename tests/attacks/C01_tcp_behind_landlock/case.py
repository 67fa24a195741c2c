"""Reaches out by TCP where the filter and the network namespace were forgotten, in a guest or listening for others.

Landlock refuses to connect and to bind (from version 4 of its interface on).
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.listeners import loopback

from djudge.engine.sandbox.contract import Layer

REASON = "EACCES from connect and bind"

SOURCE = """
import socket
from calls import told

def attack(port, other):
    return {
        "connect": told(lambda: socket.create_connection(("127.0.0.1", int(port)), 1).close()),
        "bind": told(lambda: socket.create_server(("127.0.0.1", 0)).close()),
    }
"""


def attempt(field: Field) -> Outcome:
    with loopback() as servers:
        tried = field.program(SOURCE, *servers.ports, without=[Layer.SECCOMP, Layer.NETWORK])
    return tried.refused(REASON, {"connect": "EACCES", "bind": "EACCES"})


def control(field: Field) -> Outcome:
    with loopback() as servers:
        tried = field.program(SOURCE, *servers.ports, without=[Layer.SECCOMP, Layer.NETWORK, Layer.LANDLOCK])
    return tried.achieved(["connect", "bind"])
