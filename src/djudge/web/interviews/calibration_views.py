"""A rater's own calibration. No address of these names a person: whoever asks is whom it is about."""

from __future__ import annotations

import json
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from djudge.web.interviews import actions, calibrating
from djudge.web.interviews.bank import ANCHORS
from djudge.web.interviews.calibration import FEWEST
from djudge.web.interviews.views import WORDS
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership


@require_safe
@member_view()
def calibration(request: HttpRequest, membership: Membership) -> HttpResponse:
    """How one's own ratings agree with the recorded anchors, and with others' of the same candidates. Four statements
    for any number."""
    kept = calibrating.kept_by(membership.user)
    recorded = calibrating.with_the_recorded(kept)
    context = {
        "kept": [(each, WORDS[each.rating.anchor], WORDS.get(each.recorded or "")) for each in kept],
        "recorded": recorded,
        "rows": [(WORDS[anchor], row) for anchor, row in zip(ANCHORS, recorded.table, strict=True)],
        "words": [WORDS[anchor] for anchor in ANCHORS],
        "others": calibrating.with_others(membership),
        "fewest": FEWEST,
        "section": "questions",
    }
    return render(request, "interviews/calibration.html", context)


@require_safe
@member_view()
def download(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One's own kept ratings as JSON, to take along."""
    rows = [
        {
            "question": each.rating.question_id,
            "recorded answer": each.rating.sample,
            "mine": each.rating.anchor,
            "recorded": each.recorded,
            "kept": each.rating.created_at.isoformat(),
        }
        for each in calibrating.kept_by(membership.user)
    ]
    answer = HttpResponse(json.dumps(rows, indent=2), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="calibration.json"'
    return answer


@require_POST
@member_view()
def erase(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All of one's own, for good."""
    number = actions.forget_calibration(actor=membership.user)
    said = ngettext("%(n)s rating is erased.", "%(n)s ratings are erased.", number) % {"n": number}
    messages.success(request, said if number else _("There was nothing to erase."))
    return redirect("interviews:calibration")


@require_POST
@member_view()
def erase_one(request: HttpRequest, membership: Membership, rating_id: uuid.UUID) -> HttpResponse:
    """One of one's own; somebody else's is not there, whoever asks."""
    if not actions.forget_calibration(actor=membership.user, rating_id=rating_id):
        raise Http404
    messages.success(request, _("It is erased."))
    return redirect("interviews:calibration")
