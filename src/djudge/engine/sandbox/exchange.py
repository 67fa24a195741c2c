"""The judge's half of the wire with a guest: what may come when, and what it has to look like."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from djudge.engine.sandbox.calling import CallLine
from djudge.engine.sandbox.channel import Channel
from djudge.engine.sandbox.contract import Answer, Aside, Limits, Request
from djudge.engine.sandbox.heads import Fields
from djudge.guest import wire
from djudge.guest.wire import WireError

_PHASES: Final = ("starting", "migrating", "running")
_DETAIL: Final = 16_000
_REQUESTS: Final = 2**31
#: Phases are few; a guest that repeats them for ever is not starting.
_STEPS: Final = 8


class ResponseLimitError(Exception):
    """The body went on after its limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldFault:
    """What the guest says went wrong: the candidate's exception, in the guest's words."""

    phase: str
    kind: str
    what: str
    detail: str
    file: str | None
    line: int | None


class Exchange:
    """Frames with one guest. Raises `WireError`, `DeadlineError`, `ClosedError` or `ResponseLimitError`."""

    def __init__(self, *, run: str, limits: Limits, result: socket.socket, report: socket.socket) -> None:
        self._run = run
        self._limits = limits
        self._channel = Channel(result, also=report)
        self._asked = 0
        #: What a guest of the kind `call` is asked with instead of requests.
        self.calls = CallLine(run, self._channel, self._parse)

    def attend(self, on_tick: Callable[[], None]) -> None:
        """Call this each tenth of a second while something is waited for; what it raises ends the wait."""
        self._channel.on_tick = on_tick

    def accompany(self, aside: Aside | None) -> None:
        """Do this work whenever something is waited for."""
        self._channel.aside = aside

    def close(self) -> None:
        """Nothing more is asked."""
        self._channel.close()

    def await_ready(self, end: float, on_phase: Callable[[str], None]) -> ToldFault | None:
        """Follow the phases until the guest is ready (None) or tells why it will not be."""
        for _ in range(_STEPS):
            kind, fields = self._head(end)
            if kind == wire.READY:
                return None
            if kind == wire.FAULT:
                return _told(fields)
            if kind != wire.PHASE:
                break
            on_phase(fields.one_of("phase", _PHASES))
        raise WireError("The guest did not get ready as agreed.")

    def send(self, request: Request, end: float) -> None:
        """One request; `receive_answer` takes what comes of it."""
        self._asked += 1
        self._channel.send(self._frames_of(request), end)

    def stirs(self) -> bool:
        """Whether something came, or the other side has gone."""
        return self._channel.stirs()

    def receive_answer(self, end: float) -> Answer:
        """The whole answer to the request that was sent last."""
        kind, fields = self._head(end)
        if kind != wire.ANSWER:
            raise WireError("The guest did not answer a request with an answer.")
        self._check_number(fields)
        status, headers = fields.number("status", 100, 599), fields.pairs("headers")
        pieces, last = self._body(end)
        truncated = last.flag("cut") or last.flag("broken")
        return Answer(status=status, headers=headers, body=b"".join(pieces), truncated=truncated, chunks=len(pieces))

    def await_exit(self, end: float) -> int:
        """The exit status of a command."""
        kind, fields = self._head(end)
        if kind != wire.EXIT:
            raise WireError("The guest did not end a command with its status.")
        return fields.number("status", 0, 255)

    def _frames_of(self, request: Request) -> bytes:
        fields: dict[str, wire.Json] = {
            "run": self._run,
            "id": self._asked,
            "method": request.method,
            "target": request.target,
            "headers": [[name, value] for name, value in request.headers],
        }
        return b"".join([wire.head(wire.REQUEST, fields), *wire.body(request.body), wire.head(wire.END, {})])

    def _head(self, end: float) -> tuple[bytes, Fields]:
        kind, payload = self._channel.receive(end)
        if kind in wire.RAW:
            raise WireError("Content came where a head belongs.")
        return kind, self._parse(payload)

    def _parse(self, payload: bytes) -> Fields:
        fields = Fields(wire.parse_head(payload))
        if fields.text("run", 64) != self._run:
            raise WireError("A frame of another run.")
        return fields

    def _check_number(self, fields: Fields) -> None:
        if fields.number("id", 0, _REQUESTS) != self._asked:
            raise WireError("The answer to another request.")

    def _body(self, end: float) -> tuple[list[bytes], Fields]:
        pieces: list[bytes] = []
        room = self._limits.response_mb * 1024 * 1024
        while True:
            kind, payload = self._channel.receive(end)
            if kind == wire.END:
                last = self._parse(payload)
                self._check_number(last)
                return pieces, last
            if kind != wire.BODY or not payload:
                raise WireError("Something else came in the middle of an answer.")
            room -= len(payload)
            if room < 0:
                raise ResponseLimitError
            pieces.append(payload)


def _told(fields: Fields) -> ToldFault:
    file, line = fields.place()
    return ToldFault(
        phase=fields.one_of("phase", _PHASES),
        kind=fields.text("kind", 40),
        what=fields.text("what", 400),
        detail=fields.text("detail", _DETAIL),
        file=file,
        line=line,
    )
