"""An interview as an iCalendar file (RFC 5545 and 5546), for who listens and for the candidate."""

from __future__ import annotations

from datetime import UTC
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from djudge.web.interviews.models import Interview

#: What the file is served as.
KIND: Final = "text/calendar; charset=utf-8"


def for_listener(interview: Interview, email: str, *, is_off: bool = False) -> str:
    """For one of the team: with the candidate's name, and the way to the kit; `is_off` takes it out of their calendar.
    No statement where application, job, candidate and who planned are there."""
    application = interview.application
    link = settings.SITE_ADDRESS + reverse("debriefs:kit", args=[interview.pk])
    says = {"kit": interview.get_kit_display(), "name": application.candidate.name}
    is_off = is_off or interview.cancelled_at is not None
    event = _event(interview, _("%(kit)s: %(name)s") % says, f"{application.job.title}\n{link}", is_off)
    organizer = interview.planned_by.email if interview.planned_by else settings.DEFAULT_FROM_EMAIL
    event["organizer"] = _address(organizer)
    event.add("attendee", _address(email), encode=False)
    return _whole(event, is_off)


def for_candidate(interview: Interview, link: str) -> str:
    """For the candidate: what it is, where, and the way to their page. Nobody of the team is in it."""
    application = interview.application
    says = {"job": application.job.title, "team": application.job.team.name}
    is_off = interview.cancelled_at is not None
    event = _event(interview, _("Interview: %(job)s, %(team)s") % says, link, is_off)
    organizer = _address(settings.DEFAULT_FROM_EMAIL)
    organizer.params["cn"] = vText(application.job.team.name)
    event["organizer"] = organizer
    event.add("attendee", _address(application.candidate.email), encode=False)
    return _whole(event, is_off)


def _event(interview: Interview, summary: str, description: str, is_off: bool) -> Event:
    """The same UID for ever, and a higher SEQUENCE with each change: a calendar moves what it has."""
    assert interview.at is not None
    assert interview.ends_at is not None
    event = Event()
    event.add("uid", f"{interview.pk}@{urlsplit(settings.SITE_ADDRESS).hostname}")
    event.add("sequence", interview.sequence)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", interview.at.astimezone(UTC))
    event.add("dtend", interview.ends_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("description", description)
    if interview.place:
        event.add("location", interview.place)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    return event


def _address(email: str) -> vCalAddress:
    return vCalAddress(f"mailto:{email}")


def _whole(event: Event, is_off: bool) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Djudge//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "REQUEST")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())
