"""The shop as a place to try probes: a slot with its goods, and runs of submissions that nobody handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from djudge.engine.cli.library import named_task
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_files, submission_of_solution
from djudge.engine.packs.task_checks import UNTOUCHED
from djudge.engine.run import Run
from djudge.engine.slot import Slot

type RunOf = Callable[[Mapping[str, str]], Run]


def silent(phase: str, what: str) -> None:
    """Nobody waits for it."""


@pytest.fixture(scope="module")
def shop_task() -> Task:
    return named_task("SH4")


@pytest.fixture(scope="module")
def shop_slot(shop_task: Task) -> Iterator[Slot]:
    with Slot(shop_task.pack) as slot:
        slot.open(shop_task, local_seed(shop_task), silent)
        yield slot


@pytest.fixture
def run_of(shop_slot: Slot, shop_task: Task) -> RunOf:
    """A run of the shop with these files changed."""

    def run(files: Mapping[str, str]) -> Run:
        changed = {path: text.encode() for path, text in files.items()}
        submission = submission_of_files(shop_task, changed) if files else submission_of_solution(shop_task, UNTOUCHED)
        return shop_slot.run(shop_task, submission, local_seed(shop_task), silent)

    return run
