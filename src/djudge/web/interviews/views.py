"""Pages of the question bank. Nothing of them is in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from djudge.web.hiring.models import UseCase
from djudge.web.interviews import actions
from djudge.web.interviews.bank import ANCHORS, Question, Sample, questions
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership

#: The anchors in words, and for whom questions are.
WORDS: Final = {"junior": _("Junior"), "middle": _("In between"), "senior": _("Senior")}
AUDIENCES: Final = {
    "recruiter": _("For a first call, by people who are no engineers"),
    "developer": _("For developers"),
    "architect": _("For those who design"),
    "all": _("For everybody"),
}


@require_safe
@member_view()
def question_list(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The bank, by whom a question is for; those of another use are left out where a use is named."""
    use = request.GET.get("use", "")
    shown = [each for each in questions().values() if use not in UseCase or each.use_case in ("", use)]
    order = list(AUDIENCES)
    by_audience = groupby(sorted(shown, key=lambda each: order.index(each.audience)), key=lambda each: each.audience)
    context = {
        "groups": [(AUDIENCES[audience], list(found)) for audience, found in by_audience],
        "uses": UseCase.choices,
        "use": use,
        "section": "questions",
    }
    return render(request, "interviews/questions.html", context)


@require_safe
@member_view()
def question(request: HttpRequest, membership: Membership, question_id: str) -> HttpResponse:
    """One question: anchors, what to listen for, what to ask next."""
    found = _question(question_id)
    needs = [(box, [anchor for anchor in ANCHORS if box.id in found.needs[anchor]]) for box in found.boxes]
    context = {"question": found, "anchors": _anchors(found), "boxes": needs, "section": "questions"}
    return render(request, "interviews/question.html", context)


@dataclass(frozen=True, slots=True)
class Rated:
    """A recorded answer with what somebody who practises said of it; empty before they did."""

    key: str
    sample: Sample
    ticked: Sequence[str]
    mine: str
    reached: str

    @property
    def agrees(self) -> bool:
        """Whether it was put where it was recorded."""
        return self.mine == self.sample.anchor


@require_http_methods(["GET", "POST"])
@member_view()
def practise(request: HttpRequest, membership: Membership, question_id: str) -> HttpResponse:
    """Rate the recorded answers of a question, then see where they were put by those who wrote them. Kept for
    nobody but oneself, and only where one asks for it before comparing."""
    found = _question(question_id)
    rated = [_rated(found, sample, request.POST) for sample in _shuffled(found)]
    is_complete = request.method == "POST" and all(each.mine for each in rated)
    wants = "keep" in request.POST
    if is_complete and wants:
        anchors = {each.key: each.mine for each in rated}
        actions.keep_for_calibration(actor=membership.user, question_id=found.id, anchors=anchors)
    context = {
        "question": found,
        "anchors": _anchors(found),
        "rated": rated,
        "is_complete": is_complete,
        "is_missing": request.method == "POST" and not is_complete,
        "agreed": sum(each.agrees for each in rated),
        "words": WORDS,
        "wants": wants,
        "section": "questions",
    }
    status = 422 if context["is_missing"] else 200
    return render(request, "interviews/practise.html", context, status=status)


def _question(question_id: str) -> Question:
    try:
        return questions()[question_id]
    except KeyError as error:
        raise Http404 from error


def _anchors(found: Question) -> list[tuple[str, object, str]]:
    return [(anchor, WORDS[anchor], found.anchors[anchor]) for anchor in ANCHORS]


def _shuffled(found: Question) -> list[Sample]:
    """Always in the same order, which says nothing of the anchors."""
    return sorted(found.samples, key=lambda each: hashlib.sha256(each.answer.encode()).digest())


def _rated(found: Question, sample: Sample, sent: QueryDict) -> Rated:
    key = sample.key
    boxes = {box.id for box in found.boxes}
    ticked = [each for each in sent.getlist(f"heard-{key}") if each in boxes]
    mine = sent.get(f"anchor-{key}", "")
    return Rated(key, sample, ticked, mine if mine in ANCHORS else "", found.reached(ticked))
