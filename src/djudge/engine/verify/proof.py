"""Proving tasks: every solution under every seed, as often as asked, in as many slots as asked."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from djudge.engine.grade import grade
from djudge.engine.packs.loading import discover, find_task
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import Seed, local_seed
from djudge.engine.packs.submission import Submission, submission_of_solution
from djudge.engine.packs.task_checks import UNTOUCHED
from djudge.engine.slot import Slot
from djudge.engine.verify.junk import junk_for
from djudge.engine.verify.rules import JUNK, Problem, problems_of
from djudge.engine.verify.trial import Trial, trial_of
from djudge.engine.verify.workers import work_in_processes

#: Rights and budgets hold for any seed; three are drawn. The first is the one of the command line.
SEEDS: tuple[str | None, ...] = (None, "second", "third")

type Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """The part of a proof that one slot does in one go: a task under one seed. Plain values: it goes to a process."""

    packs: Path
    task: str
    seed: str | None
    runs: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A task's trials and what is wrong with them."""

    task: Task
    trials: tuple[Trial, ...]
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Whether the task is proved."""
        return not self.problems


def prove(tasks: Sequence[Task], packs: Path, *, runs: int, jobs: int, tell: Tell) -> Iterator[Proof]:
    """Prove tasks, each yielded when all its parts are done. `jobs` slots work at once, a process each.

    Raises TaskFault, OperatorFault or InfrastructureError as `grade` does.
    """
    parts = [Job(packs, task.name, seed, runs) for task in tasks for seed in SEEDS]
    found: dict[str, list[Trial]] = {task.name: [] for task in tasks}
    left = {task.name: len(SEEDS) for task in tasks}
    by_name = {task.name: task for task in tasks}
    for job, trials in _work(parts, jobs, tell):
        found[job.task] += trials
        left[job.task] -= 1
        if not left[job.task]:
            task = by_name[job.task]
            yield Proof(task, tuple(found[job.task]), problems_of(task, found[job.task]))


def _work(parts: Sequence[Job], jobs: int, tell: Tell) -> Iterator[tuple[Job, list[Trial]]]:
    if jobs <= 1:
        for job in parts:
            yield job, run_job(job, tell)
        return
    for done, (job, trials) in enumerate(work_in_processes(run_job, parts, processes=jobs), 1):
        tell("verifying", f"{done} of {len(parts)}: {job.task}, seed {job.seed or 'local'}")
        yield job, trials


def run_job(job: Job, tell: Tell = lambda phase, what: None) -> list[Trial]:
    """All solutions, the start and the junk of a task under one seed, in a slot of its own."""
    task = find_task(discover(job.packs), job.task)
    seed = local_seed(task, job.seed)
    with Slot(task.pack) as slot:
        subjects = list(_subjects(task))
        runs = itertools.product(range(job.runs), subjects)
        return [
            _try(slot, task, seed, name, submission, tell)
            for run, (name, submission) in runs
            if run == 0 or not name.startswith(JUNK)
        ]


def _subjects(task: Task) -> Iterator[tuple[str, Submission]]:
    for solution in task.solutions:
        yield solution.name, submission_of_solution(task, solution.name)
    yield UNTOUCHED, submission_of_solution(task, UNTOUCHED)
    for name, junk in junk_for(task).items():
        yield JUNK + name, junk


def _try(slot: Slot, task: Task, seed: Seed, name: str, submission: Submission, tell: Tell) -> Trial:
    tell("verifying", f"{task.id} {name}")
    report = grade(slot, task, submission, seed, tell)
    solutions = {solution.name: solution for solution in task.solutions}
    solution = solutions.get(name)
    return trial_of(
        report,
        task,
        solution=name,
        kind=solution.kind if solution else None,
        expected=solution.expected if solution else None,
        seed=seed.hex[:8],
    )


def as_json(proof: Proof) -> Mapping[str, object]:
    """A proof for machines."""
    return {
        "task": proof.task.name,
        "holds": proof.holds,
        "problems": [{"rule": problem.rule, "what": problem.what} for problem in proof.problems],
        "trials": [
            {
                "solution": trial.solution,
                "seed": trial.seed,
                "outcomes": dict(trial.outcomes),
                "integrity": sorted(trial.integrity),
                "fault": trial.fault,
                "canonical_sha256": trial.sha256,
            }
            for trial in proof.trials
        ],
    }
