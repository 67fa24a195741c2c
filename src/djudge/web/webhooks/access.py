"""The one door to endpoints and their log: owners alone; absent and another team's are the same 404."""

from __future__ import annotations

import uuid

from django.http import Http404

from djudge.web.organizations.access import require
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May
from djudge.web.webhooks.models import Delivery, Endpoint


def endpoint_for(membership: Membership, endpoint_id: uuid.UUID) -> Endpoint:
    """One of the team's, with the team; else Http404. PermissionDenied for who is no owner. One statement."""
    require(membership, May.MANAGE_TEAM)
    found = Endpoint.objects.select_related("team").filter(team=membership.team_id, pk=endpoint_id).first()
    if found is None:
        raise Http404
    return found


def delivery_for(membership: Membership, delivery_id: uuid.UUID) -> Delivery:
    """One of the team's log, with its endpoint; else Http404. PermissionDenied for who is no owner. One statement."""
    require(membership, May.MANAGE_TEAM)
    of_the_team = Delivery.objects.select_related("endpoint__team").filter(endpoint__team=membership.team_id)
    found = of_the_team.filter(pk=delivery_id).first()
    if found is None:
        raise Http404
    return found
