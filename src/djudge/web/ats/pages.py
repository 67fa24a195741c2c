"""Pages for owners: what other systems sent and were told, their complaints, and Ashby's key."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from djudge.web.ats import actions, selectors
from djudge.web.ats.forms import AshbyKeyForm
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May

#: So many are listed: the latest.
MOST_LISTED = 100


@require_safe
@member_view(May.MANAGE_TEAM)
def systems(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What was sent, in which state it is, and complaints. Three statements for any number."""
    context = {
        "orders": selectors.orders_of(membership)[:MOST_LISTED],
        "complaints": selectors.complaints_of(membership)[:MOST_LISTED],
        "has_ashby_key": selectors.has_ashby_key(membership),
        "site": settings.SITE_ADDRESS,
        "section": "team",
    }
    return render(request, "ats/systems.html", context)


@require_http_methods(["GET", "POST"])
@member_view(May.MANAGE_TEAM)
def ashby(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Enter the key by which Ashby is told, or remove it. It is never shown again."""
    form = AshbyKeyForm(request.POST or None)
    if form.is_valid():
        actions.enter_key(actor=membership.user, team=membership.team, key=form.cleaned_data["key"])
        messages.success(request, _("Ashby is told from now on.") if form.cleaned_data["key"] else _("It is removed."))
        return redirect("ats:systems")
    return render(request, "ats/ashby.html", {"form": form, "section": "team"}, status=422 if form.errors else 200)
