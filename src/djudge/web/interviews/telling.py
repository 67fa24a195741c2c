"""Who is told of an interview: by mail, with a calendar file where there is a time.

Listeners get all of it. The candidate is told of interviews with a time, what they are about and where; who listens
only where whoever planned it wants that, and never what will be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l

from djudge.web.accounts.models import User
from djudge.web.hiring.access import token_of
from djudge.web.hiring.actions import tell
from djudge.web.interviews import calendars
from djudge.web.interviews.models import Interview
from djudge.web.mail import actions as mail

PLANNED: Final = "planned"
MOVED: Final = "moved"
CANCELLED: Final = "cancelled"
OFF: Final = "off"

_TO_LISTENERS: Final[Mapping[str, object]] = {
    PLANNED: _l("You listen: interview with %(name)s"),
    MOVED: _l("Moved: interview with %(name)s"),
    CANCELLED: _l("Cancelled: interview with %(name)s"),
    OFF: _l("You need not listen: interview with %(name)s"),
}
_TO_CANDIDATES: Final[Mapping[str, object]] = {
    PLANNED: _l("Your interview: %(job)s"),
    MOVED: _l("Your interview has moved: %(job)s"),
    CANCELLED: _l("Your interview is cancelled: %(job)s"),
}


def listeners_of(interview: Interview) -> list[User]:
    """Everybody with a scorecard who is still there. One statement."""
    return list(User.objects.filter(pk__in=interview.scorecards.values("rater")).order_by("name", "pk"))


def tell_listeners(interview: Interview, what: str, listeners: Iterable[User], actor: User) -> None:
    """A mail to each; who did it themselves knows, and gets one for their calendar alone. One statement each."""
    application = interview.application
    context = {
        "interview": interview,
        "application": application,
        "what": what,
        "kit": settings.SITE_ADDRESS + reverse("debriefs:kit", args=[interview.pk]),
    }
    body = render_to_string("interviews/mail/listener.txt", context)
    for user in listeners:
        if user.pk == actor.pk and not interview.at:
            continue
        mail.write(
            to=user.email,
            subject=str(_TO_LISTENERS[what]) % {"name": application.candidate.name},
            body=body,
            team=application.job.team_id,
            about=application.pk,
            calendar=calendars.for_listener(interview, user.email, is_off=what == OFF) if interview.at else "",
        )


def tell_candidate(interview: Interview, what: str, listeners: Iterable[User]) -> None:
    """A mail to the candidate, where there is a time that is not over. One statement."""
    if interview.at is None or interview.at <= timezone.now():
        return
    page = settings.SITE_ADDRESS + reverse("workspace:status", args=[token_of(interview.application)])
    tell(
        interview.application,
        str(_TO_CANDIDATES[what]),
        "interviews/mail/candidate.txt",
        calendar=calendars.for_candidate(interview, page),
        interview=interview,
        what=what,
        names=[str(user) for user in listeners] if interview.names_listeners else [],
    )
