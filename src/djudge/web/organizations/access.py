"""The one door to teams: who is acting here, and may they?"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from djudge.web.accounts import second_factor
from djudge.web.accounts.models import User
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May, allows

#: In the session: the membership that somebody looks with.
CURRENT = "membership"


def membership_of(request: HttpRequest) -> Membership | None:
    """With which membership somebody looks: the one that they chose, else their first. One statement a request."""
    if not isinstance(request.user, User):
        return None
    if not hasattr(request, "_membership"):
        request._membership = _chosen(request, request.user)  # type: ignore[attr-defined]
    found: Membership | None = request._membership  # type: ignore[attr-defined]
    return found


def _chosen(request: HttpRequest, user: User) -> Membership | None:
    memberships = user.memberships.select_related("team")
    every = list(memberships.annotate(has_second_factor=second_factor.held_by("user")))
    for one in every:
        one.user = user
    chosen = request.session.get(CURRENT)
    return next((one for one in every if str(one.pk) == chosen), every[0] if every else None)


def choose(request: HttpRequest, membership_id: uuid.UUID) -> Membership:
    """Look with another of one's own memberships from now on; 404 for anybody else's."""
    if not isinstance(request.user, User):
        raise Http404
    found = request.user.memberships.select_related("team").filter(pk=membership_id).first()
    if found is None:
        raise Http404
    request.session[CURRENT] = str(found.pk)
    return found


def require(membership: Membership, what: May) -> None:
    """PermissionDenied, in a sentence, where the role does not allow it."""
    if not allows(membership.role, what):
        raise PermissionDenied(_("As %(role)s you can't do this.") % {"role": membership.get_role_display()})


def lacks_second_factor(membership: Membership) -> bool:
    """Whether the team asks for two-factor sign-in that the person lacks. `membership_of` asked already."""
    return membership.team.requires_totp and not getattr(membership, "has_second_factor", False)


type MemberView[**P] = Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase]


def member_view[**P](
    what: May | None = None,
) -> Callable[[MemberView[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """A view for members of a team: it is given the membership, and refuses roles that may not do `what`.

    People without a team are led to the page where they make one; those who lack the second factor that their team asks
    for, to the page that says so.
    """

    def decorate(view: MemberView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            membership = membership_of(request)
            if membership is None:
                return redirect("organizations:no-team")
            if lacks_second_factor(membership):
                return redirect("organizations:second-factor")
            if what is not None:
                require(membership, what)
            return view(request, membership, *args, **kwargs)

        return guarded

    return decorate
