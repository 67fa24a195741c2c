"""Programs that come to the API by a token, and keys that they may bring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from rest_framework.test import APIClient

from djudge.web.accounts.models import User
from djudge.web.api import actions
from djudge.web.api.models import Token
from djudge.web.api.scopes import Scope
from djudge.web.organizations.models import Team


class Program(APIClient):
    """Somebody's program, with a token of theirs."""

    token: Token
    secret: str

    def json(self, method: str, path: str, data: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and body of an answer."""
        answer: HttpResponse = getattr(self, method)(path, data, format="json", headers=headers)
        return answer.status_code, answer.json() if answer.content else None


def program_of(user: User, team: Team, scopes: Iterable[str] = tuple(Scope), days: int = 30) -> Program:
    """A program with a new token of somebody in a team."""
    program = Program()
    membership = team.memberships.select_related("team", "user").get(user=user)
    program.token, program.secret = actions.make_token(membership=membership, name="Test", scopes=scopes, days=days)
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {program.secret}")
    return program
