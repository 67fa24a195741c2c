"""With services over TCP: makes sockets of other kinds, which Landlock does not look at.

The filter for such guests knows local sockets and TCP of IPv4: neither UDP nor IPv6, nor MPTCP, which is TCP to
everybody but Landlock.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer
from djudge.engine.sandbox.doors import PORTS

REASON = "EPERM from socket"

SOURCE = """
import socket
from calls import call, told

def opened(*arguments):
    with socket.socket(*arguments):
        pass

def attack():
    return {
        "UDP": told(opened, socket.AF_INET, socket.SOCK_DGRAM),
        "UDP, not blocking": told(opened, socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK),
        "IPv6": told(opened, socket.AF_INET6, socket.SOCK_STREAM),
        "raw": told(opened, socket.AF_INET, socket.SOCK_RAW, 1),
        "ping": told(opened, socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP),
        "MPTCP": told(opened, socket.AF_INET, socket.SOCK_STREAM, 262),
        "SCTP": told(opened, socket.AF_INET, socket.SOCK_STREAM, 132),
        "netlink": told(opened, 16, socket.SOCK_RAW, 0),
        "packet": told(opened, 17, socket.SOCK_RAW, 0x0300),
        "pair": told(call, 53, 2, 1, 0, bytes(8)),
        "high bits of the type": told(call, 41, 2, 2 | 1 << 40, 0),
    }
"""
TRIES = (
    "UDP", "UDP, not blocking", "IPv6", "raw", "ping", "MPTCP", "SCTP", "netlink", "packet", "pair",
    "high bits of the type",
)  # fmt: skip


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, ports=PORTS).refused(REASON, dict.fromkeys(TRIES, "EPERM"))


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, ports=PORTS, without=[Layer.SECCOMP])
    return tried.achieved(["UDP", "UDP, not blocking", "IPv6", "netlink"])
