"""The door of the API: with which membership somebody asks, and for what their token was made."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from rest_framework.request import Request

from djudge.web.accounts import second_factor
from djudge.web.api.models import Token
from djudge.web.api.scopes import ALL, Scope, known
from djudge.web.organizations.access import membership_of
from djudge.web.organizations.models import Membership

#: How every token of ours begins, so that people and scanners see what it is.
MARK: Final = "djudge_"

#: `last_used_at` is as exact as this, so that asking often writes seldom.
_EXACT: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a membership as it is now, what the token was made for, and by what name requests are counted.

    `membership` is None for somebody who is signed in and has no team.
    """

    membership: Membership | None
    scopes: frozenset[Scope]
    counted_as: str


def by_session(request: Request) -> Asker:
    """Somebody signed in, with the team that they look at. One statement."""
    membership = membership_of(request._request)
    return Asker(membership, ALL, f"user-{request._request.user.pk}")


def by_token(secret: str) -> Asker | None:
    """The owner of one of our own tokens; None where it is unknown, revoked, expired, or its owner is locked out.

    One statement, and a second one a minute at most.
    """
    found = (
        Token.objects.select_related("membership__team", "membership__user")
        .annotate(has_second_factor=second_factor.held_by("membership__user"))
        .filter(prefix=prefix_of(secret))
        .first()
    )
    if found is None or not hmac.compare_digest(found.digest, digest_of(secret)):
        return None
    if not found.is_alive or not found.membership.user.is_active:
        return None
    _note_use(found)
    membership = found.membership
    membership.has_second_factor = found.has_second_factor  # type: ignore[attr-defined]
    return Asker(membership, known(found.scopes), f"token-{found.pk}")


def by_oauth(secret: str, uri: str) -> Asker | None:
    """Whoever let a program in, in the program's team; None where they are no longer in it. Two statements.

    A membership that is younger than the token is another one: who was removed and asked in again agrees anew.
    """
    tokens = get_access_token_model().objects.select_related("application")
    token = tokens.filter(token_checksum=digest_of(secret)).first()
    if token is None or token.application is None or not (token.is_valid() and token.allows_audience(uri)):
        return None
    membership = (
        Membership.objects.select_related("team", "user")
        .annotate(has_second_factor=second_factor.held_by("user"))
        .filter(user=token.user_id, team=token.application.team_id, user__is_active=True)
        .filter(created_at__lte=token.created)
        .first()
    )
    if membership is None:
        return None
    return Asker(membership, known(token.scope.split()), f"oauth-{token.application_id}-{token.user_id}")


def prefix_of(secret: str) -> str:
    """By what a token is found. 64 bits that are no secret."""
    return secret.removeprefix(MARK)[:16]


def digest_of(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _note_use(token: Token) -> None:
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - _EXACT:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def asker_of(request: Request) -> Asker | None:
    """Who asks, where somebody does."""
    return request.auth if isinstance(request.auth, Asker) else None
