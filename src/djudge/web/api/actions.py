"""Making and revoking tokens, and registering programs, each with its audit entry."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_grant_model, get_refresh_token_model

from djudge.web.accounts.models import User
from djudge.web.api.access import MARK, digest_of, prefix_of
from djudge.web.api.models import Client, Token
from djudge.web.organizations import audit
from djudge.web.organizations.models import Membership, Team


@transaction.atomic
def make_token(*, membership: Membership, name: str, scopes: Iterable[str], days: int) -> tuple[Token, str]:
    """A token of somebody for their team, and its secret, which is shown once and kept nowhere."""
    secret = f"{MARK}{secrets.token_hex(8)}_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        membership=membership, name=name, prefix=prefix_of(secret), digest=digest_of(secret),
        scopes=sorted(scopes), expires_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    audit.note(membership.team, "made the token", token, actor=membership.user, scopes=token.scopes, days=days)
    return token, secret


@transaction.atomic
def revoke_token(*, actor: User, token: Token) -> None:
    """It works no longer. Revoking twice is revoking once."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        owner = token.membership.user.email
        audit.note(token.membership.team, "revoked the token", token, actor=actor, owner=owner)


@transaction.atomic
def register_client(
    *, actor: User, team: Team, name: str, redirect_uris: str, is_confidential: bool
) -> tuple[Client, str]:
    """A program that members of the team may let in, and its secret, which is shown once; empty for one that can't keep
    any."""
    secret = secrets.token_urlsafe(48) if is_confidential else ""
    client = Client.objects.create(
        team=team, user=actor, name=name, redirect_uris=redirect_uris,
        client_secret=secret or secrets.token_urlsafe(48),
        client_type=Client.CLIENT_CONFIDENTIAL if is_confidential else Client.CLIENT_PUBLIC,
        authorization_grant_type=Client.GRANT_AUTHORIZATION_CODE,
    )  # fmt: skip
    audit.note(team, "registered the program", client, actor=actor, leads_to=redirect_uris)
    return client, secret


@transaction.atomic
def remove_client(*, actor: User, client: Client) -> None:
    """It gets in no longer, for nobody: its tokens go with it."""
    audit.note(client.team, "removed the program", client, actor=actor)
    client.delete()


@transaction.atomic
def shut_out(*, membership: Membership, client: Client) -> None:
    """Somebody takes back what they agreed to; the program gets in for others as before. Five statements."""
    mine = {"user": membership.user, "application": client}
    get_grant_model().objects.filter(**mine).delete()
    get_access_token_model().objects.filter(**mine).delete()
    get_refresh_token_model().objects.filter(**mine).delete()
    audit.note(membership.team, "shut out the program", client, actor=membership.user)
