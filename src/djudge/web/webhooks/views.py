"""Pages about the systems that a team wants told. For owners; all of them work without JavaScript."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.accounts.models import User
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May
from djudge.web.webhooks import access, actions, selectors
from djudge.web.webhooks.forms import EndpointForm, EventsForm
from djudge.web.webhooks.models import TOLD, Endpoint, Event


@require_safe
@member_view(May.MANAGE_TEAM)
def endpoints(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's endpoints. One statement for any number."""
    context = {"endpoints": selectors.endpoints_of(membership.team), "section": "team"}
    return render(request, "webhooks/endpoints.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@member_view(May.MANAGE_TEAM)
def new_endpoint(request: HttpRequest, membership: Membership) -> HttpResponse:
    """A new endpoint; the answer shows its secret, once."""
    form = EndpointForm(request.POST or None, initial={"events": [each.value for each in TOLD]})
    if form.is_valid():
        try:
            made, secret = actions.add_endpoint(actor=membership.user, team=membership.team, **form.cleaned_data)
        except actions.NotPossibleError as error:
            form.add_error("address", str(error))
        else:
            return _shown(request, made, secret)
    context = {"form": form, "section": "team"}
    return render(request, "webhooks/new.html", context, status=422 if form.errors else 200)


def _shown(request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
    return render(request, "webhooks/secret.html", {"endpoint": endpoint, "secret": secret, "section": "team"})


@require_http_methods(["GET", "POST"])
@member_view(May.MANAGE_TEAM)
def endpoint(request: HttpRequest, membership: Membership, endpoint_id: uuid.UUID) -> HttpResponse:
    """An endpoint with its log, and of what it is told, which a POST changes. Three statements for any number."""
    found = access.endpoint_for(membership, endpoint_id)
    form = EventsForm(request.POST if request.method == "POST" else None, initial={"events": found.events})
    if form.is_valid():
        actions.choose_events(actor=membership.user, endpoint=found, events=form.cleaned_data["events"])
        return redirect("webhooks:endpoint", found.pk)
    context = {
        "endpoint": found,
        "form": form,
        "page": selectors.NEWEST.page(selectors.log_of(found), request.GET),
        "has_missed": found.is_on and selectors.has_missed(found),
        "section": "team",
    }
    return render(request, "webhooks/endpoint.html", context, status=422 if form.errors else 200)


def _pinged(actor: User, found: Endpoint) -> str:
    actions.ping(actor=actor, endpoint=found)
    return _("A test is on its way. Its line in the log says what came of it.")


def _turned_on(actor: User, found: Endpoint) -> str:
    actions.turn_on(actor=actor, endpoint=found)
    return _("It is told again, from now on.")


def _turned_off(actor: User, found: Endpoint) -> str:
    actions.turn_off(actor=actor, endpoint=found)
    return _("It is told nothing any more.")


def _ended(actor: User, found: Endpoint) -> str:
    actions.end_former(actor=actor, endpoint=found)
    return _("The former secret is not used any more.")


def _sent_missed(actor: User, found: Endpoint) -> str:
    count = actions.send_missed(actor=actor, endpoint=found)
    return ngettext("%(n)s message is on its way again.", "%(n)s messages are on their way again.", count) % {
        "n": count
    }


#: What a button asks for; the answer is what is told afterwards.
_CHANGES: Final[dict[str, Callable[[User, Endpoint], str]]] = {
    "ping": _pinged,
    "on": _turned_on,
    "off": _turned_off,
    "end-former": _ended,
    "send-missed": _sent_missed,
}


@require_POST
@member_view(May.MANAGE_TEAM)
def change(request: HttpRequest, membership: Membership, endpoint_id: uuid.UUID) -> HttpResponse:
    """What the buttons of an endpoint's page do."""
    found = access.endpoint_for(membership, endpoint_id)
    what = request.POST.get("what", "")
    if what == "remove":
        actions.remove(actor=membership.user, endpoint=found)
        return redirect("webhooks:endpoints")
    if what in _CHANGES:
        try:
            messages.success(request, _CHANGES[what](membership.user, found))
        except actions.NotPossibleError as error:
            messages.error(request, str(error))
    return redirect("webhooks:endpoint", found.pk)


@require_POST
@never_cache
@member_view(May.MANAGE_TEAM)
def renew_secret(request: HttpRequest, membership: Membership, endpoint_id: uuid.UUID) -> HttpResponse:
    """A new secret; the answer shows it, once."""
    found = access.endpoint_for(membership, endpoint_id)
    try:
        secret = actions.rotate(actor=membership.user, endpoint=found)
    except actions.NotPossibleError as error:
        messages.error(request, str(error))
        return redirect("webhooks:endpoint", found.pk)
    return _shown(request, access.endpoint_for(membership, endpoint_id), secret)


@require_safe
@member_view(May.MANAGE_TEAM)
def delivery(request: HttpRequest, membership: Membership, delivery_id: uuid.UUID) -> HttpResponse:
    """One message: what was sent, and every try with what was answered. Two statements."""
    found = access.delivery_for(membership, delivery_id)
    context = {
        "delivery": found,
        "endpoint": found.endpoint,
        "body": _laid_out(found.body),
        "tries": found.tries.order_by("-created_at")[:50],
        "is_ping": found.event == Event.PING,
        "section": "team",
    }
    return render(request, "webhooks/delivery.html", context)


def _laid_out(body: str) -> str:
    """For people: what was sent has no blanks."""
    try:
        told: Any = json.loads(body)
    except ValueError:
        return body
    return json.dumps(told, indent=2, ensure_ascii=False)


@require_POST
@member_view(May.MANAGE_TEAM)
def send_again(request: HttpRequest, membership: Membership, delivery_id: uuid.UUID) -> HttpResponse:
    """The same message once more."""
    found = access.delivery_for(membership, delivery_id)
    try:
        actions.send_again(actor=membership.user, delivery=found)
        messages.success(request, _("It is on its way again, with the same webhook-id."))
    except actions.NotPossibleError as error:
        messages.error(request, str(error))
    return redirect("webhooks:delivery", found.pk)
