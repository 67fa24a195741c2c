"""OAuth's own addresses: the page on which somebody lets a program in, and where programs get their tokens."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import AuthorizationView, RevokeTokenView, TokenView

from djudge.web.accounts import second_factor
from djudge.web.accounts.models import User
from djudge.web.api.models import Client
from djudge.web.api.throttling import Guest
from djudge.web.organizations.access import lacks_second_factor
from djudge.web.organizations.models import Membership

#: What a program can bring to get a token.
GRANTS: Final = ("authorization_code", "refresh_token")


class Consent(AuthorizationView):
    """A member of the program's team is asked; for everybody else there is no such program."""

    template_name = "api/consent.html"

    @method_decorator(login_not_required)  # the package leads guests to the sign-in itself, where it may
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Http404 for members of other teams; who lacks the second factor that the team asks for is led to it."""
        if has_nul(request):
            return render(request, self.template_name, {"error": {"error": "invalid_request"}}, status=400)
        client = _client(request) if isinstance(request.user, User) else None
        if client is not None:
            membership = _membership(request, client)
            if lacks_second_factor(membership):
                return redirect("organizations:second-factor")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """With a policy under which the form may lead on to the program: browsers hold redirects to it, too."""
        answer: HttpResponse = super().render_to_response(context, **kwargs)
        where = urlsplit(str(context.get("redirect_uri") or ""))
        if where.scheme in ("http", "https") and where.netloc:
            targets = [*settings.SECURE_CSP["form-action"], f"{where.scheme}://{where.netloc}"]
            answer._csp_config = {**settings.SECURE_CSP, "form-action": targets}  # type: ignore[attr-defined]
        return answer


class Counted:
    """Who guesses codes and secrets is counted like every guest. These are for programs, which have no session."""

    @method_decorator([csrf_exempt, login_not_required])
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """429 for who comes too often."""
        throttle = Guest()
        if not throttle.counts(f"oauth-{request.META.get('REMOTE_ADDR', '')}"):
            answer = JsonResponse({"error": "slow_down", "error_description": _("Too many requests.")}, status=429)
            answer["Retry-After"] = str(max(1, int(throttle.wait())))
            return answer
        if has_nul(request):
            return JsonResponse({"error": "invalid_request"}, status=400)
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return found


class Tokens(Counted, TokenView):
    """A code or a refresh token for an access token."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing else is a grant here: no passwords, no devices, no program on its own."""
        if request.POST.get("grant_type") not in GRANTS:
            return JsonResponse({"error": "unsupported_grant_type"}, status=400)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer


class Revocation(Counted, RevokeTokenView):
    """A program gives back a token (RFC 7009)."""


def has_nul(request: HttpRequest) -> bool:
    """Whether a parameter has a character that no database takes; the package looks up whatever it is sent."""
    return any("\0" in each for said in (request.GET, request.POST) for _, values in said.lists() for each in values)


def _client(request: HttpRequest) -> Client | None:
    """The program that asks, if there is such a one; the package tells what is wrong with others."""
    asked = request.POST.get("client_id") or request.GET.get("client_id") or ""
    found: Client | None = Client.objects.select_related("team").filter(client_id=asked).first()
    return found


def _membership(request: HttpRequest, client: Client) -> Membership:
    mine = Membership.objects.filter(team=client.team_id, user=request.user.pk).select_related("team")
    found = mine.annotate(has_second_factor=second_factor.held_by("user")).first()
    if found is None:
        raise Http404
    return found
