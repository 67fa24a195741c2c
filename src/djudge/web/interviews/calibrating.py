"""What somebody's calibration rests on: their kept ratings of recorded answers, and what others made of the same ones.

Nothing here is ever read for anybody but the person themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from djudge.web.accounts.models import User
from djudge.web.hiring.access import applications_for
from djudge.web.interviews.bank import ANCHORS, Question, questions
from djudge.web.interviews.calibration import FEWEST, Interval, crossed, leniency, quadratic, weighted_kappa
from djudge.web.interviews.models import CalibrationRating
from djudge.web.interviews.selectors import filed_ratings
from djudge.web.organizations.models import Membership


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept rating with the question and the recorded anchor; both are None where the bank words it anew by now."""

    rating: CalibrationRating
    question: Question | None
    recorded: str | None

    @property
    def pair(self) -> tuple[int, int] | None:
        """The recorded place and mine."""
        return None if self.recorded is None else (_place(self.recorded), _place(self.rating.anchor))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two sets of ratings of the same answers agree. `lacking`: so many more before anything is told."""

    pairs: int
    table: Sequence[Sequence[int]]
    same: int
    one_apart: int
    two_apart: int
    lacking: int
    kappa: Interval | None
    leaning: Interval | None


@dataclass(frozen=True, slots=True)
class WithOthers:
    """One's own ratings in interviews beside others' of the same candidate's same answer. `answers` are one's own that
    somebody else rated too, `pairs` each of them with each of those."""

    answers: int
    pairs: int
    same: int
    one_apart: int
    two_apart: int
    lacking: int
    leaning: Interval | None


def _place(anchor: str) -> int:
    return ANCHORS.index(anchor)


def kept_by(user: User) -> list[Kept]:
    """Everything that somebody kept, the oldest first. One statement."""
    return [_kept(rating) for rating in user.calibration_ratings.order_by("created_at", "pk")]


def _kept(rating: CalibrationRating) -> Kept:
    question = questions().get(rating.question_id)
    samples = question.samples if question else ()
    recorded = next((sample.anchor for sample in samples if sample.key == rating.sample), None)
    return Kept(rating, question, recorded)


def with_the_recorded(kept: Iterable[Kept]) -> Agreement:
    """Agreement and leniency against the recorded anchors; below `FEWEST` ratings neither is told. Pure."""
    pairs = [each.pair for each in kept if each.pair is not None]
    table = crossed(pairs, len(ANCHORS))
    is_enough = len(pairs) >= FEWEST
    apart = [abs(recorded - mine) for recorded, mine in pairs]
    return Agreement(
        pairs=len(pairs),
        table=table,
        same=apart.count(0),
        one_apart=apart.count(1),
        two_apart=apart.count(2),
        lacking=max(0, FEWEST - len(pairs)),
        kappa=weighted_kappa(table, quadratic(len(ANCHORS))) if is_enough else None,
        leaning=leniency([mine - recorded for recorded, mine in pairs]) if is_enough else None,
    )


def with_others(viewer: Membership) -> WithOthers:
    """Own ratings of candidates whom one may see beside the others' of the same answers, as far as `filed_ratings` lets
    one know them. One statement for any number."""
    return compared_with(viewer.user_id, _answers(viewer))


#: An interview, and which question: its id in the bank, else its text. What was answered in another talk is another
#: answer.
type Answered = tuple[uuid.UUID, str]


def _answers(viewer: Membership) -> dict[Answered, list[tuple[uuid.UUID | None, int]]]:
    found: dict[Answered, list[tuple[uuid.UUID | None, int]]] = {}
    visible = filed_ratings(viewer).filter(scorecard__interview__application__in=applications_for(viewer))
    rows = visible.values_list("scorecard__interview_id", "question_id", "text", "scorecard__rater_id", "anchor")
    for interview, question, text, rater, anchor in rows:
        found.setdefault((interview, question or text), []).append((rater, _place(anchor)))
    return found


def compared_with(me: uuid.UUID, answers: Mapping[Answered, Sequence[tuple[uuid.UUID | None, int]]]) -> WithOthers:
    """The same of answers that were read already, each with who rated it where. Pure."""
    apart: list[int] = []
    distances: list[float] = []
    for ratings in answers.values():
        others = [place for rater, place in ratings if rater != me]
        for mine in (place for rater, place in ratings if rater == me and others):
            apart += [abs(mine - theirs) for theirs in others]
            distances.append(fmean(mine - theirs for theirs in others))
    return WithOthers(
        answers=len(distances),
        pairs=len(apart),
        same=apart.count(0),
        one_apart=apart.count(1),
        two_apart=apart.count(2),
        lacking=max(0, FEWEST - len(distances)),
        leaning=leniency(distances) if len(distances) >= FEWEST else None,
    )
