"""Proving tasks: every solution under every seed, as often as asked, in as many slots as asked."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from djudge.engine.grade import grade
from djudge.engine.packs.loading import discover, find_task
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import Seed, local_seed
from djudge.engine.packs.submission import Submission, submission_of_solution
from djudge.engine.packs.task_checks import UNTOUCHED
from djudge.engine.slot import Slot
from djudge.engine.verify.hunting import Fate, Hunt, hunt
from djudge.engine.verify.junk import junk_for
from djudge.engine.verify.redrawing import Redraw, problems_of_statistics, redraw
from djudge.engine.verify.rules import JUNK, Problem, problems_of
from djudge.engine.verify.trial import Trial, trial_of
from djudge.engine.verify.workers import work_in_slots

#: Rights and budgets hold for any seed; three are drawn. The first is the one of the command line.
SEEDS: tuple[str | None, ...] = (None, "second", "third")

#: A part is done within some minutes, so that whoever waits sees the work go on.
_GRADINGS_A_PART: Final = 40

type Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """The part of a proof that one slot does in one go: a share of a task's gradings under one seed.

    Shares are dealt so that a solution that is graded more than once is graded in several slots. Plain values: it goes
    to a process.
    """

    packs: Path
    task: str
    seed: str | None
    runs: int
    share: int = 0
    shares: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Thoroughness:
    """How much is tried: each solution `runs` times under each seed, mutants, statistics drawn anew `redraws` times."""

    seeds: Sequence[str | None] = SEEDS
    runs: int = 1
    mutants: bool = False
    redraws: int = 0


_ORDINARY: Final = Thoroughness()


@dataclass(frozen=True, slots=True)
class Proof:
    """A task's trials and mutants, what statistics drawn anew changed, and all that is wrong."""

    task: Task
    trials: tuple[Trial, ...]
    problems: tuple[Problem, ...]
    hunt: Hunt | None = None
    redraws: int = 0

    @property
    def holds(self) -> bool:
        """Whether the task is proved."""
        return not self.problems


def prove(
    tasks: Sequence[Task], packs: Path, *, jobs: int, tell: Tell, how: Thoroughness = _ORDINARY
) -> Iterator[Proof]:
    """Prove tasks, each yielded when all its parts are done. `jobs` slots work at once, a process each.

    Raises TaskFault, OperatorFault or InfrastructureError as `grade` does.
    """
    for task, trials in _tried(tasks, packs, jobs, tell, how):
        found = hunt(task, packs, seeds=how.seeds, jobs=jobs, tell=tell) if how.mutants else None
        problems = (
            *problems_of(task, trials),
            *(found.problems if found else ()),
            *(_problems_of_statistics(task, packs, jobs, tell, how) if how.redraws else ()),
        )
        yield Proof(task, tuple(trials), problems, found, how.redraws)


def _tried(
    tasks: Sequence[Task], packs: Path, jobs: int, tell: Tell, how: Thoroughness
) -> Iterator[tuple[Task, list[Trial]]]:
    """Each task with all its trials, as soon as it has them."""
    parts = [part for task in tasks for part in _parts(task, packs, jobs, how)]
    found: dict[str, list[Trial]] = {task.name: [] for task in tasks}
    left = Counter(part.task for part in parts)
    by_name = {task.name: task for task in tasks}
    for done, (job, trials) in enumerate(work_in_slots(run_job, parts, jobs=jobs, tell=tell), 1):
        tell("verifying", f"{done} of {len(parts)}: {job.task}, seed {job.seed or 'local'}")
        found[job.task] += trials
        left[job.task] -= 1
        if not left[job.task]:
            task = by_name[job.task]
            yield task, sorted(found[job.task], key=lambda trial: _place(task, trial))


def _parts(task: Task, packs: Path, jobs: int, how: Thoroughness) -> Iterator[Job]:
    gradings = how.runs * len(list(_subjects(task)))
    shares = 1 if jobs <= 1 else max(jobs, math.ceil(gradings / _GRADINGS_A_PART))
    for seed, share in itertools.product(how.seeds, range(shares)):
        yield Job(packs, task.name, seed, how.runs, share, shares)


def _place(task: Task, trial: Trial) -> tuple[str, int, str]:
    """The order of tables and documents: seed by seed, solutions as the task lists them, then start and junk."""
    names = [solution.name for solution in task.solutions]
    known = names.index(trial.solution) if trial.solution in names else len(names)
    return trial.seed, known, trial.solution


def _problems_of_statistics(task: Task, packs: Path, jobs: int, tell: Tell, how: Thoroughness) -> Iterator[Problem]:
    parts = [Redraw(packs, task.name, seed, how.redraws) for seed in how.seeds]
    for done, (part, drawn) in enumerate(work_in_slots(redraw, parts, jobs=jobs, tell=tell), 1):
        tell("statistics", f"{done} of {len(parts)}: {task.id}, seed {part.seed or 'local'}")
        yield from problems_of_statistics(part.seed or "local", drawn)


def run_job(job: Job, tell: Tell = lambda phase, what: None) -> list[Trial]:
    """A share of all solutions, the start and the junk of a task under one seed, in a slot of its own."""
    task = find_task(discover(job.packs), job.task)
    seed = local_seed(task, job.seed)
    with Slot(task.pack) as slot:
        subjects = list(_subjects(task))
        dealt = [(run, *subjects[number]) for run, number in deal(job, len(subjects))]
        return [
            _try(slot, task, seed, name, submission, tell)
            for run, name, submission in dealt
            if run == 0 or not name.startswith(JUNK)
        ]


def deal(job: Job, subjects: int) -> Iterator[tuple[int, int]]:
    """The run and the number of each subject that falls to a job's share.

    A subject's next run falls to the next share, so that the reports of different slots are compared.
    """
    for run, number in itertools.product(range(job.runs), range(subjects)):
        if (run + number) % job.shares == job.share:
            yield run, number


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
                "red_flags": sorted(trial.red_flags),
                "fault": trial.fault,
                "canonical_sha256": trial.sha256,
            }
            for trial in proof.trials
        ],
        "mutants": _hunt_as_json(proof.hunt) if proof.hunt else None,
        "statistics_redrawn": proof.redraws,
    }


def _hunt_as_json(found: Hunt) -> Mapping[str, object]:
    return {
        "summary": str(found),
        "kill_rate": round(found.kill_rate, 4),
        **{fate.value: found.number(fate) for fate in Fate},
        "operators": dict(found.operators),
        "mutants": [
            {
                "operator": one.mutant.operator,
                "file": one.mutant.file,
                "line": one.mutant.line,
                "what": one.mutant.what,
                "diff": one.mutant.diff,
                "fate": one.fate.value,
                "by": list(one.by),
                "why": one.why,
                "seed": one.seed,
            }
            for one in found.hunted
        ],
    }
