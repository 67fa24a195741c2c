"""What the reference solutions need on the same data: measured once per environment and seed, then kept.

A budget is not a number that somebody typed. It is the observation of the solutions named in `budget_from`, on the very
data that the submission meets, and the report shows it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from djudge.engine.errors import CandidateFault, TaskFault
from djudge.engine.folders import data_folder
from djudge.engine.packs.model import Task
from djudge.engine.packs.observing import observe_in_child
from djudge.engine.packs.seeds import Seed
from djudge.engine.packs.submission import Submission, submission_of_solution
from djudge.engine.packs.tree import task_digest
from djudge.engine.slot import Slot
from djudge.engine.values import Budget, Observations

type Tell = Callable[[str, str], None]


def budget_for(slot: Slot, task: Task, seed: Seed, tell: Tell) -> Budget:
    """The task's budget in the slot's environment: from the data folder, else measured now and kept there.

    Raises TaskFault when a reference solution can't be run.
    """
    kept = _file(slot, task, seed)
    if kept.is_file():
        return _load(kept)
    tell("budget", f"measuring what the reference solutions need ({', '.join(task.budget_from)})")
    budget = {name: _reference(slot, task, name, seed, tell) for name in task.budget_from}
    _keep(kept, budget)
    return budget


def observations_of(slot: Slot, task: Task, submission: Submission, seed: Seed, tell: Tell) -> Observations:
    """Run the task's `observe` over a submission, in a child that is stopped at the task's deadline."""
    return observe_in_child(task, slot.run(task, submission, seed, tell))


def _reference(slot: Slot, task: Task, name: str, seed: Seed, tell: Tell) -> Observations:
    try:
        return observations_of(slot, task, submission_of_solution(task, name), seed, tell)
    except CandidateFault as fault:
        raise TaskFault(
            f"The reference solution {name!r} of {task.name} could not be measured: {fault.what}",
            fault.detail or fault.cure,
            path=task.folder,
        ) from fault


def _file(slot: Slot, task: Task, seed: Seed) -> Path:
    folder = data_folder() / "budgets" / slot.environment(task, seed).digest
    return folder / f"{task.slug}-{task_digest(task)[:32]}.json"


def _keep(file: Path, budget: Budget) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({name: observed.to_json() for name, observed in budget.items()}))
    draft.replace(file)


def _load(file: Path) -> Budget:
    return {name: Observations(**observed) for name, observed in json.loads(file.read_text()).items()}
