"""With services over TCP: listens itself, to be called by others or to pass for a service of the judge.

Landlock refuses to bind, and the filter to listen: a socket that was bound to nothing would listen somewhere. The
control is called by a child of its own.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer
from djudge.engine.sandbox.doors import PORTS

REASON = "EACCES from bind, EPERM from listen"

SOURCE = """
import os, socket
from calls import told

def bind(port):
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        one.bind(("127.0.0.1", port))

def listen():
    with socket.socket() as one:
        one.listen()
        if os.fork() == 0:
            socket.create_connection(one.getsockname(), 1)
            os._exit(0)
        one.settimeout(2)
        one.accept()

def local():
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("")
        one.listen()

def attack():
    return {
        "any port": told(bind, 0),
        "port of a service": told(bind, 8001),
        "listen": told(listen),
        "listen locally": told(local),
    }
"""
EXPECTED = {"any port": "EACCES", "port of a service": "EACCES", "listen": "EPERM", "listen locally": "EPERM"}


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, ports=PORTS).refused(REASON, EXPECTED)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, ports=PORTS, without=[Layer.SECCOMP, Layer.LANDLOCK])
    return tried.achieved(["any port", "listen", "listen locally"])
