"""OAuth 2 by django-oauth-toolkit, bound to teams: a program belongs to one, and only its members let it in."""

from __future__ import annotations

from typing import Any

from oauth2_provider.models import get_grant_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from djudge.web.api.scopes import DESCRIBED, Scope
from djudge.web.organizations.models import Membership


class Scopes(BaseScopes):
    """The same as for tokens of our own; a program that names none gets the least."""

    def get_all_scopes(self) -> dict[str, Any]:
        """With what people read who are asked."""
        return dict(DESCRIBED)

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """All of them, for every program: what counts is what somebody agrees to."""
        return list(DESCRIBED)

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        """Reading jobs."""
        return [Scope.READ_JOBS.value]


class Validator(OAuth2Validator):
    """The package's own checks, and that whoever let the program in is still the same member of its team.

    A membership that is younger than a code or a token is another one: who was removed and asked in again agrees anew.
    """

    def _load_application(self, client_id: str, request: Any) -> Any:
        """None for an id that no database could hold: in the header of a program's password it comes unseen."""
        return None if "\0" in str(client_id) else super()._load_application(client_id, request)

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """A code is worth nothing once the person has left the team."""
        if not super().validate_code(client_id, code, client, request, *args, **kwargs):
            return False
        grant = get_grant_model().objects.filter(code=code, application=client).first()
        return grant is not None and _belongs(request.user, client, grant.created)

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Neither is a refresh token."""
        if not super().validate_refresh_token(refresh_token, client, request, *args, **kwargs):
            return False
        return _belongs(request.user, client, request.refresh_token_instance.created)


def _belongs(user: Any, client: Any, since: Any) -> bool:
    mine = Membership.objects.filter(user=user, team=client.team_id, user__is_active=True)
    return mine.filter(created_at__lte=since).exists()
