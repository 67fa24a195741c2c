"""What is asked before any view: a member of a team, its second factor, and the scope of the token.

What a role may do is not asked here but by the doors that fetch things, as for the pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from djudge.web.api.access import Asker, asker_of
from djudge.web.api.problems import NoTeamError, ScopeError, SecondFactorError
from djudge.web.api.scopes import Scope
from djudge.web.organizations.access import lacks_second_factor

if TYPE_CHECKING:  # views read the settings, which name what stands here
    from rest_framework.views import APIView


class MemberWithScope(BasePermission):
    """A member of a team, by a token that was made for what the view does.

    A view names the scope of each of its actions in `scopes`, None for those that every token may do; an action that is
    not named there is refused to everybody.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """False for guests; else one of the errors says what is missing."""
        asker = asker_of(request)
        if asker is None:
            return False
        if asker.membership is None:
            raise NoTeamError(_("You belong to no team."))
        if lacks_second_factor(asker.membership):
            raise SecondFactorError(_("Your team asks for two-factor sign-in, and you have not set it up."))
        _require_scope(asker, view)
        return True


def _require_scope(asker: Asker, view: APIView) -> None:
    """A method that the view does not know has no action, or that of OPTIONS: it is answered with 405 in a moment."""
    action = getattr(view, "action", None)
    if action in (None, "metadata"):
        return
    needed: Scope | None = view.scopes[action]  # type: ignore[attr-defined]
    if needed is not None and needed not in asker.scopes:
        raise ScopeError(needed)
