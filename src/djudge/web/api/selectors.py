"""Reading tokens and programs."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from djudge.web.api.models import Client, Token
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May, allows


def tokens_for(membership: Membership) -> QuerySet[Token]:
    """One's own tokens; for who manages the team all of it, so that none works unseen. One statement."""
    found = Token.objects.filter(membership__team=membership.team_id).select_related("membership__user")
    if not allows(membership.role, May.MANAGE_TEAM):
        found = found.filter(membership=membership)
    return found.order_by("-id")


def clients_for(membership: Membership) -> QuerySet[Client]:
    """The team's programs, each with whether somebody has let it in. One statement."""
    mine = {"application": OuterRef("pk"), "user": membership.user_id}
    access = Exists(get_access_token_model().objects.filter(**mine))
    refresh = Exists(get_refresh_token_model().objects.filter(**mine, revoked=None))
    found: QuerySet[Client] = Client.objects.filter(team=membership.team_id).annotate(is_let_in=access | refresh)
    return found
