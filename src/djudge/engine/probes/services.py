"""Services that the judge owns and a guest calls over TCP: what reaches them is Seen, whatever the guest says.

They work in the judge, in its one thread, while it waits for the guest: `Guest.accompany` has them do a little whenever
something has come. A task needs `needs = ["tcp"]`; its guest then finds them at 127.0.0.1, by the ports of
`sandbox.doors.PORTS`. There is no name service: a name such as `localhost` is unknown there.

What decides is counts and order. `Hold` keeps requests in flight until as many are there as can come, so the peak does
not depend on who was faster. `Services.settle` waits for something that honest code does at once.

A caller may be hostile. Heads, bodies, connections, requests and bytes are limited; whoever exceeds them is turned away
from then on, and the record says `flooded`. Nothing here waits for a caller, and one that never reads costs one answer.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import Final, Protocol

from djudge.engine.errors import TaskFault
from djudge.engine.probes.service_connection import Connection
from djudge.engine.probes.service_log import Asked, Log, Traffic
from djudge.engine.probes.service_script import (
    PATIENCE,
    Act,
    Ask,
    Break,
    Close,
    Drip,
    Hang,
    Hold,
    Reply,
    Script,
    ServiceLimits,
    nobody,
)
from djudge.engine.sandbox.contract import Aside
from djudge.engine.values import Json

__all__ = [
    "PATIENCE", "Act", "Ask", "Asked", "Break", "Close", "Drip", "Hang", "Hold", "Log", "Reply", "Script", "Service",
    "ServiceLimits", "Services", "Traffic", "serving",
]  # fmt: skip

#: What is done in one step, so that the judge's own waiting goes on in between.
_EVENTS: Final = 64
_ACCEPTED: Final = 16
_LAST_STEPS: Final = 50
#: As many as a port keeps waiting.
_WAITING: Final = 128


class Caller(Protocol):
    """A guest, as far as its services need it."""

    def listeners(self) -> tuple[socket.socket, ...]:
        """What listens on its loopback."""

    def accompany(self, aside: Aside | None) -> None:
        """Have this done while it is waited for."""


class Service:
    """One port: who called, what they asked, and how it went. `url` is where the guest finds it."""

    def __init__(self, listener: socket.socket, script: Script, epoll: select.epoll, limits: ServiceLimits) -> None:
        self.log = Log()
        self._script = script
        self._limits = limits
        self._epoll = epoll
        self._listener = listener.dup()  # the guest closes its own at its end
        self._listener.setblocking(False)
        self._listens = False
        self._connections: dict[int, Connection] = {}
        self._received = 0
        address, port = listener.getsockname()
        self.url = f"http://{address}:{port}"
        self._listen()

    def handles(self, descriptor: int, events: int) -> bool:
        """Do what an event asks for, if it is this service's."""
        if descriptor == self._listener.fileno():
            self._accept()
            return True
        connection = self._connections.get(descriptor)
        if connection is None:
            return False
        before = connection.received
        if events & select.EPOLLOUT:
            connection.write()
        if events & ~select.EPOLLOUT and not connection.is_closed:
            connection.read()
        self._received += connection.received - before
        self._arrange(descriptor, connection)
        return True

    def consider(self) -> None:
        """Whatever is due, for all of them at one moment: who is let go first does not hold the others back."""
        now = time.monotonic()
        moves = [(each, move) for each in self._connections.values() if (move := each.move(now)) is not None]
        for connection, move in moves:
            descriptor = connection.fileno()
            move()
            self._arrange(descriptor, connection)
        if self._is_flooded and not self.log.flooded:
            self.log.flooded = True
            self._end_connections()
            self._listen()

    @property
    def _is_flooded(self) -> bool:
        limits, log = self._limits, self.log
        return (
            self._received > limits.bytes
            or len(log.records) >= limits.requests
            or log.connections >= limits.connections
        )

    @property
    def due(self) -> float | None:
        """When something is due next."""
        return min((one for each in self._connections.values() if (one := each.due) is not None), default=None)

    def close(self) -> None:
        """Nobody is answered any more."""
        self._stop_listening()
        self._end_connections()

    def end(self) -> None:
        """Let the port go too."""
        self.close()
        self._listener.close()

    def _accept(self) -> None:
        for _ in range(_ACCEPTED):
            try:
                own, _ = self._listener.accept()
            except OSError:
                return
            if self.log.flooded:
                own.close()
                continue
            connection = Connection(own, self.log.connect(), self.log, self._ask, self._limits)
            self._connections[own.fileno()] = connection
            self._epoll.register(own, select.EPOLLIN)
            if len(self._connections) >= self._limits.open_connections:
                self._stop_listening()
                return

    def _ask(self, ask: Ask) -> Act:
        return self._script(ask, self.log)

    def _arrange(self, descriptor: int, connection: Connection) -> None:
        if connection.is_closed:
            self._connections.pop(descriptor, None)
            self._listen()
        else:
            self._epoll.modify(descriptor, select.EPOLLIN | (select.EPOLLOUT if connection.has_output else 0))

    def _end_connections(self) -> None:
        for connection in list(self._connections.values()):
            connection.close("ended")
        self._connections.clear()

    def _listen(self) -> None:
        if not self._listens:
            self._listens = True
            self._epoll.register(self._listener, select.EPOLLIN)

    def _stop_listening(self) -> None:
        if self._listens:
            self._listens = False
            self._epoll.unregister(self._listener)


class Services:
    """All services of one guest, by the order of its ports. Made by `serving`."""

    def __init__(
        self, listeners: Sequence[socket.socket], scripts: Sequence[Script], limits: ServiceLimits | None = None
    ) -> None:
        self._epoll = select.epoll()
        self._all = [
            Service(listener, script or nobody, self._epoll, limits or ServiceLimits())
            for listener, script in zip_longest(listeners, scripts)
        ]
        self._count = len(scripts)

    def __getitem__(self, place: int) -> Service:
        return self._all[: self._count][place]

    def fileno(self) -> int:
        """Readable when somebody called, asked, took or went."""
        return self._epoll.fileno()

    @property
    def due(self) -> float | None:
        """When something is due though nothing comes."""
        return min((due for one in self._all if (due := one.due) is not None), default=None)

    @property
    def strangers(self) -> int:
        """Calls at ports where no service is."""
        return sum(one.log.connections for one in self._all[self._count :])

    def step(self) -> None:
        """A little of what there is to do."""
        for descriptor, events in self._epoll.poll(0, _EVENTS):
            any(one.handles(descriptor, events) for one in self._all)
        for one in self._all:
            one.consider()

    def settle(self, until: Callable[[], bool], *, patience: float = PATIENCE) -> bool:
        """Serve until something is so, and say whether it came to be. For what honest code does at once.

        The guest is not heard meanwhile: what it uses of the judge's waits.
        """
        end = time.monotonic() + patience
        while not until():
            now = time.monotonic()
            if now >= end:
                return False
            due = self.due
            self._epoll.poll(max(0.0, min(end, end if due is None else due) - now), 1)
            self.step()
        return True

    def to_json(self) -> list[Json]:
        """What each service saw, as observations of kind `service`."""
        return [one.log.to_json() for one in self._all[: self._count]]

    def close(self) -> None:
        """Take in what has come, then end all connections. The ports stay the guest's: other services may follow."""
        for _ in range(_LAST_STEPS):
            if not self._epoll.poll(0, 1):
                break
            self.step()
        for one in self._all:
            one.end()
        self._epoll.close()


@contextmanager
def serving(guest: Caller, *scripts: Script, limits: ServiceLimits | None = None) -> Iterator[Services]:
    """Services for a guest, by the order of its ports; who calls another port finds it closed, and who called before
    there were any has waited.

    Raises TaskFault where the task has not said that it needs TCP, and the faults of a guest that is not there.
    """
    listeners = guest.listeners()
    if len(listeners) < len(scripts):
        raise TaskFault(f"There are {len(listeners)} ports for {len(scripts)} services.", 'Say needs = ["tcp"].')
    services = Services(listeners, scripts, limits)
    guest.accompany(services)
    try:
        yield services
    finally:
        guest.accompany(None)
        services.close()
        _turn_away(listeners)


def _turn_away(listeners: Sequence[socket.socket]) -> None:
    """Whoever still waits at the end is no caller of the services that may follow."""
    for listener in listeners:
        for _ in range(_WAITING):
            try:
                listener.accept()[0].close()
            except OSError:
                break
