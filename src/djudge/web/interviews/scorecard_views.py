"""Pages of those who interview: what they have to file, a phone screen at once, and the scorecard."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.hiring.access import allowed, application_for
from djudge.web.interviews import access, actions, kits, selectors
from djudge.web.interviews.forms import ScorecardForm
from djudge.web.interviews.models import Interview, Kit, Scorecard
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May, by_name


@require_safe
@member_view()
def to_file(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The scorecards that somebody still has to file."""
    context = {
        "scorecards": selectors.to_file(membership).order_by("interview__at", "pk")[:200],
        "section": "questions",
    }
    return render(request, "interviews/to_file.html", context)


@require_POST
@member_view()
def begin_phone_screen(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """Call now: a phone screen with oneself as rater; whoever has an open one comes back to it."""
    found = application_for(membership, application_id, May.WRITE_NOTES)
    mine = selectors.to_file(membership).filter(interview__application=found, interview__kit=Kit.PHONE).first()
    if mine is not None:
        return redirect("interviews:interview", mine.interview_id)
    interview = actions.plan(
        actor=membership.user,
        application=found,
        kit=Kit.PHONE,
        minutes=kits.MINUTES[Kit.PHONE][0],
        questions=kits.proposed(Kit.PHONE, found.job),
        raters=[membership.user],
        domain=kits.domain_of(found.job),
        tells=False,
    )
    return redirect("interviews:interview", interview.pk)


@require_http_methods(["GET", "POST"])
@member_view()
def interview(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """The questions with boxes, anchors and room for quotes. Saving takes anything; filing asks for all of it."""
    found = access.interview_for(membership, interview_id)
    card = access.my_scorecard(membership, found)
    if card is None or card.filed_at is not None or found.cancelled_at is not None:
        return _without_form(request, membership, found, card)
    if request.method == "POST":
        return _sent(request, found, card)
    return _page(request, found, card, ScorecardForm(scorecard=card))


def _sent(request: HttpRequest, found: Interview, card: Scorecard) -> HttpResponse:
    is_filed = "file" in request.POST
    form = ScorecardForm(request.POST, scorecard=card, is_filed=is_filed)
    is_good = form.is_valid()
    try:
        if is_good and is_filed:
            actions.file(scorecard=card, answers=form.answers(), remarks=form.cleaned_data["remarks"])
            messages.success(request, _("Filed. From now on others see it, and you see theirs."))
            return redirect("interviews:interview", found.pk)
        # What was refused is kept all the same, as far as it can be read: nobody interviews twice for a missing word.
        actions.save(scorecard=card, answers=form.answers(), remarks=form.cleaned_data.get("remarks", card.remarks))
    except actions.FiledError as error:
        messages.error(request, str(error))
        return redirect("interviews:interview", found.pk)
    if request.headers.get("HX-Request"):
        return render(request, "interviews/scorecard.html#saved", {"saved": is_good, "refused": not is_good})
    if is_good:
        messages.success(request, _("Saved. Nobody but you sees it before you file it."))
        return redirect("interviews:interview", found.pk)
    return _page(request, found, card, form, status=422)


def _page(
    request: HttpRequest, found: Interview, card: Scorecard, form: ScorecardForm, status: int = 200
) -> HttpResponse:
    context = {
        "interview": found,
        "application": found.application,
        "job": found.application.job,
        "form": form,
        "card": card,
        "section": "jobs",
    }
    return render(request, "interviews/scorecard.html", context, status=status)


def _without_form(
    request: HttpRequest, membership: Membership, found: Interview, card: Scorecard | None
) -> HttpResponse:
    """For those who listen to nobody here: the plan. For who has filed: their own card, to read."""
    context = {
        "interview": found,
        "application": found.application,
        "job": found.application.job,
        "card": card,
        "scorecards": found.scorecards.select_related("rater"),
        "may": by_name(allowed(membership, found.application.job)),
        "section": "jobs",
    }
    return render(request, "interviews/interview.html", context)


@require_POST
@member_view()
def join(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """Listen as well, with a scorecard of one's own and the same questions."""
    found = access.interview_for(membership, interview_id, May.WRITE_NOTES)
    if found.cancelled_at is None:
        actions.take_part(actor=membership.user, interview=found)
    return redirect("interviews:interview", found.pk)


@require_POST
@member_view()
def cancel(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """It does not take place."""
    found = access.interview_for(membership, interview_id, May.MANAGE_CANDIDATES)
    actions.cancel(actor=membership.user, interview=found)
    messages.success(request, _("Cancelled. Scorecards that were filed stay."))
    return redirect("workspace:application", found.application_id)
