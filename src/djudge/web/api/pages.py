"""Pages about the API, for people: what it is, their tokens, and the team's programs."""

from __future__ import annotations

import uuid

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.api import actions, selectors
from djudge.web.api.forms import ClientForm, TokenForm
from djudge.web.api.models import Client, Token
from djudge.web.api.problems import KINDS
from djudge.web.api.scopes import Scope
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May

#: So many are listed: the latest.
MOST_LISTED = 200


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the API is, how to come in, and what each problem means. No statement."""
    return render(request, "api/about.html", {"scopes": Scope.choices, "problems": KINDS, "section": "team"})


@require_safe
@member_view()
def keys(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Somebody's tokens and the team's programs. Two statements for any number."""
    context = {
        "tokens": selectors.tokens_for(membership)[:MOST_LISTED],
        "clients": selectors.clients_for(membership)[:MOST_LISTED],
        "section": "team",
    }
    return render(request, "api/keys.html", context)


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
@member_view()
def new_token(request: HttpRequest, membership: Membership) -> HttpResponse:
    """A new token. Its secret is on this page once, and nowhere else."""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        token, secret = actions.make_token(membership=membership, **form.cleaned_data)
        return render(request, "api/made.html", {"made": token, "secret": secret, "section": "team"}, status=201)
    context = {"form": form, "section": "team"}
    return render(request, "api/new_token.html", context, status=422 if form.errors else 200)


@require_POST
@member_view()
def revoke_token(request: HttpRequest, membership: Membership, token_id: uuid.UUID) -> HttpResponse:
    """A token of one's own; who manages the team revokes anybody's."""
    found = selectors.tokens_for(membership).select_related("membership__team")
    token: Token = get_object_or_404(found, pk=token_id)
    actions.revoke_token(actor=membership.user, token=token)
    messages.success(request, _("“%(name)s” works no longer.") % {"name": token.name})
    return redirect("api:keys")


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
@member_view(May.MANAGE_TEAM)
def new_client(request: HttpRequest, membership: Membership) -> HttpResponse:
    """A new program. Its secret is on this page once, and nowhere else."""
    form = ClientForm(request.POST or None)
    if form.is_valid():
        client, secret = actions.register_client(actor=membership.user, team=membership.team, **form.cleaned_data)
        context = {"made": client, "client": client, "secret": secret, "section": "team"}
        return render(request, "api/made.html", context, status=201)
    context = {"form": form, "section": "team"}
    return render(request, "api/new_client.html", context, status=422 if form.errors else 200)


@require_POST
@member_view(May.MANAGE_TEAM)
def remove_client(request: HttpRequest, membership: Membership, client_id: uuid.UUID) -> HttpResponse:
    """A program gets in no longer, for nobody."""
    client = _client(membership, client_id)
    actions.remove_client(actor=membership.user, client=client)
    messages.success(request, _("“%(name)s” gets in no longer.") % {"name": client.name})
    return redirect("api:keys")


@require_POST
@member_view()
def shut_out(request: HttpRequest, membership: Membership, client_id: uuid.UUID) -> HttpResponse:
    """Take back what one agreed to."""
    client = _client(membership, client_id)
    actions.shut_out(membership=membership, client=client)
    messages.success(request, _("“%(name)s” gets in no longer in your name.") % {"name": client.name})
    return redirect("api:keys")


def _client(membership: Membership, client_id: uuid.UUID) -> Client:
    client: Client = get_object_or_404(Client.objects.select_related("team"), team=membership.team_id, pk=client_id)
    return client
