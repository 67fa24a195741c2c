"""What stands on a kit: the agenda, each question with what to listen for, what others cover, and the own work."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from djudge.web.debriefs.planning import own_questions
from djudge.web.grading.models import Result
from djudge.web.interviews import kits
from djudge.web.interviews.actions import Planned
from djudge.web.interviews.anchors import OWN_WORK
from djudge.web.interviews.bank import Question, questions
from djudge.web.interviews.models import Interview, Rating
from djudge.web.interviews.selectors import Covering, covered
from djudge.web.organizations.models import Membership
from djudge.web.workspace.selectors import results_of, sitting_of

#: The question that the museum of slow queries has exhibits for.
SLOW_QUERY = "slow-query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a kit, with what is known about it: its part of the agenda, the bank's question, and for one about
    their own work the report that it came from, if it is still there."""

    part: kits.Part
    question: Planned
    bank: Question | None
    report: uuid.UUID | None
    task: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another interview of the same person: who listens, and what they ask; never what they heard."""

    interview_id: uuid.UUID
    who: Sequence[str]
    titles: Sequence[str]
    is_filed: bool


def sheet_of(interview: Interview, viewer: Membership) -> dict[str, Any]:
    """Everything on the page but the candidate and the job. About eight statements for any number."""
    cards = list(interview.scorecards.select_related("rater").defer("remarks"))
    mine = next((card for card in cards if card.rater_id == viewer.user_id), None)
    plan = [_planned(rating) for rating in _questions_of(cards[0].pk)] if cards else []
    sitting = sitting_of(interview.application)
    results = results_of([sitting]).get(sitting.pk, []) if sitting else []
    # Who planned by other ways than our page may have planned more than fits: it is read all the same.
    parts = kits.agenda(interview.kit, max(interview.minutes, kits.least(interview.kit, len(plan))), plan)
    return {
        "agenda": parts,
        "asked": _asked(parts, results),
        "cards": cards,
        "mine": mine,
        "others": _others(interview, covered(interview.application)),
        "sitting": sitting,
        "has_evidence": bool(results),
        "own_anchors": OWN_WORK,
        "museum_for": SLOW_QUERY,
    }


def _questions_of(card_id: uuid.UUID) -> Iterable[Rating]:
    """The plan alone: what was heard stays where it is."""
    plan = ("position", "question_id", "text", "because", "listen_for", "bullet", "minutes")
    return Rating.objects.filter(scorecard=card_id).only(*plan).order_by("position")


def _planned(rating: Rating) -> Planned:
    return Planned(
        text=rating.text, minutes=rating.minutes, question_id=rating.question_id, bullet=rating.bullet,
        because=rating.because, listen_for=rating.listen_for,
    )  # fmt: skip


def _asked(parts: Iterable[kits.Part], results: Sequence[Result]) -> list[Asked]:
    sources = {
        question.text: (task, result.submission_id) for result in results for task, question in own_questions([result])
    }
    return [_one(part, part.question, sources) for part in parts if part.question is not None]


def _one(part: kits.Part, question: Planned, sources: Mapping[str, tuple[str, uuid.UUID]]) -> Asked:
    task, report = ("", None) if question.question_id else sources.get(question.text, ("", None))
    return Asked(part=part, question=question, bank=questions().get(question.question_id), report=report, task=task)


def _others(interview: Interview, there: Iterable[Covering]) -> list[Other]:
    by_interview: dict[uuid.UUID, list[Covering]] = {}
    for each in there:
        if each.interview_id != interview.pk:
            by_interview.setdefault(each.interview_id, []).append(each)
    return [
        Other(
            key,
            list(dict.fromkeys(each.who for each in found)),
            list(dict.fromkeys(each.text for each in found)),
            any(each.is_filed for each in found),
        )
        for key, found in by_interview.items()
    ]
