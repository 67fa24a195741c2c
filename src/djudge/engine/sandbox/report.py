"""The judge's line to the supervisor of one guest: stop it, and hear how it ended."""

from __future__ import annotations

import select
import socket
import time
from contextlib import suppress
from typing import Final, cast

from djudge.engine.errors import DjudgeError, InfrastructureError, SandboxUnavailable
from djudge.engine.sandbox.channel import Channel, ClosedError, DeadlineError
from djudge.engine.sandbox.contract import REASONS, Ending, Reason
from djudge.engine.sandbox.cures import cure_for
from djudge.engine.sandbox.heads import Fields
from djudge.guest import wire
from djudge.guest.wire import WireError

#: A supervisor answers within milliseconds; on a machine that is very busy, later.
_STOP_SECONDS: Final = 20.0
_NATURAL_SECONDS: Final = 1.0
_MOST: Final = 2**40


class Report:
    """Told once by the supervisor, which is ours: what does not fit here is our own fault."""

    def __init__(self, own: socket.socket) -> None:
        self._socket = own
        self._channel = Channel(own)
        self._ending: Ending | None = None
        self._failure: Exception | None = None
        self._told = False

    @property
    def has_failed(self) -> bool:
        """Whether the supervisor's end has been raised as an error already."""
        return self._failure is not None

    def await_natural_end(self) -> None:
        """Give a guest that seems gone a moment to be reported as what it was, before it is stopped."""
        if self._ending is None and self._failure is None:
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            poll.poll(_NATURAL_SECONDS * 1000)

    def begin_stop(self) -> None:
        """Tell the supervisor to end the guest, and go on; `stop` returns how it ended."""
        if not self._told and self._ending is None and self._failure is None:
            self._told = True
            with suppress(ClosedError):  # it may have ended already; then its report waits to be read
                self._channel.send(wire.head(wire.STOP, {}), time.monotonic() + _STOP_SECONDS)

    def stop(self) -> Ending:
        """Tell the supervisor to end the guest, and return how it ended; the same again if it has ended."""
        if self._failure is not None:
            raise self._failure
        if self._ending is None:
            try:
                self._ending = self._ask()
            except DjudgeError as error:
                self._failure = error
                raise
            finally:
                self._channel.close()
        return self._ending

    def _ask(self) -> Ending:
        try:
            self.begin_stop()
            return self._read(time.monotonic() + _STOP_SECONDS)
        except (ClosedError, DeadlineError, WireError) as error:
            raise InfrastructureError(
                "The supervisor of a guest ended without a report.",
                "The run is repeated.",
                kind="supervisor_died",
            ) from error

    def _read(self, end: float) -> Ending:
        kind, payload = self._channel.receive(end)
        fields = Fields(wire.parse_head(payload))
        if kind == wire.REFUSAL:
            self._refuse(fields)
        output = []
        while (piece := self._channel.receive(end))[0] == wire.BODY:
            output.append(piece[1])
        return Ending(
            reason=cast(Reason, fields.one_of("reason", sorted(REASONS))),
            status=fields.number("status", -255, 255),
            output=b"".join(output),
            printed=fields.number("printed", 0, _MOST),
            peak_memory_kb=fields.number("peak_memory_kb", 0, _MOST),
            peak_processes=fields.number("peak_processes", 0, _MOST),
        )

    def _refuse(self, fields: Fields) -> None:
        layer, what = fields.text("layer", 64), fields.text("what", 4000)
        if layer:
            raise SandboxUnavailable(layer, f"The layer {layer} can't be built here ({what}).", cure_for(layer))
        raise InfrastructureError(
            f"A guest could not be started ({what}).", "The run is repeated.", kind="supervisor_failed"
        )
