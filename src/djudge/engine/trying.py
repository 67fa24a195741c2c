"""What `djudge try` does: the visible tests in a guest, and PostgreSQL's view of each request that they made.

For the candidate's own eyes while they work. The tests run beside candidate code, so nothing of it is evidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import Seed
from djudge.engine.packs.submission import TESTS_FOLDER, Submission
from djudge.engine.packs.tree import visible_tests
from djudge.engine.postgres.witness.reading import Reading, Statement
from djudge.engine.sandbox.contract import CommandResult
from djudge.engine.slot import Slot
from djudge.engine.values import Json

type Tell = Callable[[str, str], None]

#: Our test runner goes into the guest as a file beside the tests.
RUNNER: Final = "djudge_visible_tests"
_SOURCE: Final = Path(__file__).parents[1] / "guest" / "visible_tests.py"

_MARK: Final = re.compile(r"^select 'djudge-try (begin|end) (.*)'$", re.IGNORECASE | re.DOTALL)
"""What the runner sends around each request; quotes in the address are doubled."""


@dataclass(frozen=True, slots=True)
class Requested:
    """A request of a visible test and the statements that PostgreSQL executed for it, in order."""

    what: str
    statements: tuple[Statement, ...]

    @property
    def count(self) -> int:
        """Executions, nested ones too."""
        return sum(statement.executions for statement in self.statements)

    @property
    def repeated(self) -> list[tuple[str, int]]:
        """Shapes with a plan that were executed more than twice, the most frequent first: what a loop looks like."""
        shapes: Counter[str] = Counter()
        for statement in self.statements:
            if statement.kind == "plan":
                shapes[statement.shape] += statement.executions
        return [(shape, times) for shape, times in shapes.most_common() if times > 2]

    @property
    def slowest(self) -> Statement | None:
        """The statement that touched the most blocks: what is slow first when there is more data."""
        planned = [statement for statement in self.statements if statement.plan is not None]
        return max(planned, key=lambda statement: (statement.blocks, statement.rows), default=None)


@dataclass(frozen=True, slots=True)
class Tried:
    """The tests' exit status and output, and their requests in order."""

    result: CommandResult
    requests: tuple[Requested, ...]


def try_visible_tests(slot: Slot, task: Task, submission: Submission, seed: Seed, tell: Tell) -> Tried:
    """Run the task's visible tests on the submission; one guest, some hundred milliseconds and the tests' own time.

    Raises CandidateFault when they don't come to an end.
    """
    slot.open_empty(task, seed, tell)
    tell("trying", "the visible tests")
    if not task.pack.postgres:
        return Tried(_run_plain_tests(slot, task, submission), ())
    entry: dict[str, Json] = {"kind": "command", "module": RUNNER, "argv": [TESTS_FOLDER]}
    place = slot.place(task, {**entry, "settings": task.pack.settings})
    database = place.clone()
    try:
        login = database.login()
        with place.spawn(_tree(task, submission), login, place.entry) as guest:
            result = guest.wait()
        reading = place.witness.read(database, login)
    finally:
        place.discard(database)
    return Tried(result, tuple(requests_of(reading)))


def _run_plain_tests(slot: Slot, task: Task, submission: Submission) -> CommandResult:
    """Where there is no Django, `python -m unittest` does it."""
    arguments: list[Json] = ["discover", "-v", "-s", TESTS_FOLDER, "-t", "."]
    place = slot.bare_place(task, {"kind": "command", "module": "unittest", "argv": arguments})
    with place.spawn(_tests_beside(task, submission), place.entry) as guest:
        return guest.wait()


def requests_of(reading: Reading) -> list[Requested]:
    """The statements between a request's markers, request by request; what tests do around them is left out."""
    found: list[Requested] = []
    current: list[Statement] | None = None
    for statement in reading.statements:
        mark = _MARK.match(statement.sql)
        if mark and mark[1] == "begin":
            current = []
            what = mark[2].replace("''", "'").strip()
        elif mark:
            if current is not None:
                found.append(Requested(what, tuple(current)))
            current = None
        elif current is not None:
            current.append(statement)
    return found


def _tree(task: Task, submission: Submission) -> dict[str, bytes]:
    return {**_tests_beside(task, submission), f"{RUNNER}.py": _SOURCE.read_bytes()}


def _tests_beside(task: Task, submission: Submission) -> dict[str, bytes]:
    tests = {f"{TESTS_FOLDER}/{path}": content for path, content in visible_tests(task).items()}
    package = {f"{TESTS_FOLDER}/__init__.py": b""}
    return {**submission.tree, **package, **tests}
