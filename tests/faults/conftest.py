"""SH4, a slot for it, and what an undisturbed grading of it comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import psutil
import pytest

from djudge.engine.cli.library import named_task
from djudge.engine.grade import grade
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import Submission, submission_of_files, submission_of_solution
from djudge.engine.packs.tree import start_tree
from djudge.engine.reports.document import Report
from djudge.engine.slot import Slot

TASK = named_task("SH4")
START = start_tree(TASK)
SOLUTION = "junior"


class Saboteur:
    """Listens to the phases of a grading, and strikes when it hears a word: once, or each time anew."""

    def __init__(self, word: str, strike: Callable[[], None], *, times: int = 1) -> None:
        self.heard: list[str] = []
        self.strikes = 0
        self._word = word
        self._strike = strike
        self._times = times

    def __call__(self, phase: str, what: str) -> None:
        self.heard.append(f"{phase}: {what}")
        if self._word in self.heard[-1] and self.strikes < self._times:
            self.strikes += 1
            self._strike()

    @property
    def retried(self) -> list[str]:
        """What was said of each attempt that failed."""
        return [heard for heard in self.heard if heard.startswith("retrying")]


def graded(slot: Slot, submission: Submission, tell: Callable[[str, str], None], task: Task = TASK) -> Report:
    return grade(slot, task, submission, local_seed(task), tell)


def solution() -> Submission:
    return submission_of_solution(TASK, SOLUTION)


def changed(files: Mapping[str, bytes]) -> Submission:
    return submission_of_files(TASK, files)


def after(file: str, code: str) -> dict[str, bytes]:
    """A file of the start with code behind it."""
    return {file: START[file] + f"\n\n{code}\n".encode()}


def postmaster(slot: Slot) -> psutil.Process:
    """The server of a slot."""
    process = slot.cluster._process
    assert process is not None
    return psutil.Process(process.pid)


def keeper(slot: Slot) -> psutil.Process:
    """What a slot's zygote runs in."""
    zygote = slot._sandbox._zygote
    assert zygote is not None
    return psutil.Process(zygote._process.pid)


@pytest.fixture(scope="session")
def undisturbed() -> str:
    """The canonical digest of the solution, graded where nothing goes wrong."""
    with Slot(TASK.pack) as slot:
        return graded(slot, solution(), lambda *_: None).canonical_sha256


@pytest.fixture
def slot() -> Iterator[Slot]:
    with Slot(TASK.pack) as opened:
        yield opened
