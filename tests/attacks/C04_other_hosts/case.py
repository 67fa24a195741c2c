"""With services over TCP: connects to other machines, and to other addresses of this one, at a port that it may call.

Landlock looks at ports only. The guest's network has a loopback and no way out of it, so nothing is ever sent; the
control reaches a server of the test's own at another address of the machine.
"""

import socket

from tests.attacks.battery import Attempted, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "ENETUNREACH from other machines, ECONNREFUSED from other addresses"

SOURCE = """
import socket
from calls import told

def connect(address, port):
    socket.create_connection((address, port), 1).close()

def beyond(port):
    places = {"neighbour": "10.0.0.1", "metadata": "169.254.169.254", "world": "192.0.2.1"}
    return {name: told(connect, address, port) for name, address in places.items()}

def attack(port, whole):
    said = beyond(int(port)) if whole else {}
    return said | {"machine": told(connect, "127.0.0.9", int(port))}
"""


def _try(field: Field, whole: str, *without: Layer) -> Attempted:
    with socket.create_server(("127.0.0.9", 0)) as server:
        port = server.getsockname()[1]
        return field.program(SOURCE, str(port), whole, ports=[port], without=without)


def attempt(field: Field) -> Outcome:
    expected = dict.fromkeys(("neighbour", "metadata", "world"), "ENETUNREACH") | {"machine": "ECONNREFUSED"}
    return _try(field, "whole").refused(REASON, expected)


def control(field: Field) -> Outcome:
    return _try(field, "", Layer.NETWORK).achieved(["machine"])
