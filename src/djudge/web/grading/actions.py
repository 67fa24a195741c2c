"""Handing in, and the way of a submission through the states."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from djudge.web.grading import library, reports, running
from djudge.web.grading.handing_in import Files
from djudge.web.grading.models import PRACTICE, Result, State, Submission, Trial
from djudge.web.webhooks import actions as webhooks
from djudge.web.webhooks.models import Event

#: By its name, because the task calls this module.
GRADE = "djudge.web.grading.tasks.grade"
TRY = "djudge.web.grading.tasks.try_out"

#: A run that has not been heard of for so long is dead: a living one is heard of every `running.BEAT_SECONDS`.
SILENCE = timedelta(seconds=30)

#: So often a submission is tried when the fault is ours.
MOST_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Announced:
    """Whom other systems hear of when a submission is finished: the team, the application, what is said of both.

    Known to who hands in, and kept with the submission until then; grading itself knows of no applications.
    """

    team: uuid.UUID
    about: uuid.UUID
    data: Mapping[str, Any]

    def kept(self) -> dict[str, Any]:
        """As a column holds it."""
        return {"team": str(self.team), "about": str(self.about), "data": dict(self.data)}


class RefusedError(ValueError):
    """Files that are no submission of the task; the message says why and what to do."""


def submit(
    task: str,
    files: Files,
    assessment: str = PRACTICE,
    announced: Announced | None = None,
    *,
    takes_the_start: bool = False,
) -> Submission:
    """Hand in changed files, in the caller's transaction; a worker grades them after the commit. One statement.

    Other systems are told when it is finished, where it is `announced`.

    Raises RefusedError where the engine would refuse them, so that nobody waits for a refusal. With `takes_the_start`
    no files at all are the start as it is: to be measured before anybody changes it.
    """
    is_start = takes_the_start and not files
    if not is_start and (refused := library.refusal(task, files)):
        raise RefusedError(refused)
    submission = Submission.objects.create(
        task=task, files=dict(files), assessment=assessment, announced=announced.kept() if announced else None
    )
    enqueue_on_commit(submission.pk)
    return submission


def enqueue_on_commit(submission_id: uuid.UUID) -> None:
    """Hand it to the workers once the transaction holds. Where the broker is away, beat finds it later."""
    transaction.on_commit(partial(current_app.send_task, GRADE, [str(submission_id)], queue="grading"), robust=True)


def grade(submission_id: uuid.UUID) -> None:
    """Grade a submission that nobody else is at; does nothing for one that is finished or held by a living run."""
    _give_up(submission_id)
    submission = _take(submission_id)
    if submission is None:
        return
    held = Submission.objects.filter(pk=submission.pk, run=submission.run, state=State.RUNNING)
    try:
        ended = running.run(
            submission.task,
            submission.files,
            lambda phase: _hear(submission, phase),
            assessment=submission.assessment,
        )
        if ended.fault:
            raise running.GradingFailedError(f"{ended.fault['what']} {ended.fault['cure']}".strip())
    except running.GradingFailedError as failure:
        _give_back(submission, str(failure))
        return
    with transaction.atomic():
        if held.update(state=State.GRADED, phase="", finished_at=timezone.now(), trouble=""):
            Result.objects.create(submission=submission, **reports.columns(ended.report))
            _announce(submission, State.GRADED)


def _announce(submission: Submission, state: State) -> None:
    """Tell other systems that it is finished, in the caller's transaction."""
    kept = submission.announced
    if kept is None:
        return
    data = {**kept["data"], "submission": str(submission.pk), "state": str(state)}
    webhooks.announce(uuid.UUID(kept["team"]), Event.WORK_GRADED, data, about=uuid.UUID(kept["about"]))


def _give_up(submission_id: uuid.UUID) -> None:
    """Our fault, too: who was tried so often, and each time fell silent, took the worker along."""
    silent = Submission.objects.filter(
        pk=submission_id, state=State.RUNNING, alive_at__lt=timezone.now() - SILENCE, attempts__gte=MOST_ATTEMPTS
    )
    if silent.exists():
        _end_as_ours(submission_id, silent)


@transaction.atomic
def _end_as_ours(submission_id: uuid.UUID, silent: QuerySet[Submission]) -> None:
    """Unless somebody else has ended it meanwhile."""
    if silent.update(
        state=State.OUR_FAULT, run=None, phase="", finished_at=timezone.now(), trouble="Each run of it fell silent."
    ):
        _announce(Submission.objects.only("announced").get(pk=submission_id), State.OUR_FAULT)


def _take(submission_id: uuid.UUID) -> Submission | None:
    """Hold a submission for a run of ours, or None where there is nothing to do."""
    now = timezone.now()
    mine = uuid.uuid4()
    open_ = Q(state=State.QUEUED) | Q(state=State.RUNNING, alive_at__lt=now - SILENCE)
    taken = Submission.objects.filter(open_, pk=submission_id).update(
        state=State.RUNNING, run=mine, started_at=now, alive_at=now, attempts=F("attempts") + 1, phase="starting"
    )
    return Submission.objects.get(pk=submission_id) if taken else None


def _hear(submission: Submission, phase: str) -> None:
    Submission.objects.filter(pk=submission.pk, run=submission.run).update(phase=phase[:200], alive_at=timezone.now())


@transaction.atomic
def _give_back(submission: Submission, trouble: str) -> None:
    """Our fault: tried again, and at last told as ours."""
    over = submission.attempts >= MOST_ATTEMPTS
    held = Submission.objects.filter(pk=submission.pk, run=submission.run)
    given_back = held.update(
        state=State.OUR_FAULT if over else State.QUEUED,
        run=None,
        phase="",
        trouble=trouble[:4000],
        finished_at=timezone.now() if over else None,
    )
    if given_back and over:
        _announce(submission, State.OUR_FAULT)


def try_out(task: str, files: Files) -> Trial:
    """Run the visible tests on files, by a worker, after the caller's transaction. One statement."""
    trial = Trial.objects.create(task=task, files=dict(files))
    transaction.on_commit(partial(current_app.send_task, TRY, [str(trial.pk)], queue="grading"), robust=True)
    return trial


def run_trial(trial_id: uuid.UUID) -> None:
    """Run a trial that waits; a lost one is not run again, because somebody presses the button anew."""
    waiting = Trial.objects.filter(pk=trial_id, state=State.QUEUED)
    if not waiting.update(state=State.RUNNING, phase="starting", alive_at=timezone.now()):
        return
    trial = Trial.objects.get(pk=trial_id)
    mine = Trial.objects.filter(pk=trial_id)

    def hear(phase: str) -> None:
        mine.update(phase=phase[:200], alive_at=timezone.now())

    try:
        ended = running.run(trial.task, trial.files, hear, assessment=PRACTICE, kind="try")
    except running.GradingFailedError as failure:
        mine.update(state=State.OUR_FAULT, trouble=str(failure)[:4000])
        return
    if ended.fault and ended.fault["whose"] != "candidate":
        mine.update(state=State.OUR_FAULT, trouble=f"{ended.fault['what']} {ended.fault['cure']}".strip()[:4000])
    elif ended.fault:
        mine.update(state=State.GRADED, outcome={"refused": f"{ended.fault['what']} {ended.fault['cure']}".strip()})
    else:
        mine.update(state=State.GRADED, outcome=json.loads(ended.report))


def grade_again(submission: Submission) -> None:
    """Queue a submission once more that failed because of us, as if it had just come. One statement."""
    again = Submission.objects.filter(pk=submission.pk, state=State.OUR_FAULT)
    if again.update(state=State.QUEUED, attempts=0, finished_at=None):
        enqueue_on_commit(submission.pk)
