"""Reading readings."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from djudge.web.common.paging import Order
from djudge.web.hiring.access import applications_for
from djudge.web.hiring.models import OPEN, Application
from djudge.web.organizations.models import Membership
from djudge.web.resumes.models import Answer, Correction, Reading, State

NEWEST: Final = Order(("created_at", "id"), descending=True)

#: A run that took a reading so long ago is dead: a living one has ended by then.
SILENCE: Final = timedelta(seconds=150)

#: The job that came with a file has so long to arrive by itself.
_ARRIVES: Final = timedelta(seconds=20)


def reading_of(application: Application) -> Reading | None:
    """The latest reading of the file that the application has now; None before anybody began. One statement."""
    if not application.resume:
        return None
    found = Reading.objects.filter(application=application, file=application.resume.name)
    return found.order_by("-created_at", "-pk").first()


def correction_of(reading: Reading) -> Correction | None:
    """The candidate's latest words on this file, whichever reading of it they corrected. One statement."""
    found = Correction.objects.filter(reading__application=reading.application_id, reading__file=reading.file)
    return found.order_by("-created_at", "-pk").first()


def answers_of(reading: Reading) -> dict[str, Answer]:
    """The latest answer of each signal about this file. One statement."""
    given = Answer.objects.filter(reading__application=reading.application_id, reading__file=reading.file)
    latest = given.select_related("by").order_by("signal", "-created_at", "-pk").distinct("signal")
    return {answer.signal: answer for answer in latest}


def readings_for(membership: Membership) -> QuerySet[Reading]:
    """Readings of present files that somebody may see, with what could not be read, and no text. One statement for a
    page of them."""
    newer = Reading.objects.filter(
        application=OuterRef("application"), file=OuterRef("file"), created_at__gt=OuterRef("created_at")
    )
    corrected = Correction.objects.filter(reading__application=OuterRef("application"), reading__file=OuterRef("file"))
    found = Reading.objects.filter(application__in=applications_for(membership), file=F("application__resume"))
    return (
        found.filter(~Exists(newer))
        .select_related("application__candidate", "application__job")
        .annotate(gaps=KeyTransform("gaps", "content"), is_corrected=Exists(corrected))
        .defer("content")
    )


def without_reading() -> Sequence[Application]:
    """Open applications whose file nobody has begun to read, at most 200. One statement."""
    begun = Reading.objects.filter(application=OuterRef("pk"), file=OuterRef("resume"))
    found = Application.objects.filter(~Exists(begun), stage__in=OPEN).exclude(resume="")
    return list(found.order_by("pk")[:200])


def left_behind() -> list[uuid.UUID]:
    """Readings whose job was lost, and those whose run fell silent, at most 200. One statement."""
    now = timezone.now()
    lost = Q(state=State.WAITING, created_at__lt=now - _ARRIVES)
    silent = Q(state=State.READING, alive_at__lt=now - SILENCE)
    found = Reading.objects.filter(lost | silent).order_by("created_at")
    return list(found.values_list("pk", flat=True)[:200])
