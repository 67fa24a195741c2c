"""One button that takes the sample team away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from djudge.web.accounts.models import User
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May
from djudge.web.samples import actions


@require_POST
@member_view(May.MANAGE_TEAM)
def remove(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Everything of the sample team; whoever belonged to no other team is signed out."""
    if not membership.team.is_sample:
        raise Http404
    actions.remove()
    if not User.objects.filter(pk=membership.user_id).exists():
        logout(request)
    messages.success(request, _("The sample data are gone."))
    return redirect("home")
