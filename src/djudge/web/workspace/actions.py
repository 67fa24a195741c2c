"""Inviting, beginning, saving, handing in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.assessments.models import Assessment
from djudge.web.grading import actions as grading
from djudge.web.grading.actions import Announced
from djudge.web.grading.models import PRACTICE
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.announcing import announce, told
from djudge.web.hiring.models import ENDED, Application, Job, Stage
from djudge.web.hiring.spreadsheets import Row
from djudge.web.organizations import audit
from djudge.web.resumes import actions as resumes
from djudge.web.webhooks.models import Event
from djudge.web.workspace.editing import ConflictError, OverError, require_open
from djudge.web.workspace.models import Pulse, Sitting, Work

#: An invitation waits for so long.
INVITATION_AGE = timedelta(days=14)

#: Beat sends a pulse every 15 s; silence beyond this is an outage.
OUTAGE = timedelta(seconds=60)


@transaction.atomic
def apply(*, job: Job, **fields: Any) -> Application:
    """Somebody applies by the public form; their résumé is read after the commit."""
    application = hiring.apply(job=job, **fields)
    resumes.read_soon(application)
    return application


@transaction.atomic
def invite(*, actor: User, application: Application) -> Sitting:
    """Invite somebody to the assessment of their lane, by mail. Inviting twice sends the mail once more.

    Raises hiring.NotYetError where the job asks nothing of this lane, or the application has ended.
    """
    if application.stage in ENDED:
        raise hiring.NotYetError(_("This application has ended."))
    assessment = application.job.assessment_for(application.lane)
    if assessment is None:
        raise hiring.NotYetError(_("This job has no assessment for this lane yet."))
    sitting, is_new = Sitting.objects.get_or_create(
        application=application,
        defaults={"assessment": assessment, "expires_at": timezone.now() + INVITATION_AGE},
    )
    if is_new:
        _lay_out(sitting, assessment.tasks)
        announce(Event.SITTING_INVITED, application, sitting=str(sitting.pk), assessment=str(assessment.pk))
    if application.stage == Stage.APPLIED:
        hiring.move(application=application, stage=Stage.INVITED, actor=actor)
    audit.note(application.job.team, "invited", application, actor=actor, assessment=assessment.title)
    practice = settings.SITE_ADDRESS + reverse("workspace:try")
    hiring.tell(
        application, _("Your work sample: %(job)s"), "workspace/mail/invited.txt", sitting=sitting, practice=practice
    )
    return sitting


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of one row of a table: the application, and why nobody was invited, where that was wanted."""

    application: Application
    is_new: bool
    not_invited: str = ""


def enter_many(*, job: Job, actor: User, rows: Sequence[Row], invites: bool) -> list[Entered]:
    """Enter each of these, and invite those who are new, if that is wanted. Some 20 statements a row, in a transaction
    of its own: one that fails leaves the others in."""
    known = set(job.applications.values_list("candidate__email", flat=True))
    return [_entered(job, actor, row, is_new=row.email.lower() not in known, invites=invites) for row in rows]


def _entered(job: Job, actor: User, row: Row, *, is_new: bool, invites: bool) -> Entered:
    with transaction.atomic():
        application = hiring.apply(job=job, name=row.name, email=row.email, lane=row.lane, by=actor, tells=is_new)
        if not (is_new and invites):
            return Entered(application, is_new)
        try:
            invite(actor=actor, application=application)
        except hiring.NotYetError as error:
            return Entered(application, is_new, str(error))
        return Entered(application, is_new)


@transaction.atomic
def practise(task: str) -> Sitting:
    """A sitting of one task for somebody without an account. Two statements."""
    now = timezone.now()
    sitting = Sitting.objects.create(agreed_at=now, started_at=now)
    _lay_out(sitting, [task])
    return sitting


@transaction.atomic
def preview(assessment: Assessment) -> Sitting:
    """A sitting for the team itself, which goes through what candidates go through. It has no end and counts for
    nobody. Two statements."""
    sitting = Sitting.objects.create(assessment=assessment)
    _lay_out(sitting, assessment.tasks)
    return sitting


@transaction.atomic
def share(task: str, until: datetime) -> Sitting:
    """A sitting of one task that two people look at together. Nobody is assessed by it; it begins when the candidate
    has read its notice. Two statements."""
    sitting = Sitting.objects.create(shared_until=until)
    _lay_out(sitting, [task])
    return sitting


def _lay_out(sitting: Sitting, tasks: list[str]) -> None:
    Work.objects.bulk_create(Work(sitting=sitting, task=name, position=place) for place, name in enumerate(tasks, 1))


@transaction.atomic
def begin(sitting: Sitting) -> Sitting:
    """The candidate agreed to the notice, and the time runs. Beginning twice changes nothing."""
    now = timezone.now()
    if sitting.expires_at and now > sitting.expires_at and sitting.started_at is None:
        raise OverError(_("This invitation has expired. Please ask for a new one."))
    if sitting.application and sitting.application.stage in ENDED:
        raise OverError(_("This application has ended."))
    if Sitting.objects.filter(pk=sitting.pk, started_at=None).update(agreed_at=now, started_at=now):
        sitting.agreed_at = sitting.started_at = now
        if sitting.application:
            hiring.move(application=sitting.application, stage=Stage.WORKING, as_="candidate")
            announce(Event.SITTING_STARTED, sitting.application, sitting=str(sitting.pk))
    return sitting


@transaction.atomic
def hand_in(work: Work, *, version: int | None = None) -> Work:
    """Hand in what was saved last. Handing in twice is handing in once.

    Raises OverError when the time is over, grading.RefusedError where nothing was changed, or what was is no
    submission of the task; where a `version` is named, ConflictError if another one was saved since.
    """
    locked = Work.objects.select_for_update().get(pk=work.pk)
    if locked.submission_id is not None:
        return locked
    locked.sitting = work.sitting
    require_open(locked)
    if work.sitting.is_shared:
        raise OverError(_("In a conversation nothing is handed in."))
    if version is not None and locked.version != version:
        raise ConflictError(locked.version)
    _submit(locked, work.sitting)
    sitting = work.sitting
    if sitting.redo_started_at is not None or not sitting.works.filter(submission=None).exists():
        finish(sitting)
    return locked


def _submit(locked: Work, sitting: Sitting) -> None:
    locked.submission = grading.submit(locked.task, locked.files, _drawn_for(sitting), _announced_as(locked, sitting))
    locked.save(update_fields=["submission"])


def _announced_as(work: Work, sitting: Sitting) -> Announced | None:
    """Whom the grading tells that it is done; nobody, where somebody practises."""
    if sitting.application is None:
        return None
    of_task = {"sitting": str(sitting.pk), "task": work.task, "position": work.position}
    return Announced(
        team=sitting.application.job.team_id,
        about=sitting.application.pk,
        data=told(sitting.application, **of_task),
    )


def _drawn_for(sitting: Sitting) -> str:
    """Everybody who is compared meets the same data; who does a task once more, having read a report, meets others."""
    if sitting.is_practice:
        return PRACTICE
    return str(sitting.assessment_id if sitting.redo_started_at is None else sitting.pk)


@transaction.atomic
def try_out(work: Work) -> Work:
    """Run the visible tests on what was saved last; the trial before is forgotten.

    Raises OverError when the time is over, or the task was handed in.
    """
    require_open(work)
    before = work.trial
    work.trial = grading.try_out(work.task, work.files)
    Work.objects.filter(pk=work.pk).update(trial=work.trial)
    if before is not None:
        before.delete()
    return work


@transaction.atomic
def finish(sitting: Sitting) -> None:
    """Everything is handed in, or the candidate says that this is all. Once; a conversation ends otherwise.

    After the time nobody says that any more: what was saved last is handed in, whoever calls.
    """
    if sitting.is_shared:
        return
    by_the_clock = sitting.is_out_of_time and not sitting.has_ended
    if by_the_clock:
        _hand_in_what_was_saved(sitting)
    if sitting.redo_started_at is not None:
        _keep_what_was_there(sitting)
    is_first = Sitting.objects.filter(pk=sitting.pk, handed_in_at=None).update(handed_in_at=timezone.now())
    if is_first and sitting.application:
        who = "system" if by_the_clock else "candidate"
        if sitting.application.stage == Stage.WORKING:
            hiring.move(application=sitting.application, stage=Stage.SUBMITTED, as_=who)
        announce(Event.SITTING_HANDED_IN, sitting.application, sitting=str(sitting.pk), by=who)


def _keep_what_was_there(sitting: Sitting) -> None:
    """A redo of which nothing came takes nothing away: the former submission is the present one again."""
    untouched = sitting.works.filter(position=sitting.redo_of or 0, submission=None).first()
    before = untouched.former.first() if untouched else None
    if untouched is None or before is None:
        return
    # Whoever hands in at the same moment is quicker or later, and both submissions stay in their places.
    if Work.objects.filter(pk=untouched.pk, submission=None).update(submission=before.submission_id):
        before.delete()


def _hand_in_what_was_saved(sitting: Sitting) -> None:
    """Works that were changed and not handed in, unless the candidate had said that this was all.

    What is no submission of its task stays out, with all that was saved: nobody is there who could mend it.
    """
    if Sitting.objects.filter(pk=sitting.pk).exclude(handed_in_at=None).exists():
        return
    # The works before the sitting, as in `hand_in`: two that wait for each other would be a deadlock.
    open_ones = sitting.works.select_for_update().filter(submission=None).exclude(files={})
    if sitting.redo_started_at is not None:
        open_ones = open_ones.filter(position=sitting.redo_of or 0)
    for work in open_ones:
        with suppress(grading.RefusedError):
            _submit(work, sitting)


def end_by_the_clock(sitting_id: uuid.UUID) -> None:
    """Hand in for a candidate whose time is over; does nothing where it is not, or everything was handed in."""
    sitting = Sitting.objects.select_related("assessment", "application__job__team").get(pk=sitting_id)
    if sitting.is_out_of_time and sitting.handed_in_at is None and not sitting.has_ended:
        finish(sitting)


@transaction.atomic
def try_again(work: Work) -> Work:
    """In practice: work on after a report. The report stays where it is."""
    if not work.sitting.is_practice:
        raise OverError(_("This task was handed in."))
    Work.objects.filter(pk=work.pk).update(submission=None)
    Sitting.objects.filter(pk=work.sitting_id).update(handed_in_at=None)
    work.submission = None
    return work


@transaction.atomic
def pulse() -> timedelta:
    """Say that the platform lives. Where it was silent for longer than OUTAGE, the time is given back to everybody who
    sat at work meanwhile; how long that was. Three statements.

    Called by beat, through broker and worker: a gap means that one of them, the database or the machine was away.
    """
    now = timezone.now()
    last, _made = Pulse.objects.select_for_update().get_or_create(pk=1, defaults={"at": now})
    gap = now - last.at
    lost = gap if gap > OUTAGE else timedelta()
    if lost:
        at_work = Sitting.objects.filter(started_at__lt=last.at, handed_in_at=None, application__isnull=False)
        at_work.update(stopped=F("stopped") + lost)
    Pulse.objects.filter(pk=1).update(at=now)
    return lost
