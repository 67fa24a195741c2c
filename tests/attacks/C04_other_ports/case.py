"""With services over TCP: connects to ports at which none is, in two ways.

Landlock knows the ports of the judge's services alone (from version 4 of its interface on). It does not look at data
that is sent before a connection stands; that is switched off in the guest's network.
"""

from tests.attacks.battery import Attempted, Field, Outcome
from tests.attacks.listeners import loopback

from djudge.engine.sandbox.contract import Layer
from djudge.engine.sandbox.doors import PORTS

REASON = "EACCES from connect, ENOTSUP from early data"

SOURCE = """
import socket
from calls import told

def connect(port):
    socket.create_connection(("127.0.0.1", port), 1).close()

def early(port):
    with socket.socket() as one:
        one.sendto(b"secret", socket.MSG_FASTOPEN, ("127.0.0.1", port))

def attack(port):
    port = int(port)
    return {"connect": told(connect, port), "early data": told(early, port), "any": told(connect, 80)}
"""


def _try(field: Field, *without: Layer) -> Attempted:
    with loopback() as servers:
        return field.program(SOURCE, servers.ports[0], ports=PORTS, without=without)


def attempt(field: Field) -> Outcome:
    expected = {"connect": "EACCES", "early data": "ENOTSUP", "any": "EACCES"}
    return _try(field).refused(REASON, expected)


def control(field: Field) -> Outcome:
    return _try(field, Layer.LANDLOCK, Layer.NETWORK).achieved(["connect"])
