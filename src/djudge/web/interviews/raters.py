"""Who rated, as people read it. Pure."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.interviews.models import Scorecard


def names_of(scorecards: Iterable[Scorecard]) -> dict[uuid.UUID, str]:
    """Whose each of these scorecards is, by its id: different for everybody, and for one person always the same.

    A name alone where nobody else of them has the same one, else with the address. Who has left is somebody of their
    own on each scorecard. The scorecards come with their raters.
    """
    cards = {card.pk: card for card in scorecards}
    people = {card.rater_id: str(card.rater) for card in cards.values() if card.rater}
    shared = {name for name, count in Counter(people.values()).items() if count > 1}
    left = [card.pk for card in cards.values() if card.rater is None]
    return {key: _name(card.rater, shared) if card.rater else _left(key, left) for key, card in cards.items()}


def _name(rater: User, shared: Collection[str]) -> str:
    return f"{rater} ({rater.email})" if str(rater) in shared else str(rater)


def _left(key: uuid.UUID, every: Collection[uuid.UUID]) -> str:
    if len(every) == 1:
        return _("somebody who has left")
    return _("somebody who has left (%(key)s)") % {"key": key.hex[-6:]}
