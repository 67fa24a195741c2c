"""Grading work again, because the judge or a task got better: the new result is looked at before it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.grading import actions as grading
from djudge.web.grading.models import Result, State, Submission
from djudge.web.organizations import audit
from djudge.web.workspace.appeals import NotNowError
from djudge.web.workspace.models import FormerSubmission, Regrade, Work


@dataclass(frozen=True, slots=True)
class Change:
    """One bullet before and after; empty where it was not tested."""

    bullet: str
    before: str
    after: str

    @property
    def is_one(self) -> bool:
        """Whether the new result says another thing."""
        return self.before != self.after


def changes(before: Result, after: Result) -> Sequence[Change]:
    """Every bullet that one of two results tells of, in the order of the first. Pure."""
    bullets = dict.fromkeys([*before.bullets, *after.bullets])
    return [Change(each, before.bullets.get(each, ""), after.bullets.get(each, "")) for each in bullets]


@transaction.atomic
def begin(work: Work, *, actor: User) -> Regrade:
    """Grade what was handed in once more, against the same data, as a preview. Six statements, and a job.

    Raises NotNowError where nothing was graded yet, or a preview is open.
    """
    locked = Work.objects.select_for_update(of=("self",)).select_related("submission").get(pk=work.pk)
    if locked.submission is None or not locked.submission.is_finished:
        raise NotNowError(_("This task has no result yet."))
    if Regrade.objects.filter(work=work, ended_at=None).exists():
        raise NotNowError(_("It is being graded again already."))
    again = grading.submit(locked.task, locked.submission.files, locked.submission.assessment)
    return Regrade.objects.create(work=work, submission=again, by=actor)


@transaction.atomic
def adopt(regrade: Regrade, *, actor: User, reason: str) -> None:
    """The new result counts from now on; the one before stays beside it, with the reason. Eight statements.

    Raises NotNowError where it is not graded yet, a colleague was quicker, or the task was done once more meanwhile.
    """
    work = _end(regrade)
    if regrade.submission.state != State.GRADED:
        raise NotNowError(_("It is not graded yet."))
    if work.submission is None or _handed_in(work.submission) != _handed_in(regrade.submission):
        raise NotNowError(_("The task was done once more meanwhile: this preview is of what was handed in before."))
    FormerSubmission.objects.create(
        work=work, submission=work.submission, why=FormerSubmission.Why.REGRADE, reason=reason, by=actor
    )
    Work.objects.filter(pk=work.pk).update(submission=regrade.submission)
    application = work.sitting.application
    assert application is not None
    audit.note(
        application.job.team, "adopted a new grading of", application, actor=actor, task=work.task, reason=reason
    )


@transaction.atomic
def drop(regrade: Regrade) -> None:
    """The result stays as it was; the preview goes."""
    _end(regrade)
    Submission.objects.filter(pk=regrade.submission_id).delete()


def _handed_in(submission: Submission) -> tuple[object, str]:
    """What was handed in, and for what its data were drawn: a new grading of it has the same."""
    return submission.files, submission.assessment


def _end(regrade: Regrade) -> Work:
    """End a preview, once; its work, locked."""
    work = (
        Work.objects.select_for_update(of=("self",))
        .select_related("submission", "sitting__application__job__team", "sitting__application__candidate")
        .get(pk=regrade.work_id)
    )
    if not Regrade.objects.filter(pk=regrade.pk, ended_at=None).update(ended_at=timezone.now()):
        raise NotNowError(_("A colleague has ended this preview meanwhile."))
    return work
