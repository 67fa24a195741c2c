"""The way of a bundle: each submission graded on its own, then one report. What went wrong with one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Final

from djudge.engine.errors import CandidateFault, InfrastructureError, SubmissionRefused
from djudge.engine.grade import grade
from djudge.engine.packs.model import Assessment, Task
from djudge.engine.packs.seeds import Seed
from djudge.engine.packs.submission import Submission, read_submission
from djudge.engine.reports.building import build_report
from djudge.engine.reports.document import Report
from djudge.engine.reports.timing import Stopwatch
from djudge.engine.slot import Slot
from djudge.engine.values import Judgement, Observations

type Tell = Callable[[str, str], None]

_NOTHING: Final = Submission(changed=MappingProxyType({}), diffs=MappingProxyType({}), tree=MappingProxyType({}))


def grade_bundle(
    assessment: Assessment,
    submissions: Mapping[str, Path],
    seed_of: Callable[[Task], Seed],
    tell: Tell,
    *,
    isolated: bool = True,
) -> dict[str, Report]:
    """The report of each task that was handed in, by its id; a slot for each pack, one after another.

    A submission that is refused and a fault of ours have a report as well, which says so. Raises TaskFault and
    OperatorFault, which are nobody's result.
    """
    reports: dict[str, Report] = {}
    handed_in = [task for task in assessment.tasks if task.id in submissions]
    for _, of_pack in groupby(sorted(handed_in, key=lambda task: task.pack.name), key=lambda task: task.pack.name):
        tasks = list(of_pack)
        with Slot(tasks[0].pack, isolated=isolated) as slot:
            for task in tasks:
                reports[task.id] = _grade(slot, task, submissions[task.id], seed_of(task), _naming(task, tell))
    return {task.id: reports[task.id] for task in handed_in}


def _naming(task: Task, tell: Tell) -> Tell:
    return lambda phase, what: tell(phase, f"{task.id} {what}".rstrip())


def _grade(slot: Slot, task: Task, place: Path, seed: Seed, tell: Tell) -> Report:
    watch = Stopwatch(tell)
    submission = _NOTHING
    try:
        watch("reading", "")
        submission = read_submission(task, place)
        return grade(slot, task, submission, seed, tell)
    except (SubmissionRefused, InfrastructureError) as fault:
        return _without_result(slot, task, submission, seed, fault, watch)


def _without_result(
    slot: Slot,
    task: Task,
    submission: Submission,
    seed: Seed,
    fault: CandidateFault | InfrastructureError,
    watch: Stopwatch,
) -> Report:
    return build_report(
        task=task,
        submission=submission,
        environment=slot.environment(task, seed),
        isolated=slot.isolated,
        separated_by=slot.separated_by,
        observations=Observations(),
        budget={},
        judgement=Judgement(()),
        fault=fault,
        watch=watch,
    )
