"""Reading endpoints and their log."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from djudge.web.common.paging import Order
from djudge.web.organizations.models import Team
from djudge.web.webhooks.models import Delivery, Endpoint

NEWEST: Final = Order(("created_at", "id"), descending=True)


def endpoints_of(team: Team) -> QuerySet[Endpoint]:
    """The team's endpoints, the oldest first, each with how much waits for it. One statement."""
    waiting = Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING))
    return team.webhook_endpoints.annotate(waiting=waiting).order_by("created_at")


def log_of(endpoint: Endpoint) -> QuerySet[Delivery]:
    """What was told to an endpoint. One statement for a page of it."""
    return Delivery.objects.filter(endpoint=endpoint).defer("body")


def has_missed(endpoint: Endpoint) -> bool:
    """Whether something was given up that could be sent again. One statement."""
    return endpoint.deliveries.filter(state=Delivery.State.GIVEN_UP, erased_at=None).exclude(event="ping").exists()


def told_about(team: Team, applications: list[uuid.UUID]) -> list[dict[str, Any]]:
    """Which systems were told what about these applications, for a copy of somebody's data. One statement.

    Of addresses the host alone: their paths are secrets of the team.
    """
    told = Delivery.objects.filter(endpoint__team=team, about__in=applications).select_related("endpoint")
    return [
        {"told": each.created_at, "to": each.endpoint.host, "event": each.event, "body": each.body, "state": each.state}
        for each in told.order_by("created_at")
    ]
