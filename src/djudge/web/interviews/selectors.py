"""Reading scorecards: who may see which, and what they are evidence of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from djudge.web.grading.reports import RatedAnswer
from djudge.web.hiring.models import ENDED, Application
from djudge.web.interviews.anchors import OUTCOMES
from djudge.web.interviews.models import Anchor, Interview, Rating, Scorecard
from djudge.web.organizations.models import Membership

#: Whoever rates an answer to this one at the lowest anchor raises the guide's warning sign of line 37.
WHAT_IS_DJANGO = "what-is-django-for"


def interviews_of(application: Application) -> QuerySet[Interview]:
    """Its interviews with who listens, and who has filed, the newest first. Two statements."""
    cards = Prefetch("scorecards", Scorecard.objects.select_related("rater"))
    return application.interviews.prefetch_related(cards)


def to_file(membership: Membership) -> QuerySet[Scorecard]:
    """What somebody still has to file in their team, the oldest first. One statement."""
    mine = _open().filter(rater=membership.user_id, interview__application__job__team=membership.team_id)
    return mine.select_related("interview__application__job", "interview__application__candidate")


def _open() -> QuerySet[Scorecard]:
    waiting = Scorecard.objects.filter(filed_at=None, interview__cancelled_at=None)
    return waiting.exclude(interview__application__stage__in=ENDED)


def filed_ratings(viewer: Membership) -> QuerySet[Rating]:
    """What raters said, as this viewer may know it: of filed scorecards alone, and those of others not before they have
    filed their own on the same candidate. The one door to what others rated. No statement yet."""
    owed = _open().filter(rater=viewer.user_id, interview__application=OuterRef("scorecard__interview__application"))
    asked = Rating.objects.filter(scorecard__filed_at__isnull=False, was_asked=True)
    return asked.filter(Q(scorecard__rater=viewer.user_id) | ~Exists(owed))


def owes_a_scorecard(viewer: Membership, application: Application) -> bool:
    """Whether somebody has to file their own before they see those of others. One statement."""
    return _open().filter(rater=viewer.user_id, interview__application=application).exists()


def rated_answers(applications: Iterable[Application], viewer: Membership) -> dict[uuid.UUID, list[RatedAnswer]]:
    """What people's ratings are evidence of, by the application's id. One statement for any number."""
    found: dict[uuid.UUID, list[RatedAnswer]] = {}
    ratings = filed_ratings(viewer).exclude(bullet="").filter(scorecard__interview__application__in=list(applications))
    for rating in ratings.select_related("scorecard__rater", "scorecard__interview"):
        answer = RatedAnswer(
            bullet=rating.bullet,
            outcome=OUTCOMES[rating.anchor],
            rater=_voice(rating.scorecard),
        )
        found.setdefault(rating.scorecard.interview.application_id, []).append(answer)
    return found


def _voice(scorecard: Scorecard) -> str:
    """Who rated, as people read it, and different for everybody: two of one name are two voices."""
    rater = scorecard.rater
    if rater is None:
        return _("somebody who has left (%(key)s)") % {"key": scorecard.pk.hex[-6:]}
    return f"{rater.name} ({rater.email})" if rater.name else rater.email


def red_flags(application: Application, viewer: Membership) -> QuerySet[Rating]:
    """The guide's warning sign of line 37: raised by people alone, by the lowest anchor, with their quote. One
    statement."""
    raised = filed_ratings(viewer).filter(question_id=WHAT_IS_DJANGO, anchor=Anchor.JUNIOR)
    return raised.filter(scorecard__interview__application=application).select_related("scorecard__rater")
