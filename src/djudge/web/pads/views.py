"""The interviewer's side of a pad."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.grading.actions import RefusedError
from djudge.web.interviews.access import interview_for
from djudge.web.interviews.models import Interview
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May
from djudge.web.pads import access, actions, looking, selectors
from djudge.web.pads.models import Pad, PadRun
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.access import token_of
from djudge.web.workspace.editing import OverError
from djudge.web.workspace.team_views import report_page

#: The button that every task has beside those of its scene.
TESTS = "tests"


@require_http_methods(["GET", "POST"])
@never_cache
@member_view()
def pad(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """The pad of an interview; where there is none, or it has ended, the tasks with which one is opened by a POST."""
    interview = interview_for(membership, interview_id, May.WRITE_NOTES if request.method == "POST" else None)
    found = access.pad_in(interview)
    if request.method == "POST":
        return _open(request, membership, interview, found)
    if found is None or found.is_over:
        return _choose(request, interview, found)
    return render(request, "pads/pad.html", _context(request, found))


def _context(request: HttpRequest, found: Pad) -> dict[str, object]:
    link = settings.SITE_ADDRESS + reverse("pads:work", args=[token_of(found.sitting)])
    interview = found.interview
    facts = {"interview": interview, "application": interview.application, "link": link, "section": "jobs"}
    return looking.context_of(found, "interviewer") | facts


def _open(request: HttpRequest, membership: Membership, interview: Interview, found: Pad | None) -> HttpResponse:
    try:
        actions.open_pad(actor=membership.user, interview=interview, task=request.POST.get("task", ""))
    except actions.NotNowError as error:
        return _choose(request, interview, found, refusal=str(error))
    return redirect("pads:pad", interview.pk)


def _choose(request: HttpRequest, interview: Interview, found: Pad | None, refusal: str = "") -> HttpResponse:
    """A POST that was refused comes back with what was chosen."""
    assessed = selectors.still_assessed(interview.application)
    context = {
        "interview": interview,
        "application": interview.application,
        "ended": found,
        "scenes": [(card, selectors.buttons(card), name in assessed) for name, card in selectors.scenes().items()],
        "chosen": request.POST.get("task", ""),
        "refusal": refusal,
        "section": "jobs",
    }
    return render(request, "pads/choose.html", context, status=422 if refusal else 200)


@require_safe
@never_cache
@member_view()
def live(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """What has changed since somebody looked; asked every two seconds. One statement where nothing has."""
    return looking.look_again(request, access.watched(membership, interview_id), "interviewer")


@require_POST
@member_view()
def run(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """Ask the system something: the visible tests, more data, the same at once, everything."""
    found = access.pad_of(membership, interview_id, May.WRITE_NOTES)
    told = asked(found, request.POST.get("what", ""), PadRun.Side.INTERVIEWER)
    if request.headers.get("HX-Request"):
        return looking.look_again(request, access.watched(membership, interview_id), "interviewer", told)
    if told:
        messages.error(request, told)
    return redirect(f"{reverse('pads:pad', args=[interview_id])}#measured")


def asked(found: Pad, what: str, side: str) -> str:
    """Ask on behalf of a side; why it can't be asked now, and empty where it could."""
    try:
        if what == TESTS:
            workspace.try_out(selectors.work_of(found))
        else:
            actions.ask(found, what, side)
    except (actions.NotNowError, OverError, RefusedError) as error:
        return str(error)
    return ""


@require_POST
@member_view()
def end(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """The conversation is over."""
    found = access.pad_of(membership, interview_id, May.WRITE_NOTES)
    actions.end(actor=membership.user, pad=found)
    messages.success(request, _("Ended. Files and results are erased in a day."))
    return redirect("interviews:interview", interview_id)


@require_safe
@member_view()
def report(request: HttpRequest, membership: Membership, interview_id: uuid.UUID, run_id: uuid.UUID) -> HttpResponse:
    """The whole report of a run, as whoever practises has it: the candidate reads the same."""
    found = access.run_of(access.pad_of(membership, interview_id), run_id)
    return report_page(found.submission, "practice")
