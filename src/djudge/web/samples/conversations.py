"""What was said in the sample: a call and an interview, filed with the bank's own recorded answers as quotes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from djudge.web.accounts.models import User
from djudge.web.hiring.models import Application
from djudge.web.interviews import actions, kits
from djudge.web.interviews.bank import questions
from djudge.web.interviews.models import Interview, Kit, Scorecard

#: Where two who listened to the same answers put them: one of them two anchors apart, so that debriefs begin somewhere.
MOSTLY_SENIOR: Final[Mapping[str, str]] = {"what-is-django-for": "middle"}
MORE_CAREFUL: Final[Mapping[str, str]] = {"slow-query": "junior", "write-an-endpoint": "middle"}


def call(application: Application, recruiter: User, anchor: str) -> None:
    """A phone screen whose answers all came to this anchor."""
    talk = _planned(application, recruiter, Kit.PHONE, recruiter)
    _file(talk.scorecards.get(), {}, anchor)


def interview(application: Application, planner: User, first: User, second: User) -> None:
    """An interview of a developer to which two listened; both have filed, and don't agree about everything."""
    talk = _planned(application, planner, Kit.DEVELOPER, first, second)
    _file(talk.scorecards.get(rater=first), MOSTLY_SENIOR, "senior")
    _file(talk.scorecards.get(rater=second), MORE_CAREFUL, "senior")


def _planned(application: Application, planner: User, kit: str, *raters: User) -> Interview:
    return actions.plan(
        actor=planner,
        application=application,
        kit=kit,
        minutes=kits.MINUTES[kit][0],
        questions=kits.proposed(kit, application.job),
        raters=raters,
        domain=kits.domain_of(application.job),
        tells=False,
    )


def _file(card: Scorecard, special: Mapping[str, str], otherwise: str) -> None:
    answers = {
        rating.position: _answer(rating.question_id, special.get(rating.question_id, otherwise))
        for rating in card.ratings.all()
    }
    actions.file(scorecard=card, answers=answers, remarks="")


def _answer(question_id: str, anchor: str) -> actions.Answer:
    question = questions()[question_id]
    quote = next(sample.answer for sample in question.samples if sample.anchor == anchor)
    ticked = [box.id for box in question.boxes if box.id in question.needs[anchor]]
    return actions.Answer(ticked=ticked, anchor=anchor, quote=quote)
