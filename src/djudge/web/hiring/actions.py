"""Writes: each in one transaction with its audit entry, and with the mails that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.accounts.models import User
from djudge.web.hiring.access import token_of
from djudge.web.hiring.announcing import announce
from djudge.web.hiring.models import (
    ENDED,
    Application,
    Candidate,
    Decision,
    EvidenceView,
    Job,
    JobMember,
    Note,
    Stage,
    StageChange,
)
from djudge.web.mail import actions as mail
from djudge.web.organizations import audit
from djudge.web.organizations.models import Team
from djudge.web.webhooks.models import Event


class NotYetError(Exception):
    """Something else has to happen before; the message says what."""


class NoReasonError(ValueError):
    """A job asks for another level than the guide's minimum, and nobody said why; the message says so."""

    field = "bar_reason"


NO_REASON: Final = _l("Please say why: the guide's minimum is level 2.")


def lacks_reason(level: int, reason: str) -> bool:
    """Whether a reason is missing for this level. Pure."""
    return level != Job.MINIMUM and not reason.strip()


@transaction.atomic
def create_job(*, actor: User, team: Team, fields: dict[str, Any]) -> Job:
    """A new opening. Raises NoReasonError."""
    if lacks_reason(fields.get("level_bar", Job.MINIMUM), fields.get("bar_reason", "")):
        raise NoReasonError(str(NO_REASON))
    job = Job.objects.create(team=team, **fields)
    audit.note(team, "created the job", job, actor=actor, level=job.level_bar)
    return job


@transaction.atomic
def change_job(*, actor: User, job: Job, fields: dict[str, Any]) -> Job:
    """Changed fields of an opening; what was before stands in the audit log. Raises NoReasonError."""
    if lacks_reason(fields.get("level_bar", job.level_bar), fields.get("bar_reason", job.bar_reason)):
        raise NoReasonError(str(NO_REASON))
    before = {name: str(getattr(job, name)) for name, value in fields.items() if getattr(job, name) != value}
    for name, value in fields.items():
        setattr(job, name, value)
    job.save(update_fields=list(fields))
    audit.note(job.team, "changed the job", job, actor=actor, before=before)
    return job


@transaction.atomic
def name_members(*, actor: User, job: Job, roles: Mapping[User, str]) -> None:
    """Exactly these people work on the job from now on, each as this. Five statements."""
    job.members.exclude(user__in=roles).delete()
    JobMember.objects.bulk_create(
        [JobMember(job=job, user=user, role=role) for user, role in roles.items()],
        update_conflicts=True,
        unique_fields=["job", "user"],
        update_fields=["role"],
    )
    people = {user.email: str(role) for user, role in roles.items()}
    audit.note(job.team, "named who works on", job, actor=actor, people=people)


@transaction.atomic
def apply(
    *,
    job: Job,
    name: str,
    email: str,
    lane: str,
    resume: UploadedFile[Any] | None = None,
    by: User | None = None,
    tells: bool = True,
) -> Application:
    """Somebody applies, or is entered by the team; whoever applied already gets their application back, unchanged.

    A mail with the link to their status page goes to the candidate in both cases, so that the form tells nobody who
    has applied; a colleague who enters them may know, and leave it out.
    """
    candidate, _made = Candidate.objects.get_or_create(
        team_id=job.team_id, email=email.lower(), defaults={"name": name}
    )
    application, is_new = Application.objects.get_or_create(
        job=job,
        candidate=candidate,
        defaults={
            "lane": lane,
            "reply_by": _promise(job),
            "resume": resume or "",
            "resume_name": resume.name[:200] if resume and resume.name else "",
        },
    )
    if is_new:
        StageChange.objects.create(application=application, after=application.stage, at=application.stage_since, by=by)
        audit.note(job.team, "applied", application, actor=by, as_="" if by else "candidate", lane=lane)
        announce(Event.APPLICATION_MADE, application, stage=application.stage, lane=application.lane)
    if tells:
        tell(application, _("Your application: %(job)s"), "hiring/mail/applied.txt")
    return application


@transaction.atomic
def replace_resume(*, application: Application, resume: UploadedFile[Any]) -> None:
    """The candidate sends a file in the place of the one that they sent before, or the first one. The former one goes
    after the commit. Four statements."""
    before = str(application.resume.name) if application.resume else ""
    application.resume, application.resume_name = resume, (resume.name or "")[:200]
    application.save(update_fields=["resume", "resume_name"])
    verb = "replaced the résumé" if before else "added a résumé"
    audit.note(application.job.team, verb, application, as_="candidate")
    if before:
        transaction.on_commit(partial(default_storage.delete, before), robust=True)


def _promise(job: Job) -> date:
    return timezone.localdate() + timedelta(days=job.reply_days)


def tell(application: Application, subject: str, template: str, *, calendar: str = "", **context: Any) -> None:
    """Write a mail to the candidate, with the link to their page."""
    link = settings.SITE_ADDRESS + reverse("workspace:status", args=[token_of(application)])
    body = render_to_string(template, {"application": application, "job": application.job, "link": link, **context})
    mail.write(
        to=application.candidate.email,
        subject=subject % {"job": application.job.title},
        body=body,
        team=application.job.team_id,
        about=application.pk,
        calendar=calendar,
    )


@transaction.atomic
def move(*, application: Application, stage: Stage, actor: User | None = None, as_: str = "") -> Application:
    """Into another stage; the promise is renewed, because somebody was just dealt with."""
    before = application.stage
    if before == stage:
        return application
    promised, application.stage, application.stage_since = application.reply_by, stage, timezone.now()
    StageChange.objects.create(
        application=application, before=before, after=stage, at=application.stage_since, by=actor, promised_for=promised
    )
    if stage not in ENDED:
        application.reply_by = _promise(application.job)
    application.save(update_fields=["stage", "stage_since", "reply_by"])
    audit.note(application.job.team, "moved", application, actor=actor, as_=as_, before=before, after=str(stage))
    announce(Event.STAGE_CHANGED, application, before=str(before), after=str(stage))
    return application


@transaction.atomic
def add_note(*, actor: User, application: Application, text: str, rating: int | None) -> Note:
    """A note, with a rating where somebody gives one."""
    note = Note.objects.create(application=application, author=actor, text=text, rating=rating)
    audit.note(application.job.team, "wrote a note on", application, actor=actor)
    return note


@transaction.atomic
def give_extra_time(*, actor: User, application: Application, factor: Decimal) -> None:
    """Every deadline of the application follows from now on, one that runs already too."""
    before, application.extra_time = application.extra_time, factor
    application.save(update_fields=["extra_time"])
    audit.note(
        application.job.team, "gave extra time to", application, actor=actor, before=str(before), after=str(factor)
    )


@transaction.atomic
def open_evidence(*, actor: User, application: Application) -> None:
    """Somebody looked at the evidence. Once an hour is enough to be written down."""
    recent = timezone.now() - timedelta(hours=1)
    if not application.evidence_views.filter(user=actor, created_at__gt=recent).exists():
        EvidenceView.objects.create(application=application, user=actor)
        audit.note(application.job.team, "opened the evidence of", application, actor=actor)


#: Where a decision leads.
LEADS_TO = {
    Decision.Outcome.ADVANCE: Stage.INTERVIEW,
    Decision.Outcome.OFFER: Stage.OFFER,
    Decision.Outcome.HIRE: Stage.HIRED,
    Decision.Outcome.REJECT: Stage.REJECTED,
}


@transaction.atomic
def decide(*, actor: User, application: Application, outcome: str, reason: str, message: str) -> Decision:
    """A person's decision with their reason, and the candidate's answer with it.

    Raises NotYetError where there is evidence that the person never opened, and for a rejection without a message.
    """
    handed_in = application.stage in (Stage.SUBMITTED, Stage.INTERVIEW, Stage.OFFER)
    if handed_in and not application.evidence_views.filter(user=actor).exists():
        raise NotYetError(_("Please open the evidence first: you decide about somebody's work."))
    if outcome == Decision.Outcome.REJECT and not message.strip():
        raise NotYetError(_("Nobody is rejected without a word: please write to them."))
    decision = Decision.objects.create(
        application=application, outcome=outcome, reason=reason, message=message, by=actor
    )
    move(application=application, stage=LEADS_TO[Decision.Outcome(outcome)], actor=actor)
    audit.note(
        application.job.team, f"decided: {decision.get_outcome_display()}", application, actor=actor, reason=reason
    )
    announce(Event.DECISION_MADE, application, decision=str(decision.pk), outcome=str(outcome))
    if message.strip():
        tell(application, _("About your application: %(job)s"), "hiring/mail/decided.txt", message=message)
    return decision


@transaction.atomic
def withdraw(*, application: Application) -> None:
    """The candidate takes their application back."""
    if application.stage not in ENDED:
        move(application=application, stage=Stage.WITHDRAWN, as_="candidate")
