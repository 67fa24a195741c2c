"""The judge's end of what a guest may call over TCP: sockets that listen on the guest's own loopback.

Its supervisor makes them and passes them out; the guest has never had them. Whoever holds one stands in both worlds:
it accepts in the judge, and only the guest can call.
"""

from __future__ import annotations

import select
import socket
import time
from typing import Final

from djudge.engine.sandbox.channel import ClosedError, DeadlineError

#: The ports of every guest of a task that needs TCP. Who calls another one is refused by the guest's own kernel.
PORTS: Final = (8001, 8002, 8003, 8004)


class Doors:
    """Where the listening sockets arrive, once. Those that nobody takes are closed, and then nothing answers there."""

    def __init__(self, own: socket.socket, count: int) -> None:
        self._own = own
        self._count = count
        self._taken: tuple[socket.socket, ...] | None = None

    def take(self, deadline: float) -> tuple[socket.socket, ...]:
        """The listening sockets, in the order of the ports; the same ones again when asked again.

        Raises `ClosedError` where the supervisor ended first, `DeadlineError` where nothing came.
        """
        if self._taken is None:
            self._taken = self._receive(deadline)
        return self._taken

    def close(self) -> None:
        """Nobody is answered any more; more than once is no mistake."""
        self._own.close()
        for one in self._taken or ():
            one.close()

    def _receive(self, deadline: float) -> tuple[socket.socket, ...]:
        poll = select.poll()
        poll.register(self._own, select.POLLIN)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise DeadlineError
        try:
            _, descriptors, _, _ = socket.recv_fds(self._own, 16, self._count)
        except OSError as error:
            raise ClosedError from error
        found = tuple(socket.socket(fileno=one) for one in descriptors)
        if len(found) != self._count:
            for one in found:
                one.close()
            raise ClosedError
        for one in found:
            one.setblocking(False)
        return found
