"""What a guest costs: its time, what the judge adds to it, its memory, and how many a machine runs in a second."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

import psutil

from djudge.engine.cli.library import named_task
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.packs.task_code import load_functions
from djudge.engine.postgres.databases import Database, Login
from djudge.engine.run import Run
from djudge.engine.sandbox.contract import Answer, Request
from djudge.engine.sandbox.guest import Guest
from djudge.engine.slot import Slot
from djudge.engine.verify.workers import work_in_processes

SECONDS: Final = 6.0
STATEMENTS: Final = 3000

#: Until the jails for the next guests stand again.
IDLE_SECONDS: Final = 1.0


def quiet(phase: str, what: str) -> None:
    """Nothing is told: drawing would be measured too."""


def expert_run(slot: Slot, task: Task) -> Run:
    """The expert solution in a slot that is open for its task."""
    seed = local_seed(task)
    slot.open(task, seed, quiet)
    return slot.run(task, submission_of_solution(task, "expert"), seed, quiet)


def plain_shelf(task: Task) -> str:
    """The address of the page that the check is about: 24 products on one page."""
    observing = sys.modules[load_functions(task).observe.__module__]
    target: str = observing.Shelves.drawn(local_seed(task).random("arrange")).plain.target
    return target


def one_guest(run: Run, target: str) -> None:
    """One point of the check: clone, guest, request, witness, counters, drop."""
    with run.guest() as guest:
        answer = guest.get(target).answer
        guest.finish()
    if answer.status != 200:
        sys.exit(f"bench: the guest answered {answer.status}")


class Timed:
    """A guest whose own time is taken: from its order until it is ready, each request, its end."""

    def __init__(self, guest: Guest, since: float) -> None:
        self._guest = guest
        self._since = since
        self.seconds = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *about: object) -> None:
        self.stop()

    def attend(self, on_tick: Callable[[], None]) -> None:
        self._guest.attend(on_tick)

    def ready(self) -> None:
        self._guest.ready()
        self.seconds += time.perf_counter() - self._since

    def begin(self, request: Request) -> None:
        with self._counted():
            self._guest.begin(request)

    def answer(self) -> Answer:
        with self._counted():
            return self._guest.answer()

    def begin_stop(self) -> None:
        """Its end is waited for here, so that it is told apart from what the judge does meanwhile."""
        self.stop()

    def stop(self) -> object:
        with self._counted():
            return self._guest.stop()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - began


def overhead(run: Run, target: str, rounds: int) -> float:
    """Median milliseconds of a guest's whole time that are not the guest's own."""
    taken = []
    timed: list[Timed] = []
    place = run._place

    def spawn(*about: object) -> Timed:
        began = time.perf_counter()
        timed.append(Timed(place.spawn(*about), began))  # type: ignore[arg-type]
        return timed[-1]

    run._place = replace(place, spawn=spawn)  # type: ignore[arg-type]
    for _ in range(rounds):
        began = time.perf_counter()
        one_guest(run, target)
        taken.append(time.perf_counter() - began - timed[-1].seconds)
        time.sleep(0.1)
    run._place = place
    return statistics.median(taken) * 1000


def guests_per_second(slots: int = 2) -> float:
    """Guests of one request that so many slots, a process each, run in a second."""
    found = [
        rate for _, rate in work_in_processes(_rate, [f"SH4 {number}" for number in range(slots)], processes=slots)
    ]
    return sum(found)


def _rate(job: str) -> float:
    task = named_task(job.split()[0])
    target = plain_shelf(task)
    with Slot(task.pack) as slot:
        run = expert_run(slot, task)
        one_guest(run, target)
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < SECONDS:
            one_guest(run, target)
            count += 1
        return count / (time.perf_counter() - began)


def idle_memory(slot: Slot, run: Run, target: str) -> tuple[float, float]:
    """Megabytes of a guest that is ready and waits, and after its first answer.

    PSS: what it shares with the zygote counts in part.
    """
    with run.guest() as guest:
        time.sleep(IDLE_SECONDS)
        ready = _guests_memory(slot)
        guest.get(target)
        return ready, _guests_memory(slot)


def _guests_memory(slot: Slot) -> float:
    identity = slot._identities.guest
    pids = [one.pid for one in psutil.process_iter() if identity and one.uids().real == identity.uid]
    return sum(pss_kb(pid) for pid in pids) / 1024


def pss_kb(pid: int) -> int:
    """A process' memory, in which what it shares with others counts in part."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def witness_cost(run: Run) -> tuple[float, float]:
    """Milliseconds that the witness costs a statement: while it is executed, and to read it back."""
    with run.guest() as watched, run.guest() as unwatched:
        for setting in ("log_statement = none", "auto_explain.log_min_duration = -1"):
            database = unwatched.stage.database
            database.cluster.admin.execute(f"ALTER DATABASE {database.name} SET {setting}".encode())
        login = watched.stage.database.login()
        executed = _statements(watched.stage.database, login)
        executed_unwatched = _statements(unwatched.stage.database, unwatched.stage.database.login())
        began = time.perf_counter()
        watched.stage.witness.read(watched.stage.database, login)
        reading = time.perf_counter() - began
    return (executed - executed_unwatched) / STATEMENTS * 1000, reading / STATEMENTS * 1000


def _statements(database: Database, login: Login) -> float:
    connection = database.cluster.connect(user=login.role, password=login.password, database=login.database, options="")
    with connection, connection.cursor() as cursor:
        began = time.perf_counter()
        for number in range(STATEMENTS):
            cursor.execute("SELECT name, price FROM catalogue_product WHERE id = %s", [number + 1])
            cursor.fetchall()
        return time.perf_counter() - began
