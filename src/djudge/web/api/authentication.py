"""Who asks: by a bearer token, ours or OAuth's, else by the session of the pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from djudge.web.accounts.models import User
from djudge.web.api import access
from djudge.web.api.access import Asker
from djudge.web.api.problems import CSRFError

_BEARER = "bearer"


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer ...`. Never in an address: those are written into logs (RFC 9700, 4.3.2)."""

    def authenticate(self, request: Request) -> tuple[User, Asker] | None:
        """The owner of the token. AuthenticationFailed for one that does not work (any more): each looks the same."""
        kind, _blank, secret = authentication.get_authorization_header(request).partition(b" ")
        if kind.lower() != _BEARER.encode():
            return None
        asker = self._asker(request, secret.strip().decode("latin-1"))
        if asker is None or asker.membership is None:
            raise AuthenticationFailed(_("This token does not work: it is wrong, has expired, or was revoked."))
        return asker.membership.user, asker

    def authenticate_header(self, request: Request) -> str:
        """What a 401 tells a program."""
        return 'Bearer realm="Djudge"'

    def _asker(self, request: Request, secret: str) -> Asker | None:
        if secret.startswith(access.MARK):
            return access.by_token(secret)
        return access.by_oauth(secret, request.build_absolute_uri(request.path))


class SessionAuthentication(authentication.SessionAuthentication):
    """Somebody signed in at the pages, with the team that they look at; what writes brings the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, Asker] | None:
        """CSRFError where the CSRF token is missing."""
        try:
            found = super().authenticate(request)
        except PermissionDenied as error:
            raise CSRFError(_("What a session writes needs the CSRF token of our pages.")) from error
        return (found[0], access.by_session(request)) if found else None
