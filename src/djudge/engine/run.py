"""One submission in a slot: what a task's `observe` is given.

`run.guest()` is a fresh process on a fresh clone of the task's data; `run.crowd(n)` are several on one clone;
`run.caller()` is one whose functions are called, with or without a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from djudge.engine.calling import CallingGuest
from djudge.engine.errors import CandidateFault, TaskFault
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import Seed
from djudge.engine.postgres.databases import Connection, Database, Login
from djudge.engine.postgres.sizes import Quota, require_quota
from djudge.engine.postgres.witness.inspection import Functions, Inspection
from djudge.engine.postgres.witness.witness import Witness
from djudge.engine.sandbox.guest import Guest
from djudge.engine.serving import BARE, HOST, PERSON, Finished, RunningGuest, Stage, Visit, finish_all
from djudge.engine.values import Json

__all__ = ["BARE", "HOST", "PERSON", "Connection", "Crowd", "Finished", "Place", "Run", "RunningGuest", "Visit"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run happens: the parts of a slot that a guest needs.

    `spawn` starts a guest of a tree for a login with an entry; `entry` is the ordinary one.
    """

    spawn: Callable[[Mapping[str, bytes], Login, Mapping[str, Json]], Guest]
    clone: Callable[[], Database]
    discard: Callable[[Database], None]
    witness: Witness
    functions: Functions
    entry: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BarePlace:
    """Where a run of a pack without a database happens: guests alone, to be called."""

    spawn: Callable[[Mapping[str, bytes], Mapping[str, Json]], Guest]
    entry: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Guests that share a database, each a process with a login of its own."""

    guests: tuple[RunningGuest, ...]

    @property
    def stage(self) -> Stage:
        """What they share."""
        return self.guests[0].stage

    def finish(self) -> Finished:
        """Stop them all, and hold all their plans against the counters."""
        return finish_all(self.guests)


class Run:
    """A submission, its task and its seed, and the means to run it."""

    def __init__(
        self,
        *,
        task: Task,
        seed: Seed,
        tree: Mapping[str, bytes],
        changed: Mapping[str, bytes | None],
        place: Place | BarePlace,
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
        with self.crowd(1) as crowd:
            yield crowd.guests[0]

    @contextmanager
    def crowd(self, count: int) -> Iterator[Crowd]:
        """So many guests on one fresh clone, all ready. The first one migrates, if any does; 0.1 s each.

        Raises as `guest`.
        """
        place = self._place_with_database()
        with _database(place) as database, ExitStack() as stack:
            first = self._spawn(place, database, stack, place.entry)
            # Opened while the first guest starts.
            inspection = stack.enter_context(Inspection(database))
            inspection.warm()
            stage = Stage(database, place.witness, inspection, place.functions)
            guests = [_ready(stage, *first)]
            while len(guests) < count:
                follower = self._spawn(place, database, stack, {**place.entry, "migrate": False})
                guests.append(_ready(stage, *follower))
            yield Crowd(tuple(guests))

    @contextmanager
    def caller(self, over: Mapping[str, bytes] | None = None) -> Iterator[CallingGuest]:
        """A fresh guest that is called instead of asked, with Django set up on a fresh clone where the pack has them.

        `over` are files of the task's own, laid over the submission. Costs about 0.1 s with a database, 0.03 s
        without. Raises as `guest`.
        """
        tree = laid_over(self._tree, over or {})
        if isinstance(self._place, BarePlace):
            with self._place.spawn(tree, _called(self._place.entry)) as guest:
                guest.ready()
                yield CallingGuest(guest)
            return
        place = self._place
        with _database(place) as database, ExitStack() as stack:
            guest, _ = self._spawn(place, database, stack, _called(place.entry), tree)
            inspection = stack.enter_context(Inspection(database))
            guest.attend(lambda: _require_bounds(database, place.witness))
            guest.ready()
            yield CallingGuest(guest, Stage(database, place.witness, inspection, place.functions))

    def _place_with_database(self) -> Place:
        if isinstance(self._place, BarePlace):
            raise TaskFault("This pack has no database to serve from.", "Use `run.caller()`.", path=self.task.folder)
        return self._place

    def _spawn(
        self,
        place: Place,
        database: Database,
        stack: ExitStack,
        entry: Mapping[str, Json],
        tree: Mapping[str, bytes] | None = None,
    ) -> tuple[Guest, Login]:
        login = database.login()
        return stack.enter_context(place.spawn(self._tree if tree is None else tree, login, entry)), login


def laid_over(tree: Mapping[str, bytes], over: Mapping[str, bytes]) -> dict[str, bytes]:
    """A tree with other files in some places. Byte code of what they replace goes: it would be taken for theirs."""
    stale = {
        f"{file.parent}/__pycache__/{file.stem}." for path in over if (file := PurePosixPath(path)).suffix == ".py"
    }
    kept = {
        path: content
        for path, content in tree.items()
        if not (path.endswith(".pyc") and any(path.startswith(start.removeprefix("./")) for start in stale))
    }
    return {**kept, **over}


def _called(entry: Mapping[str, Json]) -> Mapping[str, Json]:
    return {**entry, "kind": "call"}


def _ready(stage: Stage, guest: Guest, login: Login) -> RunningGuest:
    guest.attend(lambda: _require_bounds(stage.database, stage.witness))
    guest.ready()
    return RunningGuest(guest, login, stage)


@contextmanager
def _database(place: Place) -> Iterator[Database]:
    """A clone; what is a candidate's fault on a server that has gone is ours."""
    database = place.clone()
    try:
        yield database
    except CandidateFault:
        database.cluster.require_answering()
        raise
    finally:
        place.discard(database)


def _require_bounds(database: Database, witness: Witness) -> None:
    """PostgreSQL knows no quota for disk, memory and log: CandidateFault where the guest takes too much."""
    require_quota(database, Quota())
    witness.require_bounded_log(database)
