"""With services over TCP: connects to servers of the machine where Landlock was forgotten, or is too old to know TCP.

The guest's network namespace holds the judge's services and nothing else; the machine's loopback is another one.
"""

from tests.attacks.battery import Attempted, Field, Outcome
from tests.attacks.listeners import loopback

from djudge.engine.sandbox.contract import Layer
from djudge.engine.sandbox.doors import PORTS

REASON = "ECONNREFUSED from connect"

SOURCE = """
import socket
from calls import told

def attack(port):
    return {"connect": told(lambda: socket.create_connection(("127.0.0.1", int(port)), 1).close())}
"""


def _try(field: Field, *without: Layer) -> Attempted:
    with loopback() as servers:
        return field.program(SOURCE, servers.ports[0], ports=PORTS, without=without)


def attempt(field: Field) -> Outcome:
    return _try(field, Layer.LANDLOCK).refused(REASON, {"connect": "ECONNREFUSED"})


def control(field: Field) -> Outcome:
    return _try(field, Layer.LANDLOCK, Layer.NETWORK).achieved(["connect"])
