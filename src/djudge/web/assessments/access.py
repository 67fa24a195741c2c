"""The one door to assessments."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404

from djudge.web.assessments.models import Assessment
from djudge.web.organizations.models import Membership


def offered(team: uuid.UUID, lane: str) -> QuerySet[Assessment]:
    """What a job of the team can use for a lane. No statement yet."""
    return Assessment.objects.filter(team=team, lane=lane, archived_at=None)


def assessment_for(membership: Membership, assessment_id: uuid.UUID, *, offered_in: str = "") -> Assessment:
    """One of the team's, put away or not; else Http404. With `offered_in` one that a job can use for this lane.

    One statement.
    """
    every = Assessment.objects.filter(team=membership.team_id)
    usable = offered(membership.team_id, offered_in) if offered_in else every
    found = usable.select_related("team").filter(pk=assessment_id).first()
    if found is None:
        raise Http404
    return found
