"""Writes: planning interviews, saving and filing scorecards."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.hiring.announcing import announce
from djudge.web.hiring.models import Application
from djudge.web.interviews import telling
from djudge.web.interviews.anchors import anchor_text
from djudge.web.interviews.models import CalibrationRating, Interview, Rating, Scorecard
from djudge.web.organizations import audit
from djudge.web.webhooks.models import Event


class FiledError(Exception):
    """The scorecard was filed already, and stays as it is; the message says so to its rater."""


class TooLateError(Exception):
    """The plan can't be changed any more; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One question of a plan, with its text as it will be asked. `question_id` is empty where it comes from the
    candidate's own work; then `because` and `listen_for` say what the measurement was."""

    text: str
    minutes: int
    question_id: str = ""
    bullet: str = ""
    because: str = ""
    listen_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a rater made of one answer; an empty anchor means that there is none yet."""

    was_asked: bool = True
    ticked: Sequence[str] = field(default_factory=tuple)
    anchor: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """When and where, as people are told. Without `at` nothing is arranged: it is held at once, or they agree on a time
    elsewhere."""

    at: datetime | None = None
    zone: str = "UTC"
    place: str = ""
    names_listeners: bool = False


@transaction.atomic
def plan(
    *,
    actor: User,
    application: Application,
    kit: str,
    minutes: int,
    questions: Sequence[Planned],
    raters: Iterable[User],
    appointment: Appointment | None = None,
    domain: str = "",
    tells: bool = True,
) -> Interview:
    """A conversation with these questions, and an empty scorecard for each rater. Who listens is told by mail, and the
    candidate too where there is a time; `tells` is false where somebody calls at once. Seven statements, three a rater.
    """
    interview = Interview.objects.create(
        application=application, kit=kit, minutes=minutes, planned_by=actor, domain=domain,
        **asdict(appointment or Appointment()),
    )  # fmt: skip
    raters = list(raters)
    for rater in raters:
        _card(interview, rater, questions)
    # By id: candidates get a copy of these entries, and colleagues stay unnamed in it.
    people = [str(rater.pk) for rater in raters]
    audit.note(application.job.team, "planned an interview of", application, actor=actor, kit=kit, raters=people)
    if tells:
        telling.tell_listeners(interview, telling.PLANNED, raters, actor)
        telling.tell_candidate(interview, telling.PLANNED, raters)
    return interview


@transaction.atomic
def move(*, actor: User, interview: Interview, appointment: Appointment) -> None:
    """Another time or place; everybody is told, and calendars move what they have. Raises TooLateError where it was
    held or cancelled. About eight statements, and one for each who is told."""
    _require_ahead(interview)
    had_time = interview.at is not None
    for name, value in asdict(appointment).items():
        setattr(interview, name, value)
    interview.sequence += 1
    interview.save(update_fields=[*asdict(appointment), "sequence"])
    audit.note(interview.application.job.team, "moved an interview of", interview.application, actor=actor)
    listeners = telling.listeners_of(interview)
    telling.tell_listeners(interview, telling.MOVED, listeners, actor)
    telling.tell_candidate(interview, telling.MOVED if had_time else telling.PLANNED, listeners)


@transaction.atomic
def add_listeners(*, actor: User, interview: Interview, raters: Iterable[User]) -> None:
    """These listen as well, each with a scorecard of their own, and are told; whoever has one already keeps it. Raises
    TooLateError where it was held or cancelled. About eight statements, and three for each who is new."""
    _require_ahead(interview)
    cards = list(interview.scorecards.prefetch_related("ratings"))
    there = {card.rater_id for card in cards}
    new = [rater for rater in raters if rater.pk not in there]
    for rater in new:
        _card(interview, rater, [_planned(rating) for rating in cards[0].ratings.all()])
    if new:
        people = [str(rater.pk) for rater in new]
        application = interview.application
        audit.note(application.job.team, "added listeners to an interview of", application, actor=actor, raters=people)
        telling.tell_listeners(interview, telling.PLANNED, new, actor)


@transaction.atomic
def take_off(*, actor: User, interview: Interview, rater_id: str) -> None:
    """Somebody does not listen after all: their empty card goes, and they are told. Raises TooLateError where they have
    written something or filed, for the last listener, and for oneself: who could drop their own card at will could read
    the others' first. Eight statements."""
    Interview.objects.select_for_update().get(pk=interview.pk)
    cards = {
        str(card.rater_id): card for card in interview.scorecards.select_related("rater").prefetch_related("ratings")
    }
    card = cards.get(rater_id)
    if card is None or card.rater is None:
        return
    if why_not := _why_they_stay(card, actor, is_last=len(cards) == 1):
        raise TooLateError(why_not)
    rater = card.rater
    card.delete()
    application = interview.application
    people = [str(rater.pk)]
    audit.note(application.job.team, "took listeners off an interview of", application, actor=actor, raters=people)
    telling.tell_listeners(interview, telling.OFF, [rater], actor)


def _why_they_stay(card: Scorecard, actor: User, *, is_last: bool) -> str:
    is_begun = card.remarks or any(
        rating.quote or rating.anchor or rating.ticked or not rating.was_asked for rating in card.ratings.all()
    )
    if card.filed_at is not None or is_begun:
        return _("They have written down what they heard: nobody takes that away.")
    if card.rater_id == actor.pk:
        return _("Nobody takes themselves off: ask a colleague.")
    return _("Somebody has to listen: cancel the interview instead.") if is_last else ""


def _require_ahead(interview: Interview) -> None:
    """Locked, so that nobody files or cancels in the meantime."""
    found = Interview.objects.select_for_update().get(pk=interview.pk)
    interview.at, interview.sequence, interview.cancelled_at = found.at, found.sequence, found.cancelled_at
    if found.cancelled_at is not None:
        raise TooLateError(_("This interview was cancelled: plan another one."))
    if found.scorecards.exclude(filed_at=None).exists():
        raise TooLateError(_("Somebody has filed what they heard: this interview was held."))


@transaction.atomic
def take_part(*, actor: User, interview: Interview) -> Scorecard:
    """Somebody else listens as well, and gets a scorecard of their own with the same questions; whoever has one keeps
    it. Six statements."""
    Interview.objects.select_for_update().get(pk=interview.pk)
    cards = interview.scorecards.prefetch_related("ratings")
    there = next((card for card in cards if card.rater_id == actor.pk), None)
    if there is not None:
        return there
    card = _card(interview, actor, [_planned(rating) for rating in cards[0].ratings.all()])
    audit.note(interview.application.job.team, "joined an interview of", interview.application, actor=actor)
    return card


def _card(interview: Interview, rater: User, questions: Sequence[Planned]) -> Scorecard:
    card = Scorecard.objects.create(interview=interview, rater=rater)
    Rating.objects.bulk_create(
        Rating(
            scorecard=card,
            position=position,
            question_id=each.question_id,
            text=each.text[:600],
            because=each.because[:600],
            listen_for=each.listen_for[:1000],
            bullet=each.bullet,
            minutes=each.minutes,
        )
        for position, each in enumerate(questions, 1)
    )
    return card


def _planned(rating: Rating) -> Planned:
    return Planned(
        text=rating.text,
        minutes=rating.minutes,
        question_id=rating.question_id,
        bullet=rating.bullet,
        because=rating.because,
        listen_for=rating.listen_for,
    )


@transaction.atomic
def save(*, scorecard: Scorecard, answers: Mapping[int, Answer], remarks: str) -> None:
    """Keep what stands in an open scorecard, complete or not; for nobody but its rater. FiledError after filing."""
    _write(_open(scorecard), answers, remarks)


@transaction.atomic
def file(*, scorecard: Scorecard, answers: Mapping[int, Answer], remarks: str) -> None:
    """Hand in a scorecard: from now on it counts, others see it, and nobody changes it. FiledError for a second time.

    The answers are complete: `ScorecardForm` has seen to that.
    """
    card = _open(scorecard)
    _write(card, answers, remarks)
    card.filed_at = scorecard.filed_at = timezone.now()
    card.save(update_fields=["filed_at"])
    application = card.interview.application
    audit.note(application.job.team, "filed a scorecard on", application, actor=card.rater, kit=card.interview.kit)
    announce(
        Event.SCORECARD_FILED, application, interview=str(card.interview_id), scorecard=str(card.pk),
        kit=card.interview.kit,
    )  # fmt: skip


def _open(scorecard: Scorecard) -> Scorecard:
    """Locked, so that of two windows only one files it."""
    whole = Scorecard.objects.select_related(
        "rater", "interview__application__job__team", "interview__application__candidate"
    )
    found = whole.select_for_update(of=("self",)).get(pk=scorecard.pk)
    if found.filed_at is not None:
        raise FiledError(_("This scorecard was filed already, and stays as it is."))
    return found


def _write(card: Scorecard, answers: Mapping[int, Answer], remarks: str) -> None:
    changed = []
    for rating in card.ratings.filter(position__in=list(answers)):
        for name, value in _columns(rating, answers[rating.position]).items():
            setattr(rating, name, value)
        changed.append(rating)
    Rating.objects.bulk_update(changed, ["was_asked", "ticked", "anchor", "anchor_text", "quote"])
    card.remarks = remarks
    card.save(update_fields=["remarks"])


def _columns(rating: Rating, answer: Answer) -> dict[str, Any]:
    return {
        "was_asked": answer.was_asked,
        "ticked": list(answer.ticked),
        "anchor": answer.anchor,
        "anchor_text": anchor_text(rating, answer.anchor)[:1000],
        "quote": answer.quote,
    }


@transaction.atomic
def cancel(*, actor: User, interview: Interview) -> None:
    """It will not take place; scorecards that were filed stay, open ones are not asked for any more. Everybody is told,
    unless its time is over. About seven statements, and one for each who is told."""
    found = Interview.objects.select_for_update().get(pk=interview.pk)
    if found.cancelled_at is not None:
        return
    interview.cancelled_at, interview.sequence = timezone.now(), found.sequence + 1
    interview.save(update_fields=["cancelled_at", "sequence"])
    audit.note(interview.application.job.team, "cancelled an interview of", interview.application, actor=actor)
    if interview.at is None or interview.at > timezone.now():
        listeners = telling.listeners_of(interview)
        telling.tell_listeners(interview, telling.CANCELLED, listeners, actor)
        telling.tell_candidate(interview, telling.CANCELLED, listeners)


@transaction.atomic
def keep_for_calibration(*, actor: User, question_id: str, anchors: Mapping[str, str]) -> int:
    """Keep where somebody put recorded answers, by the answers' keys; how many are new. What they kept before stays:
    the first time is the one that tells something. Three statements.

    No audit entry: it is theirs, and no business of the team.
    """
    new = [
        CalibrationRating(user=actor, question_id=question_id, sample=sample, anchor=anchor)
        for sample, anchor in anchors.items()
    ]
    before = actor.calibration_ratings.count()
    CalibrationRating.objects.bulk_create(new, ignore_conflicts=True)
    return actor.calibration_ratings.count() - before


def forget_calibration(*, actor: User, rating_id: uuid.UUID | None = None) -> int:
    """Erase one of one's own kept ratings, or all of them; how many there were. One statement, and nothing of it stays.

    Somebody else's is not found.
    """
    mine = actor.calibration_ratings.all()
    deleted, _by_table = (mine if rating_id is None else mine.filter(pk=rating_id)).delete()
    return deleted
