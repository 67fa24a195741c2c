"""Writes: opening a pad, asking the system something, ending, and forgetting all of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.grading import actions as grading
from djudge.web.grading import reports
from djudge.web.grading.models import Result, State, Submission, Trial
from djudge.web.hiring.models import ENDED
from djudge.web.interviews.models import Interview
from djudge.web.organizations import audit
from djudge.web.pads import selectors
from djudge.web.pads.models import Pad, PadRun
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Sitting, Work

#: A pad that nobody ends ends by itself.
LASTS: Final = timedelta(days=1)

#: Where somebody is, is written down so often at the most.
_SEEN_EVERY: Final = timedelta(seconds=8)


class NotNowError(Exception):
    """What was asked is not possible now; the message says why, and is for whoever asked."""


@transaction.atomic
def open_pad(*, actor: User, interview: Interview, task: str) -> Pad:
    """A pad of one task; where one is open already, that one. What is left of an ended one is forgotten. About ten
    statements.

    Raises NotNowError where the interview takes no pad any more, or this candidate is assessed by the task.
    """
    application = interview.application
    Interview.objects.select_for_update().get(pk=interview.pk)
    if interview.cancelled_at is not None or application.stage in ENDED:
        raise NotNowError(_("This interview was cancelled, or the application has ended."))
    there = Pad.objects.select_related("sitting").filter(interview=interview).first()
    if there is not None and not there.sitting.is_over:
        return there
    if task not in selectors.scenes() or task in selectors.still_assessed(application):
        raise NotNowError(_("This task can't be used here. Please choose one of the list."))
    if there is not None:
        forget([there.sitting_id])
    sitting = workspace.share(task, timezone.now() + LASTS)
    pad = Pad.objects.create(interview=interview, sitting=sitting, made_by=actor)
    audit.note(application.job.team, "opened a pad with", application, actor=actor, task=task)
    return pad


@transaction.atomic
def ask(pad: Pad, what: str, side: str) -> PadRun:
    """Measure what is saved now, by a worker; the first runs are forgotten where there are many. Some eight statements.

    Raises NotNowError after the end, for what the task can't be asked, and while the same is being measured;
    grading.RefusedError where what is saved is no submission of the task.
    """
    locked = Pad.objects.select_for_update().get(pk=pad.pk)
    if pad.is_over:
        raise NotNowError(_("This conversation has ended."))
    work = Work.objects.get(sitting=locked.sitting_id, position=1)
    if what not in {button.what for button in selectors.buttons(work.card)}:
        raise NotNowError(_("This task can't be asked that."))
    if locked.runs.filter(what=what, submission__state__in=(State.QUEUED, State.RUNNING)).exists():
        raise NotNowError(_("This is being measured already: see below. It can be asked again once that is done."))
    submission = grading.submit(work.task, work.files, takes_the_start=True)
    run = PadRun.objects.create(pad=locked, what=what, submission=submission, version=work.version, asked_by=side)
    _forget_first_ones(locked)
    return run


def _forget_first_ones(pad: Pad) -> None:
    done = pad.runs.exclude(submission__state__in=(State.QUEUED, State.RUNNING)).order_by("-created_at")
    old = list(done.values_list("submission", flat=True)[selectors.MOST_RUNS - 1 :])
    if old:
        _erase_submissions(old)


def see(pad: Pad, path: str = "") -> None:
    """The candidate's page was heard of, with the file that they opened, if they opened one. One statement every few
    seconds, and none in between."""
    now = timezone.now()
    is_known = pad.seen_at is not None and now - pad.seen_at < _SEEN_EVERY
    if is_known and path in ("", pad.file):
        return
    pad.seen_at, pad.file = now, path or pad.file
    Pad.objects.filter(pk=pad.pk).update(seen_at=now, file=pad.file)


@transaction.atomic
def end(*, actor: User, pad: Pad) -> None:
    """From now on nothing is taken or measured; a day later all of it is erased. Ending twice is ending once."""
    if _close([pad.pk]):
        application = pad.interview.application
        audit.note(application.job.team, "ended a pad with", application, actor=actor)


def _close(pads: Collection[uuid.UUID]) -> int:
    now = timezone.now()
    return Sitting.objects.filter(pad__in=list(pads), shared_until__gt=now).update(shared_until=now)


@transaction.atomic
def tidy() -> None:
    """End what there is nothing to talk about any more, and erase what ended a day ago. Two statements where there is
    nothing of either."""
    if pads := selectors.without_a_talk():
        _close(pads)
    if sittings := selectors.to_be_erased():
        forget(sittings)


def forget(sittings: Collection[uuid.UUID]) -> None:
    """Everything of these conversations, for good: files, trials, runs with their reports. In the caller's transaction;
    some eight statements for any number."""
    mine = Q(pad_run__pad__sitting__in=list(sittings))
    _erase_submissions(list(Submission.objects.filter(mine).values_list("pk", flat=True)))
    Trial.objects.filter(work__sitting__in=list(sittings)).delete()
    Sitting.objects.filter(pk__in=list(sittings), shared_until__isnull=False).delete()


def _erase_submissions(submissions: Collection[uuid.UUID]) -> None:
    reports.forget(Result.objects.filter(submission__in=submissions).only("pk", "canonical_sha256"))
    Submission.objects.filter(pk__in=submissions).delete()
