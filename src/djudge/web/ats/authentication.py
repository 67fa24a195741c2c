"""Who asks: a token of ours in the place of the user name, as both contracts want it."""

from __future__ import annotations

import base64
import binascii

from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from djudge.web.accounts.models import User
from djudge.web.api import access
from djudge.web.api.access import Asker

_BASIC = b"basic"


class BasicTokens(authentication.BaseAuthentication):
    """`Authorization: Basic`, a token as name and no password. Sessions don't count here: nobody looks at this."""

    def authenticate(self, request: Request) -> tuple[User, Asker] | None:
        """The owner of the token. AuthenticationFailed for one that does not work (any more): each looks the same."""
        if authentication.get_authorization_header(request).partition(b" ")[0].lower() != _BASIC:
            return None
        asker = access.by_token(secret_of(request))
        if asker is None or asker.membership is None:
            raise AuthenticationFailed(_("This token does not work: it is wrong, has expired, or was revoked."))
        return asker.membership.user, asker

    def authenticate_header(self, request: Request) -> str:
        """What a 401 tells a program."""
        return 'Basic realm="Djudge", charset="UTF-8"'


def secret_of(request: Request) -> str:
    """The name that came; empty for what can't be read."""
    packed = authentication.get_authorization_header(request).partition(b" ")[2].strip()
    try:
        return base64.b64decode(packed, validate=True).decode("ascii").partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
