"""Read the server's log as it grows, one role's events at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from djudge.engine.errors import InfrastructureError
from djudge.engine.postgres.witness.events import Event, parse_cut_event, parse_event

#: Of a longer line only both ends are kept. Honest bulk statements stay far below.
LONGEST_LINE: Final = 16 << 20
_END_BYTES: Final = 4096
_CHUNK: Final = 1 << 20

#: A line begins with the time and the user; a candidate's own text comes later, and can't hold plain quotes.
_BEGINNING: Final = 200

_MARKER_SECONDS: Final = 20.0


class Lines:
    """Whole lines out of chunks; of a line longer than LONGEST_LINE its two ends."""

    def __init__(self) -> None:
        #: Of the line that has not ended: its pieces, and how long they are together.
        self._rest: list[bytes] = []
        self._length = 0
        self._head = b""
        self._dropped = 0
        #: How many bytes the lines that ended so far took.
        self.consumed = 0

    def feed(self, chunk: bytes) -> Iterator[tuple[bytes, bytes | None, int]]:
        """Each line that ended, or its beginning and its end where it was cut; and its length."""
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield self._end(end)
        self._rest.append(rest)
        self._length += len(rest)
        if self._length > LONGEST_LINE:
            line = b"".join(self._rest)
            self._head = self._head or line[:_END_BYTES]
            self._dropped += len(line) - _END_BYTES
            self._rest, self._length = [line[-_END_BYTES:]], _END_BYTES

    def _end(self, end: bytes) -> tuple[bytes, bytes | None, int]:
        line = b"".join([*self._rest, end])
        length = len(line) + 1 + self._dropped
        self.consumed += length
        head, self._head, self._dropped = self._head, b"", 0
        self._rest, self._length = [], 0
        return (head, line[-_END_BYTES:], length) if head else (line.lstrip(b"\0"), None, length)


class RoleLog:
    """The log from a position on, as far as one role wrote it."""

    def __init__(self, file: Path, role: str, start: int) -> None:
        self._file = file
        self._role = b'"user":"' + role.encode() + b'"'
        #: Up to where it was read.
        self.offset = start
        #: How many bytes of it this role has caused.
        self.written = 0

    def until(self, nonce: str, marker_pid: int) -> Iterator[Event]:
        """The role's events up to the judge's marker, which a backend of this pid has just written.

        Raises InfrastructureError when the marker does not appear.
        """
        deadline = time.monotonic() + _MARKER_SECONDS
        lines = Lines()
        with self._file.open("rb", buffering=0) as stream:
            start = stream.seek(self._start(stream.fileno()))
            while True:
                chunk = stream.read(_CHUNK)
                if not chunk:
                    if time.monotonic() > deadline:
                        raise InfrastructureError("The log of the exam PostgreSQL stands still.", kind="log_stopped")
                    time.sleep(0.0003)
                    continue
                for line, end, length in lines.feed(chunk):
                    if end is None and self._is_marker(line, nonce, marker_pid):
                        self.offset = start + lines.consumed
                        return
                    yield from self._event(line, end, length)

    def _start(self, handle: int) -> int:
        """The offset, or the end of a hole behind it, where the log of past runs was freed."""
        size = os.fstat(handle).st_size
        try:
            return os.lseek(handle, self.offset, os.SEEK_DATA)
        except OSError:
            return max(self.offset, size)

    def _event(self, line: bytes, end: bytes | None, length: int) -> Iterator[Event]:
        if self._role not in line[:_BEGINNING]:
            return
        self.written += length
        event = parse_event(line) if end is None else parse_cut_event(line, end)
        if event is not None:
            yield event

    def _is_marker(self, line: bytes, nonce: str, pid: int) -> bool:
        if b'"user":"postgres"' not in line[:_BEGINNING] or nonce.encode() not in line:
            return False
        event = parse_event(line)
        return event is not None and event.role == "postgres" and event.pid == pid and nonce in event.text
