"""What every page knows of the team."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from djudge.web.organizations.access import membership_of
from djudge.web.organizations.permissions import allowed_to, by_name


def team(request: HttpRequest) -> dict[str, Any]:
    """The membership, asked for only where a template shows it, and what it may do by the names of `May`."""

    def may() -> dict[str, bool]:
        membership = membership_of(request)
        return by_name(allowed_to(membership.role)) if membership else {}

    return {"membership": SimpleLazyObject(lambda: membership_of(request)), "may": SimpleLazyObject(may)}
