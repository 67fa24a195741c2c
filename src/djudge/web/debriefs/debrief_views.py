"""Before somebody decides: what everybody heard, side by side, and what was said beside what was measured."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from djudge.web.debriefs import comparing, said_and_did
from djudge.web.debriefs.wrote import claims_of
from djudge.web.grading.models import Result
from djudge.web.grading.plain_words import in_plain_words
from djudge.web.grading.reports import AssessmentReport
from djudge.web.hiring import access
from djudge.web.hiring.models import Application
from djudge.web.interviews import selectors as interviews
from djudge.web.interviews.models import Rating
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import by_name
from djudge.web.resumes import access as resumes
from djudge.web.workspace import selectors as sittings


@require_safe
@member_view()
def debrief(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """Every question with who put it where, first those where two differ most. Twelve statements for any number of
    raters. Who owes a scorecard is led to it: what others heard would colour it."""
    found = access.application_for(membership, application_id)
    owed = interviews.to_file(membership).filter(interview__application=found).order_by("interview__at", "pk").first()
    if owed is not None:
        messages.info(request, _("File your own scorecard first: the debrief shows what others heard."))
        return redirect("interviews:interview", owed.interview_id)
    ratings = list(_ratings(membership, found))
    placed, _results = _placed(membership, found)
    context = {
        "application": found,
        "job": found.job,
        "may": by_name(access.allowed(membership, found.job)),
        "compared": comparing.compared(ratings),
        "has_ratings": bool(ratings),
        "raised": interviews.red_flags(found, membership),
        "remarks": _remarks(membership, found),
        "unseen": said_and_did.unseen(placed, ratings),
        "awaited": interviews.awaited(found),
        "now": timezone.now(),
        "section": "jobs",
    }
    return render(request, "debriefs/debrief.html", context)


@require_safe
@member_view()
def said_and_done(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """What was written and said of each bullet beside what was measured. Twelve statements for any number of raters; of
    others' ratings as much as the reader may know, of the résumé what they may see of it."""
    found = access.application_for(membership, application_id)
    placed, results = _placed(membership, found)
    wrote = claims_of(found, is_blind=resumes.is_blind(request, membership, found))
    ratings = list(_ratings(membership, found))
    context = {
        "application": found,
        "job": found.job,
        "rows": said_and_did.rows(found.job, placed, in_plain_words(results), ratings, wrote),
        "is_read": wrote is not None,
        "is_measured": placed is not None,
        "owes": interviews.owes_a_scorecard(membership, found),
        "section": "jobs",
    }
    return render(request, "debriefs/said_and_did.html", context)


def _ratings(membership: Membership, application: Application) -> QuerySet[Rating]:
    visible = interviews.filed_ratings(membership).filter(scorecard__interview__application=application)
    asked = visible.select_related("scorecard__rater", "scorecard__interview")
    return asked.order_by("scorecard__interview__created_at", "position", "scorecard__created_at", "pk")


def _placed(membership: Membership, application: Application) -> tuple[AssessmentReport | None, Sequence[Result]]:
    """Three statements, one where nobody was invited."""
    sitting = sittings.sitting_of(application)
    if sitting is None:
        return None, ()
    results = sittings.results_of([sitting]).get(sitting.pk, [])
    return sittings.placed_for(membership, sitting, results), results


def _remarks(membership: Membership, application: Application) -> QuerySet[Any]:
    cards = interviews.filed_scorecards(membership).filter(interview__application=application)
    return cards.exclude(remarks="").select_related("rater", "interview").order_by("filed_at", "pk")
