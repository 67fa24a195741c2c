"""What candidates ask about their results, and what people of the team answer: contesting a finding, asking that a
person looks, asking to do one task once more."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import ENDED, Application, Stage
from djudge.web.mail import actions as mail
from djudge.web.organizations import audit
from djudge.web.organizations.models import Role
from djudge.web.workspace.models import Appeal, FormerSubmission, Sitting, Work

#: Somebody asks, and does not flood: so many of one sitting may wait for an answer.
MOST_OPEN = 10


class NotNowError(ValueError):
    """What was asked can't be, or not now; the message says why."""


@transaction.atomic
def appeal(work: Work, *, kind: str, check: str, title: str, text: str) -> Appeal:
    """A candidate asks; whoever owns the team or may decide there is told by mail.

    Raises NotNowError where nothing was graded yet, the same is open already, or too much is. About eight statements.
    """
    _require_answerable(work, kind, check)
    asked = Appeal.objects.create(work=work, kind=kind, check_id=check, title=title, text=text)
    application = work.sitting.application
    assert application is not None
    audit.note(application.job.team, "appealed", application, as_="candidate", kind=kind, about=title)
    link = settings.SITE_ADDRESS + reverse("workspace:application", args=[application.pk]) + "#appeals"
    body = render_to_string("workspace/mail/appealed.txt", {"application": application, "appeal": asked, "link": link})
    subject = _("%(name)s asks about their result") % {"name": application.candidate.name}
    for user in _who_answers(application):
        mail.write(to=user.email, subject=subject, body=body, team=application.job.team_id, about=application.pk)
    return asked


#: Whose roles may answer: in the team for every job, in a job for this one.
_ANSWER = (Role.OWNER, Role.RECRUITER, Role.HIRING_MANAGER)


def _who_answers(application: Application) -> QuerySet[User]:
    in_the_team = Q(memberships__team=application.job.team_id, memberships__role__in=_ANSWER)
    in_the_job = Q(pk__in=application.job.members.filter(role__in=_ANSWER).values("user"))
    return User.objects.filter(in_the_team | in_the_job).distinct()


def _require_answerable(work: Work, kind: str, check: str) -> None:
    """The sitting is locked: two clicks are one appeal."""
    Sitting.objects.select_for_update().get(pk=work.sitting_id)
    if work.sitting.is_practice:
        raise NotNowError(_("Nobody but you has read this: it was practice."))
    if work.submission is None or not work.submission.is_finished:
        raise NotNowError(_("This task has no result yet."))
    open_ones = Appeal.objects.filter(work__sitting=work.sitting_id, answered_at=None)
    if open_ones.filter(work=work, kind=kind, check_id=check).exists():
        raise NotNowError(_("You have asked this already; a person will answer."))
    if kind == Appeal.Kind.REDO and work.sitting.redo_of is not None:
        raise NotNowError(_("One task was opened once more for you already."))
    if open_ones.count() >= MOST_OPEN:
        raise NotNowError(_("Please wait for an answer to what you have asked."))


@transaction.atomic
def answer(appeal: Appeal, *, actor: User, text: str, grants_redo: bool) -> Appeal:
    """A person answers in their own words, once, and may open the task once more. The candidate is told by mail.

    Raises NotNowError where it was answered already, or no redo can be given.
    """
    sitting = appeal.work.sitting
    application = sitting.application
    assert application is not None
    now = timezone.now()
    if not Appeal.objects.filter(pk=appeal.pk, answered_at=None).update(
        answered_at=now, answer=text, answered_by=actor, granted_redo=grants_redo
    ):
        raise NotNowError(_("A colleague has answered this meanwhile."))
    if grants_redo:
        _open_once_more(appeal.work)
    audit.note(application.job.team, "answered the appeal of", application, actor=actor, answer=text, redo=grants_redo)
    hiring.tell(
        application, _("About what you asked: %(job)s"), "workspace/mail/answered.txt", answer=text, redo=grants_redo
    )
    appeal.refresh_from_db()
    return appeal


#: A granted redo waits for so long.
REDO_AGE = timedelta(days=7)


def _open_once_more(work: Work) -> None:
    """Offered; the time runs once the candidate begins it."""
    sitting = work.sitting
    if sitting.application is not None and sitting.application.stage in ENDED:
        raise NotNowError(_("This application has ended: there is nothing to do once more."))
    offered = Sitting.objects.filter(pk=sitting.pk, redo_of=None).exclude(handed_in_at=None)
    if not offered.update(redo_of=work.position, redo_until=timezone.now() + REDO_AGE):
        raise NotNowError(_("Somebody gets one redo, after everything was handed in."))


@transaction.atomic
def begin_redo(sitting: Sitting) -> Work:
    """The candidate begins the task once more: from what was handed in, against new data, with the task's own minutes.

    The former submission and its report stay beside the new ones. Raises NotNowError where none was granted, it was
    begun already, or it is too late. Seven statements.
    """
    now = timezone.now()
    begun = Sitting.objects.filter(pk=sitting.pk, redo_started_at=None, redo_until__gt=now).exclude(
        application__stage__in=ENDED
    )
    if not begun.update(redo_started_at=now, handed_in_at=None, stopped=timedelta()):
        raise NotNowError(_("There is no redo to begin, or it is too late for it."))
    sitting.refresh_from_db(fields=["redo_of"])
    work = sitting.works.select_related("submission").get(position=sitting.redo_of or 0)
    if work.submission is not None:
        FormerSubmission.objects.create(work=work, submission=work.submission, why=FormerSubmission.Why.REDO)
    Work.objects.filter(pk=work.pk).update(submission=None)
    application = sitting.application
    if application is not None:
        if application.stage == Stage.SUBMITTED:
            hiring.move(application=application, stage=Stage.WORKING, as_="candidate")
        audit.note(application.job.team, "began a redo", application, as_="candidate", task=work.task)
    return work
