"""A guest that answers requests, with its database and its witness: what probes talk to.

What a guest answers and what PostgreSQL saw of its login meanwhile come back together as a `Visit`. Several guests may
share a database, as several processes of a site do: each has a login of its own, so that their statements are told
apart.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg

from djudge.engine.errors import CandidateFault
from djudge.engine.postgres.databases import Connection, Database, Login
from djudge.engine.postgres.witness.counters import Audit, Counters
from djudge.engine.postgres.witness.inspection import Functions, Inspection
from djudge.engine.postgres.witness.reading import Reading, combined
from djudge.engine.postgres.witness.witness import Witness
from djudge.engine.sandbox.contract import Answer, Aside, Request
from djudge.engine.sandbox.guest import Guest

#: Every system answers to this name.
HOST: Final = ("Host", "localhost")

#: What a person's browser says of itself. The judge asks like one, so that there is nothing to recognise it by.
PERSON: Final = (
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "en-GB,en;q=0.7"),
)

#: What a program says that tells nothing of itself.
BARE: Final[tuple[tuple[str, str], ...]] = ()

#: What guests sign with. The judge signs people in with it; nothing else trusts it.
SECRET_KEY: Final = "of no value: this process lives for one run"  # noqa: S105 (it protects nothing)

_LAST_WORDS: Final = 8000


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: what the guest answered, and the statements that its role executed meanwhile."""

    answer: Answer
    reading: Reading


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a guest: statements after the last answer, what only PostgreSQL's counters saw, functions made."""

    after: Reading
    audit: Audit
    functions: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One database and what looks at it, for the guest or the guests that share it."""

    database: Database
    witness: Witness
    inspection: Inspection
    functions_before: Functions

    @contextmanager
    def arrange(self) -> Iterator[Connection]:
        """A connection for the judge's own changes, as a member of the owner: never as superuser.

        What the database refuses here it does not refuse to the reference solutions, which ran the same: triggers,
        locks and renamed tables are the submission's doing, so it is a CandidateFault.
        """
        try:
            with self.database.arrange() as connection:
                yield connection
        except psycopg.Error as error:
            self.database.cluster.require_alive()
            raise CandidateFault(
                "The data could not be changed while the submission was running.",
                "Tables have to stay as the migrations describe them; look for triggers, rules and locks.",
                phase="observing",
                kind="arranging_refused",
                detail=str(error),
            ) from error


class RunningGuest:
    """A guest that is ready, its database and its witness. `startup` is what its role did until then."""

    def __init__(self, guest: Guest, login: Login, stage: Stage) -> None:
        self.stage = stage
        self.login = login
        self._guest = guest
        self._asked = ""
        self._readings: list[Reading] = []
        self.startup = self._read()
        # What was built or analysed by now may have read without a plan; it excuses nothing that comes later.
        self._before = stage.inspection.counters() if self.startup.maintenance else None

    def get(self, target: str, headers: Sequence[tuple[str, str]] = PERSON) -> Visit:
        """GET a path with its query string, then read the witness. Raises CandidateFault when no answer comes."""
        return self.ask(Request(method="GET", target=target, headers=headers))

    def ask(self, request: Request) -> Visit:
        """Any request, then the witness; the host is added. Raises CandidateFault when no answer comes."""
        self.begin(request)
        return self.answer()

    def begin(self, request: Request) -> None:
        """Send a request and do not wait for its answer: other guests may be asked meanwhile."""
        self._asked = request.target
        with self._naming_the_request():
            self._guest.begin(
                Request(
                    method=request.method,
                    target=request.target,
                    headers=(HOST, *request.headers),
                    body=request.body,
                )
            )

    def answer(self) -> Visit:
        """The answer to what was begun, and what the role executed meanwhile."""
        with self._naming_the_request():
            answer = self._guest.answer()
        return Visit(answer, self._read())

    @property
    def has_answered(self) -> bool:
        """Whether an answer has begun to come, or the guest has gone; never waits."""
        return self._guest.stirs

    def last_words(self) -> str:
        """End the guest; what it printed last, such as the traceback of a view that raised. Its own words."""
        return self._guest.stop().output[-_LAST_WORDS:].decode("utf-8", "replace")

    @contextmanager
    def arrange(self) -> Iterator[Connection]:
        """The judge's own connection to this guest's database: see `Stage.arrange`."""
        with self.stage.arrange() as connection:
            yield connection

    def finish(self) -> Finished:
        """Stop the guest, wait for its sessions to end, and hold the plans against the counters."""
        return finish_all([self])

    def listeners(self) -> tuple[socket.socket, ...]:
        """Where the guest's calls over TCP arrive; `probes.services` answers there."""
        return self._guest.listeners()

    def accompany(self, aside: Aside | None) -> None:
        """Have this done while the guest is waited for."""
        self._guest.accompany(aside)

    def begin_stop(self) -> None:
        """Have the guest ended, without waiting for it."""
        self._guest.begin_stop()

    def read_rest(self) -> Reading:
        """What the role did since the last answer. For the end, when its sessions are gone."""
        return self._read()

    @property
    def readings_that_count(self) -> list[Reading]:
        """All readings that the counters are held against."""
        return self._readings[1:] if self._before else self._readings

    @property
    def counters_before(self) -> Counters | None:
        """The counters from which on this guest is held against them; None: from the clone on."""
        return self._before

    @contextmanager
    def _naming_the_request(self) -> Iterator[None]:
        try:
            yield
        except CandidateFault as fault:
            fault.what = f"{fault.what} It was asked for {self._asked}."
            raise

    def _read(self) -> Reading:
        reading = self.stage.witness.read(self.stage.database, self.login)
        self._readings.append(reading)
        return reading


def finish_all(guests: Sequence[RunningGuest]) -> Finished:
    """Stop guests that share a database, wait for their sessions to end, hold all plans against the counters.

    Only what the first guest did at its start (the one that migrates) may be left out of account.
    """
    first = guests[0]
    stage = first.stage
    functions = stage.inspection.functions()
    for guest in guests:
        guest.begin_stop()
    stage.database.end_sessions()
    after = [guest.read_rest() for guest in guests]
    readings = [reading for guest in guests for reading in guest.readings_that_count]
    audit = stage.witness.audit(stage.database, readings, stage.inspection, first.counters_before)
    return Finished(combined(after), audit, len(functions ^ stage.functions_before))
