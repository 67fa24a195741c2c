"""Pages about the team and about joining one."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.accounts.models import User
from djudge.web.accounts.second_factor import held_by
from djudge.web.mail import selectors as mails
from djudge.web.organizations import access, actions, audit
from djudge.web.organizations.access import member_view
from djudge.web.organizations.forms import InvitationForm, JoinForm, TeamForm
from djudge.web.organizations.models import Membership, Role
from djudge.web.organizations.permissions import ALLOWED, May

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "POST"])
@member_view()
def team(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Who belongs to the team; owners ask others in."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST":
        access.require(membership, May.MANAGE_TEAM)
        if form.is_valid() and _invited(request, membership, form):
            return redirect("organizations:team")
    context = {
        "form": form,
        "members": membership.team.memberships.select_related("user").annotate(has_totp=held_by("user")),
        "invitations": membership.team.invitations.filter(accepted_at=None, withdrawn_at=None),
        "roles": Role.choices,
        "table": [(what.value, [what in ALLOWED[role] for role in Role]) for what in May],
        "section": "team",
    }
    return render(request, "organizations/team.html", context, status=422 if form.errors else 200)


def _invited(request: HttpRequest, membership: Membership, form: InvitationForm) -> bool:
    try:
        actions.invite_member(actor=membership.user, team=membership.team, **form.cleaned_data)
    except actions.AlreadyThereError as error:
        form.add_error("email", str(error))
        return False
    messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
    return True


@require_POST
@member_view(May.MANAGE_TEAM)
def change_member(request: HttpRequest, membership: Membership, member_id: uuid.UUID) -> HttpResponse:
    """Another role for somebody, or out of the team."""
    member = get_object_or_404(membership.team.memberships.select_related("team", "user"), pk=member_id)
    role = request.POST.get("role", "")
    try:
        if "remove" in request.POST:
            actions.remove_member(actor=membership.user, membership=member)
        elif role in Role:
            actions.change_role(actor=membership.user, membership=member, role=role)
    except actions.LastOwnerError as error:
        messages.error(request, str(error))
    return redirect("organizations:team")


@require_POST
@member_view(May.MANAGE_TEAM)
def withdraw(request: HttpRequest, membership: Membership, invitation_id: uuid.UUID) -> HttpResponse:
    """An invitation no longer works."""
    invitation = get_object_or_404(membership.team.invitations.select_related("team"), pk=invitation_id)
    actions.withdraw_invitation(actor=membership.user, invitation=invitation)
    return redirect("organizations:team")


@require_POST
@member_view(May.MANAGE_TEAM)
def require_totp(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every member needs two-factor sign-in, or may do without."""
    try:
        actions.require_totp(actor=membership.user, team=membership.team, required="required" in request.POST)
    except actions.NotSetUpError as error:
        messages.error(request, str(error))
    return redirect("organizations:team")


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where somebody is led whose team asks for two-factor sign-in, until they have it."""
    membership = access.membership_of(request)
    if membership is None or not access.lacks_second_factor(membership):
        return redirect("home")
    return render(request, "organizations/second_factor.html")


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """With which team somebody looks who is in several."""
    if request.method == "POST":
        try:
            access.choose(request, uuid.UUID(request.POST.get("membership", "")))
        except ValueError:
            messages.error(request, _("Please choose a team."))
        return redirect("home")
    assert isinstance(request.user, User)
    memberships = request.user.memberships.select_related("team")
    return render(request, "organizations/choose.html", {"memberships": memberships})


@require_http_methods(["GET", "POST"])
def no_team(request: HttpRequest) -> HttpResponse:
    """Somebody without a team makes one."""
    assert isinstance(request.user, User)
    form = TeamForm(request.POST or None)
    if form.is_valid():
        made = actions.register_team(owner=request.user, name=form.cleaned_data["name"])
        request.session[access.CURRENT] = str(made.pk)
        return redirect("home")
    return render(request, "organizations/no_team.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody follows the link of an invitation: signed in, or with an account to be made."""
    invitation = actions.invitation_by(token)
    if invitation is None or not invitation.is_open:
        return render(request, "organizations/gone.html", status=410)
    known = User.objects.filter(email=invitation.email).first()
    if known and request.user != known:
        return redirect(f"/accounts/login/?next={request.path}")
    form = JoinForm(request.POST or None)
    if request.method == "POST" and (known or form.is_valid()):
        try:
            membership = actions.join(invitation=invitation, user=known, **form.cleaned_data if known is None else {})
        except actions.AlreadyThereError:
            return render(request, "organizations/gone.html", status=410)
        if known is None:
            login(request, membership.user, backend=_BACKEND)
        request.session[access.CURRENT] = str(membership.pk)
        return redirect("home")
    context = {"invitation": invitation, "form": form, "known": known}
    return render(request, "organizations/join.html", context, status=422 if form.errors else 200)


@require_safe
@member_view(May.MANAGE_TEAM)
def outbox(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's mails: what was written to whom, and whether it was delivered. One statement for any number."""
    page = mails.NEWEST.page(mails.of_team(membership.team_id), request.GET)
    context = {"page": page, "is_delivered": settings.MAIL_IS_DELIVERED, "section": "team"}
    return render(request, "organizations/outbox.html", context)


@require_safe
@member_view(May.READ_AUDIT)
def audit_log(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Who did what. One statement for any number, and one that reads all where somebody asks for the seals."""
    page = audit.LATEST.page(audit.events_of(membership.team), request.GET)
    context: dict[str, Any] = {"page": page, "section": "team"}
    if "check" in request.GET:
        context |= {"was_checked": True, "broken": audit.first_broken(membership.team)}
    return render(request, "organizations/audit.html", context)
