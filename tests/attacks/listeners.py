"""Servers of the test's own on the loopback, which a guest must not reach and a control does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Servers:
    """Two sockets on the host's loopback that wait for anybody."""

    tcp: socket.socket
    udp: socket.socket

    @property
    def ports(self) -> tuple[str, str]:
        """Of TCP and of UDP, as arguments of a program."""
        return str(self.tcp.getsockname()[1]), str(self.udp.getsockname()[1])

    def reached(self) -> set[str]:
        """Who had a visitor. Nothing is waited for: on the loopback what was sent has arrived."""
        found = set()
        for name, one in (("TCP", self.tcp), ("UDP", self.udp)):
            one.setblocking(False)
            try:
                one.accept()[0].close() if name == "TCP" else one.recv(100)
                found.add(name)
            except BlockingIOError:
                continue
        return found


@contextmanager
def loopback() -> Iterator[Servers]:
    """Both servers, for a while."""
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(("127.0.0.1", 0))
        yield Servers(tcp, udp)
