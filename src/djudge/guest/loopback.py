"""The only network that a guest may have: a loopback of its own, with ports on which the judge listens.

The supervisor stands in the guest's network namespace, so it can listen there, and passes the descriptors out: the
judge itself accepts and answers, and nothing of ours runs beside candidate code. Where the guest has no namespace of
its own (own code without a jail), the machine's loopback has to do, with ports that the kernel picks.
"""

from __future__ import annotations

import fcntl
import socket
import struct
from collections.abc import Sequence
from typing import Final

from djudge.guest.kernel import LayerError

ADDRESS: Final = "127.0.0.1"
#: At most so many ports; each is one service of the judge.
MOST_PORTS: Final = 8
#: Callers that wait to be accepted. More are kept waiting by their own kernel.
_BACKLOG: Final = 128
_SET_FLAGS: Final = 0x8914
_UP_AND_RUNNING: Final = 0x1 | 0x40
_NAME_AND_FLAGS: Final = struct.Struct("16sh14x")

#: Memory of the kernel's own, for each socket and for what is left of closed ones; and data before a connection stands,
#: which Landlock does not look at.
_SETTINGS: Final = {
    "tcp_rmem": "4096 32768 65536",
    "tcp_wmem": "4096 16384 65536",
    "tcp_max_tw_buckets": "1024",
    "tcp_fastopen": "0",
}


def listen(ports: Sequence[int], *, own_network: bool) -> list[socket.socket]:
    """Bring the loopback up and listen on each of the ports. Raises LayerError where this machine does not allow it."""
    if not ports:
        return []
    try:
        if own_network:
            _bring_up()
            _bound_memory()
        return [_listener(port if own_network else 0) for port in ports]
    except OSError as error:
        raise LayerError("network", f"listening on the guest's loopback: {error}") from error


def hand_out(doors: socket.socket, listeners: Sequence[socket.socket]) -> None:
    """Give the listening sockets to whoever holds the other end of `doors`, and keep none."""
    with doors:
        if listeners:
            socket.send_fds(doors, [b"doors"], [one.fileno() for one in listeners])
    for one in listeners:
        one.close()


def _bring_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        fcntl.ioctl(asking, _SET_FLAGS, _NAME_AND_FLAGS.pack(b"lo", _UP_AND_RUNNING))


def _bound_memory() -> None:
    for name, value in _SETTINGS.items():
        with open(f"/proc/sys/net/ipv4/{name}", "w", encoding="ascii") as file:
            file.write(value)


def _listener(port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    one.bind((ADDRESS, port))
    one.listen(_BACKLOG)
    one.setblocking(False)
    return one
