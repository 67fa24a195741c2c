"""One submission in a slot: what a task's `observe` is given.

`run.guest()` is a fresh process on a fresh clone of the task's data. What it answers and what PostgreSQL saw of it come
back together as a `Visit`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg

from djudge.engine.errors import CandidateFault
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import Seed
from djudge.engine.postgres.databases import Connection as Connection
from djudge.engine.postgres.databases import Database, Login
from djudge.engine.postgres.sizes import Quota, require_quota
from djudge.engine.postgres.witness.counters import Audit
from djudge.engine.postgres.witness.inspection import Functions, Inspection
from djudge.engine.postgres.witness.reading import Reading
from djudge.engine.postgres.witness.witness import Witness
from djudge.engine.sandbox.contract import Answer, Request
from djudge.engine.sandbox.guest import Guest

#: Every system answers to this name.
HOST: Final = ("Host", "localhost")

#: What a person's browser says of itself. The judge asks like one, so that there is nothing to recognise it by.
PERSON: Final = (
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "en-GB,en;q=0.7"),
)

_LAST_WORDS: Final = 8000

#: What a program says that tells nothing of itself.
BARE: Final[tuple[tuple[str, str], ...]] = ()


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


class RunningGuest:
    """A guest that is ready, its database and its witness. `startup` is what its role did until then."""

    def __init__(
        self,
        guest: Guest,
        database: Database,
        login: Login,
        witness: Witness,
        inspection: Inspection,
        functions_before: Functions,
    ) -> None:
        self._guest = guest
        self._functions_before = functions_before
        self._database = database
        self._login = login
        self._witness = witness
        self._inspection = inspection
        self._readings: list[Reading] = []
        self.startup = self._read()
        # What was built or analysed by now may have read without a plan; it excuses nothing that comes later.
        self._before = inspection.counters() if self.startup.maintenance else None

    def get(self, target: str, headers: Sequence[tuple[str, str]] = PERSON) -> Visit:
        """GET a path with its query string, then read the witness. Raises CandidateFault when no answer comes."""
        try:
            answer = self._guest.http(Request(method="GET", target=target, headers=(HOST, *headers)))
        except CandidateFault as fault:
            fault.what = f"{fault.what} It was asked for {target}."
            raise
        return Visit(answer, self._read())

    def last_words(self) -> str:
        """End the guest; what it printed last, such as the traceback of a view that raised. Its own words."""
        return self._guest.stop().output[-_LAST_WORDS:].decode("utf-8", "replace")

    @contextmanager
    def arrange(self) -> Iterator[Connection]:
        """A connection for the judge's own changes, as a member of the owner: never as superuser.

        What the database refuses here it does not refuse to the reference solutions, which ran the same: triggers,
        locks and renamed tables are the submission's doing, so it is a CandidateFault.
        """
        try:
            with self._database.arrange() as connection:
                yield connection
        except psycopg.Error as error:
            self._database.cluster.require_alive()
            raise CandidateFault(
                "The data could not be changed while the submission was running.",
                "Tables have to stay as the migrations describe them; look for triggers, rules and locks.",
                phase="observing",
                kind="arranging_refused",
                detail=str(error),
            ) from error

    def finish(self) -> Finished:
        """Stop the guest, wait for its sessions to end, and hold the plans against the counters."""
        functions = self._inspection.functions()
        self._guest.begin_stop()
        self._database.end_sessions()
        after = self._read()
        since = self._readings[1:] if self._before else self._readings
        audit = self._witness.audit(self._database, since, self._inspection, self._before)
        return Finished(after, audit, len(functions ^ self._functions_before))

    def _read(self) -> Reading:
        reading = self._witness.read(self._database, self._login)
        self._readings.append(reading)
        return reading


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run happens: the parts of a slot that a guest needs."""

    spawn: Callable[[Mapping[str, bytes], Login], Guest]
    clone: Callable[[], Database]
    discard: Callable[[Database], None]
    witness: Witness
    functions: Functions


class Run:
    """A submission, its task and its seed, and the means to run it."""

    def __init__(
        self,
        *,
        task: Task,
        seed: Seed,
        tree: Mapping[str, bytes],
        changed: Mapping[str, bytes | None],
        place: Place,
        tell: Callable[[str, str], None],
    ) -> None:
        self.task = task
        self.seed = seed
        self.changed = changed
        self._tree = tree
        self._place = place
        self.tell = tell

    def progress(self, done: int, of: int, what: str) -> None:
        """Say how far the observation is."""
        self.tell("observing", f"{done} of {of}: {what}")

    @contextmanager
    def guest(self) -> Iterator[RunningGuest]:
        """A fresh guest, ready, on a fresh clone. Costs about 0.1 s; gone with its database afterwards.

        Raises CandidateFault when the submission does not start or migrate, and InfrastructureError where the server
        has gone: an honest view answers with an error then, which is not the candidate's.
        """
        database = self._place.clone()
        try:
            login = database.login()
            with self._place.spawn(self._tree, login) as guest, Inspection(database) as inspection:
                inspection.warm()
                guest.attend(lambda: self._require_bounds(database))
                guest.ready()
                yield RunningGuest(guest, database, login, self._place.witness, inspection, self._place.functions)
        except CandidateFault:
            database.cluster.require_answering()
            raise
        finally:
            self._place.discard(database)

    def _require_bounds(self, database: Database) -> None:
        """PostgreSQL knows no quota for disk, memory and log: CandidateFault where the guest takes too much."""
        require_quota(database, Quota())
        self._place.witness.require_bounded_log(database)
