"""Reaches out by TCP and UDP where the filter of system calls was forgotten.

The guest's network namespace is empty: there is no way anywhere, not even to the loopback. (Landlock, which refuses
TCP too, is left out as well, so that the namespace is seen alone.)
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.listeners import loopback

from djudge.engine.sandbox.contract import Layer

REASON = "ENETUNREACH from connect and sendto"

SOURCE = """
import socket
from calls import told

def tcp(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.settimeout(1)
        one.connect(address)

def udp(family, address):
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        one.settimeout(1)
        one.sendto(b"secret", address)

def attack(tcp_port, udp_port):
    return {
        "TCP": told(tcp, socket.AF_INET, ("127.0.0.1", int(tcp_port))),
        "UDP": told(udp, socket.AF_INET, ("127.0.0.1", int(udp_port))),
    }
"""


def attempt(field: Field) -> Outcome:
    with loopback() as servers:
        tried = field.program(SOURCE, *servers.ports, without=[Layer.SECCOMP, Layer.LANDLOCK])
    return tried.refused(REASON, {"TCP": "ENETUNREACH", "UDP": "ENETUNREACH"})


def control(field: Field) -> Outcome:
    with loopback() as servers:
        tried = field.program(SOURCE, *servers.ports, without=[Layer.SECCOMP, Layer.LANDLOCK, Layer.NETWORK])
        reached = servers.reached()
    return Outcome(succeeded=reached == {"TCP", "UDP"}, reason=tried.achieved(["TCP", "UDP"]).reason)
