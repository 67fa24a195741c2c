"""The way of one submission, on one screen.

budget -> observe (retried when the fault is ours) -> judge -> report. Nothing here imports, opens or executes what a
candidate wrote: it goes as bytes through the slot into a guest, and comes back as observations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from djudge.engine.budgets import budget_for, observations_of
from djudge.engine.errors import CandidateFault, InfrastructureError
from djudge.engine.packs.model import Task
from djudge.engine.packs.observing import judge_in_child
from djudge.engine.packs.seeds import Seed
from djudge.engine.packs.submission import Submission
from djudge.engine.reports.building import as_stored, build_report
from djudge.engine.reports.document import Report
from djudge.engine.reports.timing import Stopwatch
from djudge.engine.slot import Slot
from djudge.engine.values import Budget, Judgement, Observations

#: Told after each step of a phase: its name, and what is being done ("3 of 9: tags per product, 8").
type Tell = Callable[[str, str], None]

#: Two retries, the second alone in a fresh cluster (GRADING.md, "The way of one submission").
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Graded:
    """What a grading came to: observations with their judgement, or the candidate's fault."""

    observations: Observations
    judgement: Judgement
    fault: CandidateFault | None = None


def grade(slot: Slot, task: Task, submission: Submission, seed: Seed, tell: Tell) -> Report:
    """The report of a submission. Costs a guest (about 0.1 s) for each point that the task measures.

    The candidate's faults are in the report. Raises TaskFault (the task's author), OperatorFault (the machine) and
    InfrastructureError (ours, three times): none of these says anything about the candidate.
    """
    budget = _prepare_patiently(slot, task, seed, tell)
    watch = Stopwatch(tell)
    graded = _observe_and_judge(slot, task, submission, seed, budget, watch)
    return build_report(
        task=task,
        submission=submission,
        environment=slot.environment(task, seed),
        isolated=slot.isolated,
        separated_by=slot.separated_by,
        observations=graded.observations,
        budget=budget,
        judgement=graded.judgement,
        fault=graded.fault,
        watch=watch,
    )


def _observe_and_judge(
    slot: Slot, task: Task, submission: Submission, seed: Seed, budget: Budget, watch: Stopwatch
) -> Graded:
    try:
        watch("observing", "")
        observations = as_stored(observe_patiently(slot, task, submission, seed, watch))
    except CandidateFault as fault:
        return Graded(Observations(), Judgement(()), fault)
    watch("judging", "")
    return Graded(observations, judge_in_child(task, observations, budget))


def _prepare_patiently(slot: Slot, task: Task, seed: Seed, tell: Tell) -> Budget:
    """The task's data at hand, and its budget. No candidate is in this: the same fault three times is ours."""
    for attempt in range(1, ATTEMPTS):
        try:
            slot.open(task, seed, tell)
            return budget_for(slot, task, seed, tell)
        except InfrastructureError as failure:
            _tell_retry(tell, failure, attempt)
            slot.discard()
    slot.open(task, seed, tell)
    return budget_for(slot, task, seed, tell)


def _tell_retry(tell: Tell, failure: InfrastructureError, attempt: int) -> None:
    tell("retrying", f"a fault on our side ({failure.what}), attempt {attempt} of {ATTEMPTS}")


def observe_patiently(slot: Slot, task: Task, submission: Submission, seed: Seed, tell: Tell) -> Observations:
    """Observations of a submission; what breaks on our side is tried again, at last in a fresh cluster.

    A submission that breaks a sound cluster three times in the same way has broken it itself: CandidateFault of kind
    `resource_limit`, so that crashing the server pays nobody.
    """
    failures: list[InfrastructureError] = []
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return observations_of(slot, task, submission, seed, tell)
        except InfrastructureError as failure:
            failures.append(failure)
            _tell_retry(tell, failure, attempt)
            slot.renew(task, seed, tell)
    if len({failure.kind for failure in failures}) == 1:
        slot.prove_sound()
        raise CandidateFault(
            "Each of three runs of this submission brought down the database server that it was given.",
            "Look for statements that need far more memory or disk than the page shows.",
            phase="observing",
            kind="resource_limit",
        )
    raise failures[-1]
