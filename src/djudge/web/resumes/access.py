"""Who sees whom: whether the person in a résumé is hidden from somebody who looks at it."""

from __future__ import annotations

from django.http import HttpRequest

from djudge.web.hiring.access import allowed
from djudge.web.hiring.models import Application
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May

#: In the session: what somebody chose, by application; so many are remembered.
_CHOSEN = "blind"
_MOST = 100


def is_blind(request: HttpRequest, membership: Membership, application: Application) -> bool:
    """As they chose for this application until they sign out; else hidden from those who manage no candidates."""
    chosen = request.session.get(_CHOSEN, {}).get(str(application.pk))
    if chosen is not None:
        return bool(chosen)
    return May.MANAGE_CANDIDATES not in allowed(membership, application.job)


def choose(request: HttpRequest, application: Application, *, blind: bool) -> None:
    """From now on."""
    chosen = {**request.session.get(_CHOSEN, {}), str(application.pk): blind}
    request.session[_CHOSEN] = dict(list(chosen.items())[-_MOST:])
