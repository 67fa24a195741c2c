"""What this process waits for, as Python itself tells it: processes that it starts, sockets that it connects, sleep.

An observation and no stand-in: the interpreter's own audit events (PEP 578). libpq connects to PostgreSQL in C, which
is not among them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from tests.web.settings import PLACE

#: By the first word of the event.
_STARTS: Final = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "os.exec")
_ASKS: Final = ("socket.getaddrinfo", "socket.gethostbyname", "smtplib.connect")

_noted: list[str] | None = None


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if _noted is None:
        return
    if event in _STARTS:
        _noted.append(f"started a process: {event} {args[:1]}")
    elif event == "socket.connect" and not _is_ours(args[1]):
        _noted.append(f"connected to {args[1]}")
    elif event in _ASKS:
        _noted.append(f"{event} {args[-2:]}")
    elif event == "time.sleep":
        _noted.append(f"slept for {args[0]} s")


def _is_ours(address: object) -> bool:
    """A socket of PostgreSQL or Valkey, which answer at once."""
    return isinstance(address, str | bytes) and str(address).startswith(str(PLACE.sockets))


sys.addaudithook(_hear)  # never to be removed again, so that it does nothing unless somebody watches


@contextmanager
def watched() -> Iterator[list[str]]:
    """What was waited for within the block, in the order in which it was."""
    global _noted
    before, _noted = _noted, []
    try:
        yield _noted
    finally:
        _noted = before
