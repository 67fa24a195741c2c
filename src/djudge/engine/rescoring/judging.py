"""A stored report judged again: the present `judge.py`, checks and scoring over the observations that it holds.

Nothing of a candidate's runs and no server is needed. A report is refused where the result could not be what `grade`
would have written: nothing was observed, or it was observed for something else.
"""

from __future__ import annotations

from typing import NoReturn

from djudge import __version__
from djudge.engine.errors import CandidateFault, OperatorFault, TaskFault
from djudge.engine.packs.loading import Library, find_task
from djudge.engine.packs.model import Task
from djudge.engine.packs.observing import judge_in_child
from djudge.engine.reports.building import rebuild_report, stored_budget, stored_observations
from djudge.engine.reports.canonical import digest
from djudge.engine.reports.document import Report

_GRADE_AGAIN = "Grade the submission again."


def task_of(stored: Report, library: Library) -> Task:
    """The task that a report is of, as it is now. Raises OperatorFault where it is gone, TaskFault where it is broken.

    A stored id is data, so it is held against the task that was found under it.
    """
    task = find_task(library, stored.task.id)
    if (task.id, task.pack.name) != (stored.task.id, stored.task.pack):
        raise OperatorFault(
            f"The report is of {stored.task.id} in the pack {stored.task.pack}, which is not there.",
            "Name the folder of its pack in DJUDGE_PACKS.",
        )
    return task


def judge_again(stored: Report, task: Task) -> Report:
    """What `grade` would write today for the same observations. Costs a child process, some 30 ms.

    Raises CandidateFault where nothing was observed because the submission stopped, OperatorFault where the report
    can't be judged again, TaskFault where the task's `judge` fails on what its own version observed.
    """
    _require_whole(stored)
    _require_observed(stored)
    _require_budget(stored, task)
    try:
        judgement = judge_in_child(task, stored_observations(stored.observations), stored_budget(stored))
        rebuilt = rebuild_report(stored, task, judgement)
    except TaskFault as fault:
        if stored.task.version == task.version:
            raise
        raise _other_version(stored, task, f"its judge failed on them ({fault.what.splitlines()[0]})") from fault
    _require_evidence(stored, rebuilt)
    return rebuilt


def _require_whole(stored: Report) -> None:
    """A new seal would hide that somebody changed the document. Another Djudge may seal in another way."""
    if stored.djudge == __version__ and digest(stored) != stored.canonical_sha256 and stored.audience == "operator":
        raise OperatorFault(
            "The report was changed after it was written: it does not fit its own digest.", _GRADE_AGAIN
        )


def _require_observed(stored: Report) -> None:
    if stored.audience != "operator":
        raise OperatorFault(
            "This is the candidate's rendering, which holds no observations.", "Name the operator's report."
        )
    if stored.fault and stored.fault.whose == "candidate":
        _nothing_observed(stored.fault.phase, stored.fault.kind)
    if stored.fault:
        raise OperatorFault("Its grading stopped without being the candidate's fault.", _GRADE_AGAIN)
    if not (stored.observations.seen or stored.observations.answered):
        raise OperatorFault("It holds no observations.", _GRADE_AGAIN)


def _nothing_observed(phase: str, kind: str) -> NoReturn:
    raise CandidateFault(
        f"The submission stopped ({phase}: {kind}), so nothing was observed that could be judged.",
        phase=phase,
        kind=kind,
    )


def _require_budget(stored: Report, task: Task) -> None:
    missing = [name for name in task.budget_from if name not in stored.budget]
    if missing:
        raise OperatorFault(
            f"It was measured without the reference solution that the task now compares with: {', '.join(missing)}.",
            _GRADE_AGAIN,
        )


def _require_evidence(stored: Report, rebuilt: Report) -> None:
    """A judge of another version that rests on what was never measured did not judge this run."""
    observed = {*stored.observations.seen, *stored.observations.answered, *stored.observations.claimed}
    unknown = sorted({name for finding in rebuilt.findings for name in finding.evidence} - observed)
    if unknown and stored.task.version != rebuilt.task.version:
        raise _other_version(stored, rebuilt, f"they lack {', '.join(unknown)}")


def _other_version(stored: Report, now: Task | Report, why: str) -> OperatorFault:
    version = now.version if isinstance(now, Task) else now.task.version
    return OperatorFault(
        f"It holds observations of version {stored.task.version} of the task, which version {version} can't judge: "
        f"{why}.",
        _GRADE_AGAIN,
    )
