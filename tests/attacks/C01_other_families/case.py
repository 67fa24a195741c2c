"""Makes sockets of families that listen to whole networks, speak to the kernel or to the machine's host.

The filter knows the local family alone. In the control root opens them, within the empty namespace.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from socket and socketpair"

SOURCE = """
import socket
from calls import call, told

def opened(*arguments):
    with socket.socket(*arguments):
        pass

def attack():
    return {
        "packet": told(opened, 17, socket.SOCK_RAW, 0x0300),
        "raw": told(opened, socket.AF_INET, socket.SOCK_RAW, 1),
        "netlink": told(opened, 16, socket.SOCK_RAW, 0),
        "vsock": told(opened, 40, socket.SOCK_STREAM, 0),
        "alg": told(opened, 38, socket.SOCK_SEQPACKET, 0),
        "bluetooth": told(opened, 31, socket.SOCK_RAW, 1),
        "xdp": told(opened, 44, socket.SOCK_RAW, 0),
        "key": told(opened, 15, socket.SOCK_RAW, 2),
        "tipc": told(opened, 30, socket.SOCK_RDM, 0),
        "pair of TCP": told(call, 53, 2, 1, 0, bytes(8)),
        "pair of TIPC": told(call, 53, 30, 1, 0, bytes(8)),
        "high bits": told(call, 41, 2 | 1 << 40, 1, 0),
    }
"""
TRIES = (
    "packet", "raw", "netlink", "vsock", "alg", "bluetooth", "xdp", "key", "tipc", "pair of TCP", "pair of TIPC",
    "high bits",
)  # fmt: skip


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE).refused(REASON, dict.fromkeys(TRIES, "EPERM"))


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, without=[Layer.SECCOMP, Layer.IDENTITY])
    return tried.achieved(["netlink", "raw", "packet", "high bits"])
