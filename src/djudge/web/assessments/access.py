"""The one door to assessments."""

from __future__ import annotations

import uuid

from django.http import Http404

from djudge.web.assessments.models import Assessment
from djudge.web.organizations.models import Membership


def assessment_for(membership: Membership, assessment_id: uuid.UUID) -> Assessment:
    """One of the team's, put away or not; else Http404. One statement."""
    found = Assessment.objects.select_related("team").filter(team=membership.team_id, pk=assessment_id).first()
    if found is None:
        raise Http404
    return found
