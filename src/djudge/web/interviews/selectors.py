"""Reading scorecards: who may see which, and what they are evidence of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from djudge.web.grading.reports import RatedAnswer
from djudge.web.hiring.models import ENDED, Application, Job
from djudge.web.interviews.anchors import OUTCOMES
from djudge.web.interviews.models import Anchor, Interview, Rating, Scorecard
from djudge.web.interviews.raters import names_of
from djudge.web.organizations.models import Membership, Role
from djudge.web.organizations.permissions import May, allows

#: Whoever rates an answer to this one at the lowest anchor raises the guide's warning sign of line 37.
WHAT_IS_DJANGO = "what-is-django-for"


def interviews_of(application: Application) -> QuerySet[Interview]:
    """Its interviews with who listens, and who has filed, the newest first. Two statements."""
    cards = Prefetch("scorecards", Scorecard.objects.select_related("rater"))
    return application.interviews.prefetch_related(cards)


@dataclass(frozen=True, slots=True)
class Covering:
    """That a question is on somebody's plan, or was asked and filed; nothing of what was heard."""

    question_id: str
    text: str
    bullet: str
    who: str
    is_filed: bool
    interview_id: uuid.UUID


def covered(application: Application) -> list[Covering]:
    """What interviews of somebody cover, by whom: all that was asked where a scorecard is filed, all that is planned
    where it is not. Cancelled ones cover nothing. It holds no rating, so that everybody may know it. One statement."""
    there = Rating.objects.filter(scorecard__interview__application=application)
    there = there.filter(scorecard__interview__cancelled_at=None)
    # What an open card says of its questions is its rater's alone.
    there = there.exclude(scorecard__filed_at__isnull=False, was_asked=False)
    columns = (
        "question_id", "text", "bullet", "scorecard__rater__name", "scorecard__rater__email", "scorecard__filed_at",
        "scorecard__interview",
    )  # fmt: skip
    rows = there.order_by("scorecard__interview__created_at", "position", "scorecard__created_at").values_list(*columns)
    return [
        Covering(question, text, bullet, name or email or "–", filed_at is not None, interview)
        for question, text, bullet, name, email, filed_at, interview in rows
    ]


def may_listen(job: Job) -> QuerySet[Membership]:
    """The members of the team who see this job, by name: whoever interviews for it is one of them. One statement."""
    everywhere = [role for role in Role.values if allows(role, May.SEE_EVERY_JOB)]
    named = Q(user__in=job.members.values("user"))
    found = Membership.objects.filter(team=job.team_id).filter(Q(role__in=everywhere) | named)
    return found.filter(user__is_active=True).select_related("user").order_by("user__name", "user__email")


def of_candidate(application: Application) -> list[Interview]:
    """What the candidate is told of: interviews with a time that is not over yet, the next one first, those that were
    cancelled too; with who listens where they may know. At most two statements."""
    ahead = application.interviews.filter(at__gt=timezone.now()).order_by("at")
    found = list(ahead.prefetch_related(Prefetch("scorecards", Scorecard.objects.select_related("rater"))))
    for interview in found:
        interview.application = application
    return found


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


def filed_scorecards(viewer: Membership) -> QuerySet[Scorecard]:
    """The scorecards behind `filed_ratings`, through the same door. No statement yet."""
    return Scorecard.objects.filter(Exists(filed_ratings(viewer).filter(scorecard=OuterRef("pk"))))


def awaited(application: Application) -> QuerySet[Scorecard]:
    """Who has not filed what they hear from somebody, with `since`: when it was asked of them, or when they talk. One
    statement."""
    return _since(_open().filter(interview__application=application))


def awaited_in(job: Job) -> QuerySet[Scorecard]:
    """Whose scorecards a job waits for because the talk is over, the longest first, with `since`. One statement."""
    is_over = Q(interview__at=None) | Q(interview__at__lte=timezone.now())
    found = _open().filter(is_over, interview__application__job=job)
    return _since(found).select_related("interview__application__candidate")


def _since(found: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
    # The database's GREATEST passes over what is empty: an interview without a time is held at once.
    since = found.annotate(since=Greatest("interview__at", "created_at"))
    return since.select_related("rater", "interview").order_by("since", "pk")


def owes_a_scorecard(viewer: Membership, application: Application) -> bool:
    """Whether somebody has to file their own before they see those of others. One statement."""
    return _open().filter(rater=viewer.user_id, interview__application=application).exists()


def rated_answers(applications: Iterable[Application], viewer: Membership) -> dict[uuid.UUID, list[RatedAnswer]]:
    """What people's ratings are evidence of, by the application's id. One statement for any number."""
    ratings = filed_ratings(viewer).exclude(bullet="").filter(scorecard__interview__application__in=list(applications))
    by_application: dict[uuid.UUID, list[Rating]] = {}
    for rating in ratings.select_related("scorecard__rater", "scorecard__interview"):
        by_application.setdefault(rating.scorecard.interview.application_id, []).append(rating)
    return {application: _as_answers(found) for application, found in by_application.items()}


def _as_answers(ratings: Sequence[Rating]) -> list[RatedAnswer]:
    names = names_of(rating.scorecard for rating in ratings)
    return [
        RatedAnswer(bullet=rating.bullet, outcome=OUTCOMES[rating.anchor], rater=names[rating.scorecard_id])
        for rating in ratings
    ]


def red_flags(application: Application, viewer: Membership) -> QuerySet[Rating]:
    """The guide's warning sign of line 37: raised by people alone, by the lowest anchor, with their quote. One
    statement."""
    return _red_flags(viewer).filter(scorecard__interview__application=application)


def red_flags_of(applications: Iterable[Application], viewer: Membership) -> dict[uuid.UUID, list[Rating]]:
    """The same by the application's id. One statement for any number."""
    found: dict[uuid.UUID, list[Rating]] = {}
    for rating in _red_flags(viewer).filter(scorecard__interview__application__in=list(applications)):
        found.setdefault(rating.scorecard.interview.application_id, []).append(rating)
    return found


def _red_flags(viewer: Membership) -> QuerySet[Rating]:
    raised = filed_ratings(viewer).filter(question_id=WHAT_IS_DJANGO, anchor=Anchor.JUNIOR)
    return raised.select_related("scorecard__rater", "scorecard__interview").order_by("created_at", "pk")
