"""What a service of the judge does with a request: a task's script says it for each one, when it has arrived."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from djudge.engine.probes.service_log import Log

#: How long the judge waits for something that honest code always does. Nobody's score rests on the length: whoever does
#: it is through at once, and who never does it is found out.
PATIENCE: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One whole request. Every text in it is the guest's.

    `number` counts the requests of this service from 1, `attempt` those of the same method and target.
    """

    number: int
    attempt: int
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Answer now, and keep the connection unless the caller closes it or `close` says so."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    close: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Keep it in flight until `until` is true of what has arrived, and nothing new has come for `quiet` seconds.

    Where nothing at all happens at the service for `patience` seconds, it is let go anyway, and that is recorded: it
    has been forced. So several in flight at once are counted without a race, and a caller that never sends a second
    one hangs nowhere.
    """

    until: Callable[[Log], bool]
    then: Reply
    quiet: float = 0.0
    patience: float = PATIENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang:
    """Never answer. Where the caller has not given up after `patience` seconds, the service ends it."""

    patience: float = PATIENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Drip:
    """Begin an answer and send a piece every so many seconds, for ever; the service ends it after `most` pieces."""

    piece: bytes = b"."
    every: float = 0.05
    most: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Promise `promised` bytes, send `body`, which is less, and close."""

    body: bytes
    promised: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close the connection without a word."""


type Act = Reply | Hold | Hang | Drip | Break | Close
type Script = Callable[[Ask, Log], Act]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLimits:
    """What a service takes from its callers. The last three are for its whole life; whoever exceeds them is turned
    away from then on. Honest code is far below all of them.
    """

    head_bytes: int = 16 * 1024
    body_bytes: int = 64 * 1024
    open_connections: int = 100
    connections: int = 2_000
    requests: int = 2_000
    bytes: int = 16 * 1024 * 1024


def nobody(ask: Ask, log: Log) -> Act:
    """The script of a port at which no service is."""
    return Close()
