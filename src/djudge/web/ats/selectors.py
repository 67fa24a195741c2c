"""Reading what systems ordered and complained of."""

from __future__ import annotations

from django.db.models import QuerySet

from djudge.web.ats.models import AshbyKey, Complaint, Order
from djudge.web.organizations.models import Membership


def orders_of(membership: Membership) -> QuerySet[Order]:
    """The team's, the newest first, with whom they are about. One statement."""
    found = Order.objects.filter(application__job__team=membership.team_id)
    return found.select_related("application__job", "application__candidate").order_by("-id")


def complaints_of(membership: Membership) -> QuerySet[Complaint]:
    """The team's, the newest first. One statement."""
    return Complaint.objects.filter(team=membership.team_id).order_by("-created_at")


def has_ashby_key(membership: Membership) -> bool:
    """Whether Ashby can be told. One statement."""
    return AshbyKey.objects.filter(team=membership.team_id).exists()
