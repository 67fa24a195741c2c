"""Pages about when an interview is, and who listens: changes of the plan, and calendar files for both sides."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.hiring.access import application_by
from djudge.web.interviews import access, actions, calendars
from djudge.web.interviews.actions import TooLateError
from djudge.web.interviews.models import Interview
from djudge.web.interviews.schedule_forms import ListenersForm, MoveForm
from djudge.web.interviews.zones import zones
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May

#: In the session: the time zone in which somebody planned last.
ZONE = "zone"


def zone_in_use(request: HttpRequest) -> str:
    """Where somebody planned last, else where the installation is, else UTC."""
    wanted = str(request.session.get(ZONE, settings.TIME_ZONE))
    return wanted if wanted in zones() else "UTC"


@require_http_methods(["GET", "POST"])
@member_view()
def change(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """Another time, another place, more listeners; all of it before somebody has filed. Seven statements."""
    found = access.interview_for(membership, interview_id, May.MANAGE_CANDIDATES)
    adds = "add" in request.POST
    moves = request.method == "POST" and not adds
    move_form = MoveForm(request.POST) if moves else MoveForm.of(found, zone_in_use(request))
    if ZONE not in request.session and found.at is None and not moves:
        move_form.guess_zone()
    cards = list(found.scorecards.select_related("rater"))
    who_form = ListenersForm(request.POST if adds else None, job=found.application.job, there=cards)
    form = who_form if adds else move_form
    if request.method == "POST" and form.is_valid():
        try:
            _changed(request, membership, found, move_form, who_form)
        except TooLateError as error:
            messages.error(request, str(error))
        return redirect("interviews:interview", found.pk)
    context = {
        "interview": found,
        "application": found.application,
        "job": found.application.job,
        "move_form": move_form,
        "who_form": who_form,
        "cards": cards,
        "section": "jobs",
    }
    return render(request, "interviews/change.html", context, status=422 if form.errors else 200)


def _changed(
    request: HttpRequest, membership: Membership, found: Interview, move_form: MoveForm, who_form: ListenersForm
) -> None:
    if who_form.is_bound:
        actions.add_listeners(actor=membership.user, interview=found, raters=who_form.listeners())
        messages.success(request, _("They listen as well, and were told by mail."))
        return
    actions.move(actor=membership.user, interview=found, appointment=move_form.appointment())
    request.session[ZONE] = move_form.cleaned_data["zone"]
    messages.success(request, _("Moved. Everybody who listens was told by mail, and the candidate too."))


@require_POST
@member_view()
def take_off(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """Somebody does not listen after all."""
    found = access.interview_for(membership, interview_id, May.MANAGE_CANDIDATES)
    try:
        actions.take_off(actor=membership.user, interview=found, rater_id=request.POST.get("who", ""))
    except TooLateError as error:
        messages.error(request, str(error))
    return redirect("interviews:change", found.pk)


@require_safe
@member_view()
def calendar(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """The interview for one's own calendar; Http404 without a time."""
    found = access.interview_for(membership, interview_id)
    if found.at is None:
        raise Http404
    return _file(calendars.for_listener(found, membership.user.email))


@login_not_required
@require_safe
def candidate_calendar(request: HttpRequest, token: str, interview_id: uuid.UUID) -> HttpResponse:
    """The candidate's file, under their own link; Http404 for anybody else's interview, and without a time."""
    application = application_by(token)
    found = get_object_or_404(application.interviews.filter(at__isnull=False), pk=interview_id)
    found.application = application
    page = settings.SITE_ADDRESS + reverse("workspace:status", args=[token])
    return _file(calendars.for_candidate(found, page))


def _file(content: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=calendars.KIND)
    answer["Content-Disposition"] = 'attachment; filename="interview.ics"'
    return answer
