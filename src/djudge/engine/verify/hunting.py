"""Are the checks strong enough? Every mutant of the expert is graded until one seed kills it.

A mutant is killed when it is stopped, or when any check comes out lower than the expert's. What survives every seed is
equivalent, with a witness that is compared here, or the task's checks are too weak.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from djudge.engine.grade import grade
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.loading import discover, find_task
from djudge.engine.packs.model import SolutionKind, Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.reports.canonical import canonical
from djudge.engine.reports.document import Report
from djudge.engine.slot import Slot
from djudge.engine.values import Outcome
from djudge.engine.verify.equivalents import Equivalent, Witness, equivalents_of
from djudge.engine.verify.mutants import Mutant, mutants_of
from djudge.engine.verify.rules import Problem
from djudge.engine.verify.trial import MERIT
from djudge.engine.verify.workers import work_in_slots

#: Fewer killed than this share of those that are no equivalents, and the checks are too weak.
KILL_RATE: Final = 0.95

#: Parts of the work a slot does between two words of progress.
_PARTS: Final = 4

#: Before the kind of fault that stopped a mutant.
STOPPED: Final = "stopped"

type Tell = Callable[[str, str], None]


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    EQUIVALENT = "equivalent"
    SURVIVED = "survived"


@dataclass(frozen=True, slots=True)
class Look:
    """A grading of a mutant, or of the expert, as far as it is compared. Plain values: it comes from a process.

    Outcomes are the checks' own, before a gate takes what others earned: they say which check saw the mistake.
    """

    outcomes: Mapping[str, Outcome]
    fault: str
    witnesses: Mapping[Witness, str]


@dataclass(frozen=True, slots=True)
class Hunted:
    """A mutant and its fate: killed by these checks or a fault under a seed, or why it is none of that."""

    mutant: Mutant
    fate: Fate
    by: tuple[str, ...] = ()
    why: str = ""
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Hunt:
    """All mutants of a task."""

    hunted: tuple[Hunted, ...]
    problems: tuple[Problem, ...]

    def number(self, fate: Fate) -> int:
        """How many came to this fate."""
        return sum(one.fate is fate for one in self.hunted)

    def killed_by(self, name: str) -> int:
        """How many were killed by a check, or STOPPED."""
        return sum(name in one.by for one in self.hunted)

    @property
    def kill_rate(self) -> float:
        """The share of killed ones among those that are not equivalent; 1 where there is none."""
        mistakes = len(self.hunted) - self.number(Fate.EQUIVALENT)
        return self.number(Fate.KILLED) / mistakes if mistakes else 1.0

    @property
    def operators(self) -> Mapping[str, int]:
        """How many mutants each operator made."""
        return Counter(one.mutant.operator for one in self.hunted)

    def __str__(self) -> str:
        if not self.hunted:
            return "no site for a mutant"
        mistakes = len(self.hunted) - self.number(Fate.EQUIVALENT)
        return f"{self.number(Fate.KILLED)} of {mistakes} mutants killed, {self.number(Fate.EQUIVALENT)} equivalent"


@dataclass(frozen=True, slots=True)
class Chase:
    """What one slot does in one go: mutants of a task by their numbers, under one seed; None is the expert."""

    packs: Path
    task: str
    seed: str | None
    numbers: tuple[int | None, ...]


def hunt(task: Task, packs: Path, *, seeds: Sequence[str | None], jobs: int, tell: Tell) -> Hunt:
    """Grade all mutants of a task in `jobs` slots at once; about a grading each, and one a seed for survivors.

    Raises TaskFault, OperatorFault or InfrastructureError as `grade` does.
    """
    mutants = mutants_of(task)
    killed: dict[int, Hunted] = {}
    looks: dict[int, list[tuple[Look, Look]]] = {number: [] for number in range(len(mutants))}
    for seed in seeds if mutants else ():
        left = [number for number in looks if number not in killed]
        if not left:
            break
        found = dict(_graded(task, packs, seed, left, jobs, tell))
        expert = found.pop(None)
        for number, look in sorted(found.items(), key=lambda one: one[0] or 0):
            if number is not None and (by := killers(task, look, expert)):
                killed[number] = Hunted(mutants[number], Fate.KILLED, by, seed=seed or "local")
            elif number is not None:
                looks[number].append((look, expert))
    diagnostics = Diagnostics()
    declared = equivalents_of(task, diagnostics)
    hunted = [killed.get(number) or survivor(mutant, looks[number], declared) for number, mutant in enumerate(mutants)]
    wrong = [Problem("equivalents", str(diagnostic)) for diagnostic in diagnostics]
    return Hunt(tuple(hunted), (*wrong, *problems_of_hunt(hunted, declared)))


def killers(task: Task, look: Look, expert: Look) -> tuple[str, ...]:
    """What tells a mutant from the expert: the checks that it loses, or its fault; empty where it survives."""
    if look.fault:
        return STOPPED, look.fault
    return tuple(
        check.id
        for check in task.checks
        if MERIT.get(look.outcomes[check.id], 0) < MERIT.get(expert.outcomes[check.id], 0)
    )


def survivor(mutant: Mutant, looks: Sequence[tuple[Look, Look]], declared: Sequence[Equivalent]) -> Hunted:
    """What became of a mutant that no seed killed: equivalent where an entry says so and its witness holds."""
    for entry in declared:
        if entry.speaks_of(mutant):
            doubt = "; ".join(doubt for witness in entry.witness if (doubt := _doubt(witness, looks)))
            if doubt:
                return Hunted(mutant, Fate.SURVIVED, why=f"declared equivalent, but {doubt}")
            return Hunted(mutant, Fate.EQUIVALENT, why=entry.why)
    return Hunted(mutant, Fate.SURVIVED, why="no check tells it from the expert")


def _doubt(witness: Witness, looks: Sequence[tuple[Look, Look]]) -> str:
    """Why a witness does not hold; empty where it does. What the task does not observe bears witness to nothing."""
    if any(witness not in look.witnesses for pair in looks for look in pair):
        return f"the task observes no {witness}"
    differ = any(look.witnesses[witness] != expert.witnesses[witness] for look, expert in looks)
    return f"{witness} differ" if differ else ""


def problems_of_hunt(hunted: Sequence[Hunted], declared: Sequence[Equivalent]) -> Iterator[Problem]:
    """Survivors, entries that speak of nothing that survives, and a kill rate that is too low."""
    for one in hunted:
        if one.fate is Fate.SURVIVED:
            mutant = one.mutant
            yield Problem("mutant survives", f"{mutant.operator} at {mutant.place}, {mutant.what}: {one.why}")
    for entry in declared:
        spoken_of = [one for one in hunted if entry.speaks_of(one.mutant)]
        name = f"{entry.operator} in {entry.file} at {entry.line!r}"
        if not spoken_of:
            yield Problem("stale equivalent", f"{name}: there is no such mutant")
        elif all(one.fate is Fate.KILLED for one in spoken_of):
            yield Problem("stale equivalent", f"{name}: it is killed ({', '.join(spoken_of[0].by)})")
    rate = Hunt(tuple(hunted), ()).kill_rate
    if rate < KILL_RATE:
        yield Problem("kill rate", f"{rate:.0%} of the mutants are killed; at least {KILL_RATE:.0%} should be")


def _graded(
    task: Task, packs: Path, seed: str | None, left: Sequence[int], jobs: int, tell: Tell
) -> Iterator[tuple[int | None, Look]]:
    """The expert and these mutants under a seed, in parts of some gradings each."""
    size = max(1, math.ceil((len(left) + 1) / (jobs * _PARTS)))
    numbers: list[int | None] = [None, *left]
    parts = [
        Chase(packs, task.name, seed, tuple(numbers[place : place + size])) for place in range(0, len(numbers), size)
    ]
    done = 0
    for chase, looks in work_in_slots(chase_mutants, parts, jobs=jobs, tell=tell):
        yield from zip(chase.numbers, looks, strict=True)
        done += len(looks)
        tell("mutants", f"{done} of {len(numbers)} of {task.id} graded, seed {seed or 'local'}")


def chase_mutants(chase: Chase, tell: Tell = lambda phase, what: None) -> list[Look]:
    """Grade some mutants in a slot of its own."""
    task = find_task(discover(chase.packs), chase.task)
    seed = local_seed(task, chase.seed)
    mutants = mutants_of(task)
    looks = []
    with Slot(task.pack) as slot:
        for number in chase.numbers:
            if number is None:
                submission = submission_of_solution(task, SolutionKind.EXPERT.value)
            else:
                tell("mutants", f"{mutants[number].operator} at {mutants[number].place}")
                submission = mutants[number].submission(task)
            looks.append(look_at(task, grade(slot, task, submission, seed, tell)))
    return looks


def look_at(task: Task, report: Report) -> Look:
    """What a report has that is compared."""
    found = {finding.check: finding.own_outcome for finding in report.findings}
    return Look(
        outcomes={check.id: found.get(check.id, Outcome.NOT_SHOWN) for check in task.checks},
        fault=report.fault.kind if report.fault else "",
        witnesses=dict(_witnesses(report)),
    )


def _witnesses(report: Report) -> Iterator[tuple[Witness, str]]:
    """Digests of what may be compared, of each kind that the task observes at all."""
    if report.observations.answered:
        yield Witness.ANSWERS, _digest(report.observations.answered)
    measured = json.loads(canonical(report))
    del measured["submission"]
    if any(isinstance(one, dict) and one.get("groups") for one in measured["evidence"].values()):
        yield Witness.STATEMENTS, _digest(measured)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
