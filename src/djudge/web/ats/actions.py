"""What systems order, cancel and complain of, and what owners do about a key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.assessments.models import Lane
from djudge.web.ats import sealing
from djudge.web.ats.models import KEPT, AshbyKey, Complaint, Order, System, Told
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.actions import NotYetError
from djudge.web.hiring.models import ENDED, Application, Job
from djudge.web.organizations import audit
from djudge.web.organizations.models import Membership, Team
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Sitting

#: So much of a complaint is kept.
MOST_TEXT: Final = 2000


@transaction.atomic
def send(*, actor: User, job: Job, system: System, name: str, email: str, callback: str = "", key: str = "") -> Order:
    """Enter somebody and invite them, as on the pages, with one mail: the invitation. Sending twice is sending once.

    Where the system names another place to be told at, or nothing more was told, the same order is open again. Raises
    NotYetError where the job is closed, asks for nothing, or the application has ended. About thirty statements.
    """
    if job.state != Job.State.OPEN:
        raise NotYetError(_("This job is not open."))
    application = hiring.apply(job=job, name=name, email=email, lane=Lane.DJANGO_READY, by=actor, tells=False)
    # Of two requests at the same moment the second one finds the sitting of the first, and sends no second mail.
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    found = Order.objects.filter(application=application, system=system).first()
    if found is None and application.stage in ENDED:
        raise NotYetError(_("This application has ended."))
    if not Sitting.objects.filter(application=application).exists():
        workspace.invite(actor=actor, application=application)
    order = found or Order(application=application, system=system)
    if found is None or found.callback != callback or found.ended_at is not None:
        _open(order, callback, key)
        audit.note(job.team, "sent the assessment from another system", application, actor=actor, system=system)
    elif key:
        # Theirs may have been renewed since.
        Order.objects.filter(pk=found.pk).update(key=sealing.sealed(key))
    return order


def _open(order: Order, callback: str, key: str) -> None:
    order.callback, order.key = callback, sealing.sealed(key) if key else ""
    order.told, order.attempts, order.trouble = Told.NOTHING, 0, ""
    order.next_try_at, order.ended_at, order.cancelled_at = timezone.now(), None, None
    order.save()


@transaction.atomic
def cancel(*, actor: User, order: Order) -> None:
    """Nothing more is told; the candidate's link works on, and people read in a note what to decide.

    To withdraw is the candidate's, to reject needs a person and words: a system can do neither.
    """
    now = timezone.now()
    if not Order.objects.filter(pk=order.pk, cancelled_at=None).update(cancelled_at=now, ended_at=now, key=""):
        return
    told = _(
        "%(system)s cancelled this assessment. The candidate has not been told, and their link still works: please "
        "decide and write to them."
    )  # fmt: skip
    application = order.application
    hiring.add_note(
        actor=actor, application=application, text=told % {"system": order.get_system_display()}, rating=None
    )
    audit.note(
        application.job.team, "cancelled the assessment from another system", application, actor=actor,
        system=order.system,
    )  # fmt: skip


def complain(*, membership: Membership, system: System, about: str, texts: Iterable[str], order: Order | None) -> None:
    """Keep what a system did not like, for the owners. One statement."""
    text = "\n".join(texts)[:MOST_TEXT]
    Complaint.objects.create(team=membership.team, system=system, about=about, text=text, order=order)


@transaction.atomic
def enter_key(*, actor: User, team: Team, key: str) -> None:
    """This key from now on; none where it is empty."""
    if key:
        AshbyKey.objects.update_or_create(team=team, defaults={"key": sealing.sealed(key), "by": actor})
        audit.note(team, "entered the key of Ashby", team, actor=actor)
    elif AshbyKey.objects.filter(team=team).delete()[0]:
        audit.note(team, "removed the key of Ashby", team, actor=actor)


def forget_old() -> int:
    """Remove complaints of long ago; how many. One statement."""
    return Complaint.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
