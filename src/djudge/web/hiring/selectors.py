"""Reading jobs and applications."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from djudge.web.hiring.access import jobs_for
from djudge.web.hiring.models import ENDED, Application, Job, Stage
from djudge.web.hiring.steps import Step, steps_of
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May


def job_list(membership: Membership) -> QuerySet[Job]:
    """Jobs with how many are in them, and how many wait for an answer that is late. One statement."""
    waiting = ~Q(applications__stage__in=ENDED)
    counted = jobs_for(membership).annotate(
        candidates=Count("applications", distinct=True),
        waiting=Count("applications", filter=waiting, distinct=True),
        overdue=Count("applications", filter=waiting & Q(applications__reply_by__lt=date.today()), distinct=True),  # noqa: DTZ011
    )
    return counted.order_by("-created_at")


def applications_of(job: Job, *, stage: str = "", lane: str = "", text: str = "") -> QuerySet[Application]:
    """The job's applications, those that wait longest for us first, filtered. One statement for a page of them."""
    found = job.applications.select_related("candidate").annotate(rated=Max("notes__rating"))
    if stage:
        found = found.filter(stage=stage)
    if lane:
        found = found.filter(lane=lane)
    if text:
        found = found.filter(Q(candidate__name__icontains=text) | Q(candidate__email__icontains=text))
    return found.order_by("reply_by", "-created_at")


def columns(applications: Iterable[Application], allowed: frozenset[May]) -> list[dict[str, Any]]:
    """The board: every stage that somebody is in, and those that everybody passes, in order; each card with where it
    can go from there."""
    every: dict[str, list[tuple[Application, list[Step]]]] = {stage: [] for stage in Stage.values}
    for application in applications:
        every[application.stage].append((application, steps_of(application, allowed)))
    always = (Stage.APPLIED, Stage.INVITED, Stage.SUBMITTED, Stage.INTERVIEW, Stage.OFFER)
    return [{"stage": Stage(stage), "cards": found} for stage, found in every.items() if found or stage in always]
