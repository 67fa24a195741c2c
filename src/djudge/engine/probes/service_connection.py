"""One caller of a service of the judge: bytes in, requests out, answers back. Nothing here ever waits."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

import h11

from djudge.engine.probes.service_log import End, Log, Record
from djudge.engine.probes.service_script import Act, Ask, Break, Close, Drip, Hang, Hold, Reply, ServiceLimits

_PIECE: Final = 16 * 1024
#: What a caller may send on while its request is in flight.
_AHEAD: Final = 64 * 1024
_REFUSAL: Final = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Connection:
    """The state of one caller. `is_closed` when there is nothing more to do with it."""

    def __init__(
        self, own: socket.socket, number: int, log: Log, decide: Callable[[Ask], Act], limits: ServiceLimits
    ) -> None:
        own.setblocking(False)
        self._socket = own
        self._number = number
        self._log = log
        self._decide = decide
        self._most_body = limits.body_bytes
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.head_bytes)
        self._request: h11.Request | None = None
        self._body = b""
        self._record: Record | None = None
        self._act: Act = Close()
        self._since = 0.0
        self._dripped = 0
        self._ahead = 0
        self._out = b""
        #: How the request has ended when all of this is out; None: it goes on.
        self._last: End | None = None
        self.received = 0
        self.is_closed = False

    def fileno(self) -> int:
        """Its descriptor."""
        return self._socket.fileno()

    @property
    def has_output(self) -> bool:
        """Whether it waits until the caller takes more."""
        return bool(self._out)

    @property
    def due(self) -> float | None:
        """When something has to be done though nothing came."""
        if self._record is None or self._out:
            return None
        match self._act:
            case Hold(quiet=quiet, patience=patience):
                last = max(self._log.last_event, self._since)
                return last + (min(quiet, patience) if quiet and self._act.until(self._log) else patience)
            case Hang(patience=patience):
                return self._since + patience
            case Drip(every=every):
                return self._since + self._dripped * every
        return None

    def read(self) -> None:
        """Take in what came, a piece of it."""
        try:
            piece = self._socket.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        self.received += len(piece)
        if not piece:
            self.close("given-up")
            return
        if self._record is not None:
            self._ahead += len(piece)
        if self._ahead > _AHEAD:
            self._refuse()
            return
        self._http.receive_data(piece)
        self._parse()

    def write(self) -> None:
        """Give out what the caller takes, and go on with what it has asked meanwhile."""
        self._flush()
        self._parse()

    def _flush(self) -> None:
        try:
            self._out = self._out[self._socket.send(self._out) :]
        except BlockingIOError:
            return
        except OSError:
            self.close("given-up")
            return
        if not self._out and self._last is not None:
            self._end_answer(self._last)

    def move(self, now: float) -> Callable[[], None] | None:
        """What has become due: to let a held request go, to end one that hangs, to send the next piece."""
        if self._record is None or self._out:
            return None
        match self._act:
            case Hold(until=until, then=then, quiet=quiet, patience=patience):
                still = now - max(self._log.last_event, self._since)
                if still >= quiet and until(self._log):
                    return partial(self._let_go, then, forced=False)
                return partial(self._let_go, then, forced=True) if still >= patience else None
            case Hang(patience=patience) if now >= self._since + patience:
                return partial(self.close, "ended")
            case Drip() as drip if now >= self._since + self._dripped * drip.every:
                return partial(self._drip, drip)
        return None

    def close(self, end: End) -> None:
        """Close it; a request in flight ends so."""
        if self.is_closed:
            return
        self.is_closed = True
        if self._record is not None:
            self._log.finish(self._record, end)
        self._record = None
        self._socket.close()
        self._log.disconnect()

    def _parse(self) -> None:
        try:
            while self._record is None and not self.is_closed:
                event = self._http.next_event()
                if event is h11.NEED_DATA or event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                    return
                self._take(event)
        except (h11.RemoteProtocolError, _TooLongError):
            self._refuse()

    def _take(self, event: object) -> None:
        match event:
            case h11.Request():
                self._request, self._body = event, b""
            case h11.Data(data=data):
                self._body += bytes(data)
                if len(self._body) > self._most_body:
                    raise _TooLongError
            case h11.EndOfMessage() if self._request is not None:
                self._begin(self._request)

    def _begin(self, request: h11.Request) -> None:
        method, target = _text(request.method), _text(request.target)
        ask = Ask(
            number=len(self._log.records) + 1,
            attempt=self._log.next_attempt(method, target),
            method=method,
            target=target,
            headers=tuple((_text(name), _text(value)) for name, value in request.headers),
            body=self._body,
        )
        self._record = self._log.arrive(ask, self._number)
        self._since, self._dripped, self._ahead = time.monotonic(), 0, 0
        self._act = self._decide(ask)
        match self._act:
            case Reply() as reply:
                self._answer(reply)
            case Break(body=body, promised=promised):
                self._send(_head(200, promised) + body, "ended")
            case Close():
                self.close("ended")

    def _let_go(self, reply: Reply, *, forced: bool) -> None:
        if self._record is not None:
            self._record.forced = forced
        self._answer(reply)
        self._parse()

    def _answer(self, reply: Reply) -> None:
        if self._record is not None:
            self._record.status = reply.status
        headers = [*reply.headers, ("Content-Length", str(len(reply.body)))]
        if reply.close:
            headers.append(("Connection", "close"))
        content = (
            self._http.send(h11.Response(status_code=reply.status, headers=headers)),
            self._http.send(h11.Data(data=reply.body)) if self._has_body(reply) else b"",
            self._http.send(h11.EndOfMessage()),
        )
        self._send(b"".join(piece or b"" for piece in content), "answered")

    def _has_body(self, reply: Reply) -> bool:
        asked_for_head = self._request is not None and self._request.method == b"HEAD"
        return bool(reply.body) and not asked_for_head

    def _drip(self, drip: Drip) -> None:
        if self._dripped >= drip.most:
            self.close("ended")
            return
        head = b"" if self._dripped else _head(200, 10**9)
        self._dripped += 1
        self._send(head + drip.piece, None)

    def _send(self, content: bytes, last: End | None) -> None:
        self._out, self._last = content, last
        self._flush()

    def _end_answer(self, end: End) -> None:
        self._last = None
        if end == "ended" or self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            self._finish(end)
            self.close(end)
            return
        self._finish(end)
        self._http.start_next_cycle()
        self._request = None

    def _finish(self, end: End) -> None:
        if self._record is not None:
            self._log.finish(self._record, end)
        self._record = None

    def _refuse(self) -> None:
        """What came is no HTTP, or too much of it."""
        self._log.garbage += 1
        with suppress(OSError):
            self._socket.send(_REFUSAL)
        self.close("ended")


class _TooLongError(Exception):
    """More than a request may hold."""


def _head(status: int, length: int) -> bytes:
    return f"HTTP/1.1 {status} OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n".encode()


def _text(content: bytes) -> str:
    return bytes(content).decode("ascii", "backslashreplace")
