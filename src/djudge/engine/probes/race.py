"""Race: what happens when several people do the same at the same moment, forced from the judge's side.

Left to chance, code that reads, checks and writes looks right in half of all rounds (GRADING.md, "Races are forced").
So the judge holds a lock that lets everybody read and nobody write, asks all guests at once, looks in
`pg_stat_activity` until each of them waits for a lock or has answered, and only then lets go. Whoever decides by what
was read before the lock decides by the same number as all others.

What decides is what the database holds afterwards; this probe tells how it came about: who waited, who wrote, and which
statements were refused because of whom (a deadlock, or a snapshot that was too old).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from psycopg import sql
from pydantic import BaseModel, ConfigDict, TypeAdapter

from djudge.engine.errors import TaskFault
from djudge.engine.postgres.connections import Connection
from djudge.engine.postgres.witness.reading import Reading, Statement
from djudge.engine.probes.visitor import location
from djudge.engine.run import Crowd
from djudge.engine.sandbox.contract import Request
from djudge.engine.serving import RunningGuest, Stage, Visit
from djudge.engine.values import Json

#: How long guests may take to come to the lock. Who is on the way for longer is not waited for, and the round says so.
GATHER_SECONDS: Final = 4.0

_PAUSE: Final = 0.003
#: By who is in the way and not by what a session says it waits for: who was let go says so a moment longer.
_WAITING: Final = """
SELECT usename FROM pg_stat_activity
WHERE usename = ANY(%s) AND backend_type = 'client backend' AND cardinality(pg_blocking_pids(pid)) > 0
"""
#: At the beginning, or after `WITH x AS (`, and not in `FOR UPDATE`.
_WRITES: Final = re.compile(
    r"(?:\A\s*|\bWITH\b.*(?<!FOR )(?<!FOR NO KEY )\b)(?:INSERT|UPDATE|DELETE|MERGE)\b", re.I | re.S
)

#: SQLSTATEs that say: somebody else was in the way. Code may try again after any of them.
DEADLOCK: Final = "40P01"
TOO_OLD: Final = "40001"


#: Takes locks in the judge's own transaction.
type Hold = Callable[[Connection], None]


class Racer(BaseModel):
    """One guest in a round: what it answered, whether it waited for the lock, what it wrote and what it was refused."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: int
    leads: str
    waited: bool
    writes: int
    refused: dict[str, int]


class RaceReading(BaseModel):
    """A race observation, parsed. `gathered`: how many waited or had answered when the lock was let go."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    held: tuple[str, ...]
    gathered: int
    racers: tuple[Racer, ...]

    @classmethod
    def parse(cls, observation: Json) -> RaceReading:
        """From the stored form; raises ValueError when it is not one (the task author's fault)."""
        return TypeAdapter(cls).validate_python(observation)

    @property
    def forced(self) -> bool:
        """Whether everybody had come as far as they can before the first could write."""
        return self.gathered == len(self.racers)

    @property
    def broken(self) -> int:
        """Answers that are an error of the server."""
        return sum(racer.status >= 500 for racer in self.racers)

    def refusals(self, state: str) -> int:
        """How many statements ended with this SQLSTATE."""
        return sum(racer.refused.get(state, 0) for racer in self.racers)


def tables(*names: str) -> Hold:
    """A hold on whole tables: reads pass, writes and row locks wait."""

    def hold(connection: Connection) -> None:
        for name in names:
            connection.execute(sql.SQL("lock table {} in exclusive mode").format(sql.Identifier(name)))

    return hold


def rows(table: str, *ids: int) -> Hold:
    """A hold on single rows of a table, each by somebody who wants to change it: for those who wait in a row."""

    def hold(connection: Connection) -> None:
        for one in ids:
            connection.execute(
                sql.SQL("select 1 from {} where id = %s for update").format(sql.Identifier(table)), [one]
            )

    return hold


def forced(
    crowd: Crowd, requests: Sequence[Request], *holds: Hold, names: Sequence[str], in_turn: bool = False
) -> tuple[Json, list[Visit]]:
    """One round: every guest is sent its request while the holds are held.

    An observation of kind `race`, and the visits. Holds are let go one after another, the last first, and each time it
    is waited for everybody to come as far as they can: with a hold for each of two rows, two guests that want both in
    opposite order surely meet. With `in_turn` each is sent when the one before has come as far as it can: at a hold on
    a row they then write in this order. Costs 50 ms and the guests' own time. Raises CandidateFault where no answer
    comes, or a hold can't be had.
    """
    pairs = list(zip(crowd.guests, requests, strict=True))
    waited, gathered = _all_at_once(crowd, pairs, holds, in_turn=in_turn)
    visits = [guest.answer() for guest, _ in pairs]
    racers: list[Json] = [
        _racer(visit, guest.login.role in waited) for (guest, _), visit in zip(pairs, visits, strict=True)
    ]
    return {"kind": "race", "held": [*names], "gathered": gathered, "racers": racers}, visits


def _all_at_once(
    crowd: Crowd, pairs: Sequence[tuple[RunningGuest, Request]], holds: Sequence[Hold], *, in_turn: bool
) -> tuple[set[str], int]:
    """Send everything, and let go hold by hold. Logins that ever waited, and how many had come, at the least."""
    waited: set[str] = set()
    gathered = len(pairs)
    with ExitStack() as stack:
        held = [stack.enter_context(_held(crowd.stage, hold)) for hold in holds]
        for number, (guest, request) in enumerate(pairs, 1):
            guest.begin(request)
            if in_turn:
                _gather(Crowd(crowd.guests[:number]))
        while held:
            waiting, come = _gather(crowd)
            waited |= waiting
            gathered = min(gathered, come)
            held.pop().commit()
    return waited, gathered


@contextmanager
def _held(stage: Stage, hold: Hold) -> Iterator[Connection]:
    with stage.arrange() as connection:
        connection.autocommit = False
        hold(connection)
        yield connection


def _gather(crowd: Crowd) -> tuple[set[str], int]:
    """Logins that wait for a lock, and how many guests wait or have answered, once that is all or time is over."""
    deadline = time.monotonic() + GATHER_SECONDS
    while True:
        waiting = _waiting(crowd)
        gathered = sum(guest.login.role in waiting or guest.has_answered for guest in crowd.guests)
        if gathered == len(crowd.guests) or time.monotonic() > deadline:
            return waiting, gathered
        time.sleep(_PAUSE)


def _waiting(crowd: Crowd) -> set[str]:
    cluster = crowd.stage.database.cluster
    roles = [guest.login.role for guest in crowd.guests]
    with cluster.guarded():
        return {str(role) for (role,) in cluster.admin.execute(_WAITING, [roles])}


def _racer(visit: Visit, waited: bool) -> dict[str, Json]:
    reading = visit.reading
    return {
        "status": visit.answer.status,
        "leads": (location(visit.answer) or "")[:200],
        "waited": waited,
        "writes": _writes(reading),
        "refused": dict(refused(reading)),
    }


def _writes(reading: Reading) -> int:
    """Executions of statements that change rows, whether or not they found any."""
    return sum(one.executions for one in reading.statements if _changes(one))


def _changes(statement: Statement) -> bool:
    return not statement.constraint and _WRITES.match(statement.shape) is not None


def refused(reading: Reading) -> Counter[str]:
    """Statements that ended in an error, by SQLSTATE."""
    return Counter(one.error[:5] for one in reading.statements if one.error)


def round_of(crowd: Crowd, guests: Sequence[RunningGuest]) -> Crowd:
    """The same database with some of its guests: for rounds that need fewer."""
    strangers = [guest for guest in guests if guest not in crowd.guests]
    if strangers:
        raise TaskFault(f"{len(strangers)} of the guests of a round are not of its crowd.")
    return Crowd(tuple(guests))
