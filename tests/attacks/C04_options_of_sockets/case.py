"""With services over TCP: sets options of its sockets that cost the kernel memory or have it load modules.

Buffers stay as small as the guest's network says, pages are never lent to the kernel, and of TCP only what an HTTP
client needs can be set.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer
from djudge.engine.sandbox.doors import PORTS

REASON = "EPERM from setsockopt"

SOURCE = """
import socket
from calls import told

def option(level, name, value=1):
    with socket.socket() as one:
        one.setsockopt(level, name, value)

def attack():
    return {
        "buffer to receive": told(option, socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24),
        "buffer to send": told(option, socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24),
        "lent pages": told(option, socket.SOL_SOCKET, 60),
        "other layers": told(option, socket.IPPROTO_TCP, 31, b"tls"),
        "congestion": told(option, socket.IPPROTO_TCP, 13, b"cubic"),
        "fast open": told(option, socket.IPPROTO_TCP, 30),
        "options of IP": told(option, socket.IPPROTO_IP, socket.IP_TTL),
        "no delay": told(option, socket.IPPROTO_TCP, socket.TCP_NODELAY) or "honest",
    }
"""
TRIES = (
    "buffer to receive", "buffer to send", "lent pages", "other layers", "congestion", "fast open", "options of IP"
)  # fmt: skip


def attempt(field: Field) -> Outcome:
    expected = dict.fromkeys(TRIES, "EPERM") | {"no delay": "honest"}
    return field.program(SOURCE, ports=PORTS).refused(REASON, expected)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, ports=PORTS, without=[Layer.SECCOMP])
    return tried.achieved(["buffer to receive", "buffer to send", "lent pages", "options of IP"])
