"""A socket to something that may be hostile: every read and every write has a deadline and a cap."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from typing import Final

from djudge.engine.sandbox.contract import Aside
from djudge.guest.wire import FrameReader

_PIECE: Final = 64 * 1024
_TICK_SECONDS: Final = 0.1


class DeadlineError(Exception):
    """Nothing whole came, or went, in time."""


class ClosedError(Exception):
    """The other side is gone."""


def receive_what_is_left(own: socket.socket, most: int) -> bytes:
    """Like `recv`. A peer that ended with unread input is reported as a reset once, before what it still said."""
    try:
        return own.recv(most)
    except ConnectionResetError:
        return own.recv(most)


class Channel:
    """Frames over one socket. `also` is a second socket whose stirring ends a wait early, as `ClosedError`.

    `on_tick` is called each tenth of a second while something is waited for, and may raise to end the wait. `aside` is
    work that is done meanwhile, as soon as there is some.
    """

    def __init__(self, own: socket.socket, also: socket.socket | None = None) -> None:
        own.setblocking(False)
        self.on_tick: Callable[[], None] = lambda: None
        self.aside: Aside | None = None
        self._next_tick = time.monotonic() + _TICK_SECONDS
        self._socket = own
        self._reader = FrameReader()
        self._also = also

    def send(self, content: bytes, deadline: float) -> None:
        """Write all of it before `deadline` (a `time.monotonic()` value)."""
        view = memoryview(content)
        while view:
            self._wait(select.POLLOUT, deadline)
            try:
                view = view[self._socket.send(view) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ClosedError from error

    def receive(self, deadline: float) -> tuple[bytes, bytes]:
        """The next frame as kind and payload. Raises `WireError` for anything that is none."""
        while (found := self._reader.take()) is None:
            self._wait(select.POLLIN, deadline)
            self._read()
        return found

    def stirs(self) -> bool:
        """Whether there is something to read, or an end to notice, on either socket; never waits."""
        poll = select.poll()
        for one in (self._socket, self._also):
            if one is not None and one.fileno() >= 0:
                poll.register(one, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Close the socket; more than once is no mistake."""
        self._socket.close()

    def _read(self) -> None:
        try:
            piece = receive_what_is_left(self._socket, _PIECE)
        except BlockingIOError:
            return
        except OSError as error:
            raise ClosedError from error
        if not piece:
            raise ClosedError
        self._reader.feed(piece)

    def _wait(self, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(self._socket, event)
        if self._also is not None:
            poll.register(self._also, select.POLLIN)
        if self.aside is not None:
            poll.register(self.aside.fileno(), select.POLLIN)
        events: dict[int, int] = {}
        while not events:
            self._tick()
            if deadline <= time.monotonic():
                raise DeadlineError
            events = dict(poll.poll(self._patience(deadline) * 1000))
            self._work_aside(events)
        if self._socket.fileno() not in events:
            raise ClosedError

    def _patience(self, deadline: float) -> float:
        """Seconds until something is due, whatever comes."""
        due = self.aside.due if self.aside is not None else None
        return max(0.0, min(deadline, self._next_tick, deadline if due is None else due) - time.monotonic())

    def _work_aside(self, events: dict[int, int]) -> None:
        """A step of what goes on beside the wait, which its stirring does not end."""
        if self.aside is None:
            return
        stirred = events.pop(self.aside.fileno(), 0)
        due = self.aside.due
        if stirred or (due is not None and due <= time.monotonic()):
            self.aside.step()

    def _tick(self) -> None:
        if time.monotonic() >= self._next_tick:
            self.on_tick()
            self._next_tick = time.monotonic() + _TICK_SECONDS
