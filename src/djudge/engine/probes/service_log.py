"""What a service of the judge saw: every request with how it ended, in order; bounded, as plain JSON."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter

from djudge.engine.probes.service_script import Ask
from djudge.engine.values import Json

#: answered: whole. given-up: the caller closed first. ended: the service did, as its script says. open: neither yet.
type End = Literal["answered", "given-up", "ended", "open"]

_TARGET = 200
#: As many requests are stored, so that nobody makes an observation larger than it may be.
STORED: Final = 200


@dataclass(slots=True, kw_only=True)
class Record:
    """One request. `arrived` and `ended` are places in the order of all that happened at the service."""

    ask: Ask
    connection: int
    arrived: int
    in_flight: int
    ended: int | None = None
    end: End = "open"
    status: int | None = None
    forced: bool = False


@dataclass(slots=True)
class Log:
    """The record of one service, for its script while it works and for the judge afterwards."""

    records: list[Record] = field(default_factory=list)
    peak: int = 0
    connections: int = 0
    open_connections: int = 0
    peak_connections: int = 0
    garbage: int = 0
    flooded: bool = False
    last_event: float = field(default_factory=time.monotonic)
    _moment: int = 0
    _in_flight: int = 0
    _attempts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def in_flight(self) -> int:
        """Requests that have arrived and not ended."""
        return self._in_flight

    @property
    def forced(self) -> bool:
        """Whether anything had to be let go because nothing more happened."""
        return any(record.forced for record in self.records)

    def arrivals(self, target: str) -> int:
        """How often this target was asked for."""
        return sum(record.ask.target == target for record in self.records)

    def ends(self, end: End) -> int:
        """How many requests ended so."""
        return sum(record.end == end for record in self.records)

    def next_attempt(self, method: str, target: str) -> int:
        """Which attempt at this target the next one is."""
        self._attempts[method, target] += 1
        return self._attempts[method, target]

    def arrive(self, ask: Ask, connection: int) -> Record:
        """A request is whole."""
        self._in_flight += 1
        self.peak = max(self.peak, self._in_flight)
        record = Record(ask=ask, connection=connection, arrived=self._tick(), in_flight=self._in_flight)
        self.records.append(record)
        return record

    def finish(self, record: Record, end: End) -> None:
        """A request is over; what was over already stays what it was."""
        if record.end == "open":
            self._in_flight -= 1
            record.end, record.ended = end, self._tick()

    def connect(self) -> int:
        """Somebody called; the number of the connection."""
        self.connections += 1
        self.open_connections += 1
        self.peak_connections = max(self.peak_connections, self.open_connections)
        self._tick()
        return self.connections

    def disconnect(self) -> None:
        """A connection is closed, by whom ever."""
        self.open_connections -= 1
        self._tick()

    def to_json(self) -> Json:
        """The observation; `Traffic.parse` reads it."""
        return {
            "kind": "service",
            "number": len(self.records),
            "asks": [_row(record) for record in self.records[:STORED]],
            "peak": self.peak,
            "connections": self.connections,
            "left_open": self.open_connections,
            "peak_connections": self.peak_connections,
            "garbage": self.garbage,
            "flooded": self.flooded,
        }

    def _tick(self) -> int:
        self.last_event = time.monotonic()
        self._moment += 1
        return self._moment


def _row(record: Record) -> Json:
    return {
        "method": record.ask.method[:20],
        "target": record.ask.target[:_TARGET],
        "attempt": record.ask.attempt,
        "connection": record.connection,
        "arrived": record.arrived,
        "in_flight": record.in_flight,
        "ended": record.ended,
        "end": record.end,
        "status": record.status,
        "forced": record.forced,
    }


class Asked(BaseModel):
    """One request as stored; see `Record`."""

    model_config = ConfigDict(frozen=True)

    method: str
    target: str
    attempt: int
    connection: int
    arrived: int
    in_flight: int
    ended: int | None
    end: End
    status: int | None
    forced: bool


class Traffic(BaseModel):
    """What a service saw, parsed. Whatever stands in it was Seen; targets and methods are the guest's words.

    `number` is how many requests there were, `asks` the first `STORED` of them, `peak` the most in flight at once,
    `left_open` the connections at the end, `garbage` what was no HTTP, `flooded` that a limit of the service was
    reached, so that nothing after it is known.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    asks: tuple[Asked, ...]
    peak: int
    connections: int
    left_open: int
    peak_connections: int
    garbage: int
    flooded: bool

    @classmethod
    def parse(cls, observation: Json) -> Self:
        """From the stored form; raises ValueError when it is not one (the task author's fault)."""
        return TypeAdapter(cls).validate_python(observation)

    @property
    def targets(self) -> Counter[str]:
        """How often each target was asked for, among those that are stored."""
        return Counter(ask.target for ask in self.asks)

    def of(self, target: str) -> tuple[Asked, ...]:
        """The requests for one target, in their order."""
        return tuple(ask for ask in self.asks if ask.target == target)
