"""What the anchors of a rating say: those of its question in the bank, or those for questions about one's own work."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.interviews.bank import ANCHORS, Question, questions
from djudge.web.interviews.models import Rating

#: For questions that were made from what was measured of the candidate's own work.
OWN_WORK: Final[Mapping[str, object]] = {
    "junior": _l("Can't say why it is so, or does not know this part of their work."),
    "middle": _l("Explains what it does, and sees what was measured once it is pointed out."),
    "senior": _l("Says why it is so and what it costs, and what they would keep or change."),
}

#: As what a rated answer counts.
OUTCOMES: Final[Mapping[str, str]] = {"junior": "not_shown", "middle": "partly", "senior": "shown"}


def question_of(rating: Rating) -> Question | None:
    """Its question in the bank; None for one about the candidate's own work, or one that the bank no longer has."""
    return questions().get(rating.question_id)


def anchors_of(rating: Rating) -> dict[str, str]:
    """From the lowest to the highest, in words."""
    question = question_of(rating)
    return dict(question.anchors) if question else {anchor: str(OWN_WORK[anchor]) for anchor in ANCHORS}


def anchor_text(rating: Rating, anchor: str) -> str:
    """What one anchor says; empty for none."""
    return anchors_of(rating).get(anchor, "")


def reached(rating: Rating, ticked: Collection[str]) -> str:
    """Where the ticked boxes put an answer; empty where there are no boxes."""
    question = question_of(rating)
    return question.reached(ticked) if question else ""


def what_is_missing(rating: Rating, anchor: str, ticked: Collection[str]) -> str:
    """Why an answer can't be put so high, in a sentence; empty where it can."""
    question = question_of(rating)
    missing = question.missing(anchor, ticked) if question and anchor else []
    if not missing:
        return ""
    return _("For this anchor they would have to say as well: %(what)s") % {
        "what": "; ".join(box.label for box in missing)
    }
