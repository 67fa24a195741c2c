"""Reading sittings with what came of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Prefetch, QuerySet

from djudge.web.grading import reports
from djudge.web.grading.models import Result, Submission
from djudge.web.hiring.models import ENDED, Application
from djudge.web.workspace.models import Sitting, Work


def works_of(sitting: Sitting) -> QuerySet[Work]:
    """The tasks of a sitting with state and headline, without a report's document. One statement."""
    found = sitting.works.select_related("submission__result").defer(
        "submission__result__document", "submission__files"
    )
    return found.order_by("position")


def sitting_of(application: Application) -> Sitting | None:
    """Somebody's sitting, if they were invited. One statement."""
    found = Sitting.objects.select_related("assessment").filter(application=application).first()
    if found is not None:
        found.application = application
    return found


def out_of_time() -> list[uuid.UUID]:
    """Sittings whose time is over and that nobody has handed in. One statement over those who sit at work."""
    at_work = Sitting.objects.filter(started_at__isnull=False, handed_in_at=None, application__isnull=False)
    found = at_work.exclude(application__stage__in=ENDED).select_related("assessment", "application")
    return [sitting.pk for sitting in found if sitting.is_out_of_time]


def placed(sitting: Sitting) -> Any:
    """Where the results so far place somebody, as the engine's assessment report; None without any.

    Two statements and some milliseconds: it reads the documents.
    """
    submissions = Submission.objects.filter(work__sitting=sitting).prefetch_related(
        Prefetch("result", Result.objects.all())
    )
    results = [each.result for each in submissions if hasattr(each, "result")]
    if sitting.assessment is None:
        return None
    return reports.level_of(sitting.assessment.title, sitting.assessment.lane, sitting.assessment.tasks, results)
