"""The doors: the jobs that a system may send, and the orders that it gave; another team's are the same 404."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404

from djudge.web.ats.models import Order
from djudge.web.hiring import access as hiring
from djudge.web.hiring.models import Job
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May


def tests_for(membership: Membership) -> QuerySet[Job]:
    """Open jobs with an assessment, of those that the token's owner may see: each is a test. One statement."""
    found = hiring.jobs_for(membership).filter(state=Job.State.OPEN, assessment__isnull=False)
    return found.select_related("assessment").order_by("title", "id")


def test_for(membership: Membership, name: str) -> Job:
    """The job of which a test's id tells; else Http404. PermissionDenied for who may not invite. One statement."""
    return hiring.job_for(membership, _id(name), May.MANAGE_CANDIDATES)


def order_for(membership: Membership, name: str, system: str) -> Order:
    """An order by its id; else Http404. PermissionDenied for who may not invite. Two statements."""
    found = Order.objects.filter(pk=_id(name), system=system).first()
    if found is None:
        raise Http404
    found.application = hiring.application_for(membership, found.application_id, May.MANAGE_CANDIDATES)
    return found


def _id(name: str) -> uuid.UUID:
    try:
        return uuid.UUID(name)
    except ValueError as error:
        raise Http404 from error
