"""Pages before an interview: its plan, the kit that its listeners read, and what nobody has looked at yet."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from djudge.web.debriefs import coverage, kit_sheets, planning
from djudge.web.debriefs.planning_forms import PlanForm
from djudge.web.hiring.access import allowed, application_for
from djudge.web.hiring.models import ENDED, Application
from djudge.web.interviews import actions, kits
from djudge.web.interviews.access import interview_for
from djudge.web.interviews.models import Interview
from djudge.web.interviews.schedule_views import ZONE, zone_in_use
from djudge.web.interviews.selectors import covered
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May, by_name
from djudge.web.workspace.selectors import results_of, sitting_of


@require_http_methods(["GET", "POST"])
@member_view()
def plan(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """Plan an interview. A GET shows what was chosen so far with its minutes, a POST plans it. Nine statements."""
    found = application_for(membership, application_id, May.MANAGE_CANDIDATES)
    if found.stage in ENDED:
        messages.error(request, _("This application has ended: nobody is interviewed for it any more."))
        return redirect("workspace:application", found.pk)
    sent = request.POST if request.method == "POST" else request.GET
    page = _page(found, sent)
    choices = page["choices"]
    # Ticks that were made for another kind plan nothing: its own questions have to be seen first.
    plans = request.method == "POST" and not choices.is_new_kit
    form = PlanForm(
        sent if plans else None, job=found.job, choices=choices, found=page["offers"],
        initial=_so_far(sent, choices, zone_in_use(request)),
    )  # fmt: skip
    if ZONE not in request.session and "zone" not in sent:
        form.guess_zone()
    if plans and form.is_valid():
        interview = _planned(membership, found, form)
        request.session[ZONE] = form.cleaned_data["zone"]
        messages.success(request, _("Planned. Whoever listens was told by mail."))
        return redirect("debriefs:kit", interview.pk)
    part = request.headers.get("HX-Target", "")
    context = {**page, "form": form, "part": part, "has_new_kit": request.method == "POST" and not plans}
    status = 422 if request.method == "POST" else 200
    return render(request, _PARTS.get(part, "debriefs/plan.html"), context, status=status)


#: What is asked for anew while somebody chooses: the questions of another kind, or the agenda alone.
_PARTS = {"what": "debriefs/plan.html#what", "minutes": "debriefs/plan.html#followed"}


def _page(found: Application, sent: QueryDict) -> dict[str, Any]:
    """Everything but the form."""
    choices = planning.Choices.of(sent, found.job)
    sitting = sitting_of(found)
    own = planning.own_questions(results_of([sitting]).get(sitting.pk, [])) if sitting else []
    there = covered(found)
    looked = coverage.coverage_of(found, sitting, there)
    offers = planning.offers(found, choices, there, own, coverage.gaps(looked))
    return {
        "application": found,
        "job": found.job,
        "choices": choices,
        "offers": offers,
        "has_own": bool(own),
        "levels": coverage.by_level(looked),
        "section": "jobs",
        **_agenda(choices, offers),
    }


def _agenda(choices: planning.Choices, offers: Sequence[planning.Offer]) -> dict[str, Any]:
    try:
        return {"agenda": kits.agenda(choices.kit, choices.minutes, planning.asked_of(offers)), "too_many": ""}
    except kits.TooManyError as error:
        return {"agenda": (), "too_many": str(error)}


def _so_far(sent: QueryDict, choices: planning.Choices, zone: str) -> dict[str, Any]:
    """What stood in the form when it asked for the minutes."""
    return {
        "kit": choices.kit,
        "minutes": str(choices.minutes),
        "domain": choices.domain,
        "who": sent.getlist("who"),
        "day": sent.get("day", ""),
        "time": sent.get("time", ""),
        "zone": sent.get("zone") or zone,
        "place": sent.get("place", ""),
        "names_listeners": "names_listeners" in sent,
    }


def _planned(membership: Membership, found: Application, form: PlanForm) -> Interview:
    choices = form.choices
    return actions.plan(
        actor=membership.user,
        application=found,
        kit=choices.kit,
        minutes=choices.minutes,
        questions=kits.in_time(choices.kit, choices.minutes, planning.asked_of(form.found)),
        raters=form.listeners(),
        appointment=form.appointment(),
        domain=choices.domain,
    )


@require_safe
@member_view()
def kit(request: HttpRequest, membership: Membership, interview_id: uuid.UUID) -> HttpResponse:
    """What a listener reads before an interview, on a phone or on one sheet of paper. Eleven statements for any number
    of interviews and questions."""
    found = interview_for(membership, interview_id)
    application = found.application
    context = {
        "interview": found,
        "application": application,
        "job": application.job,
        "may": by_name(allowed(membership, application.job)),
        **kit_sheets.sheet_of(found, membership),
        "section": "jobs",
    }
    return render(request, "debriefs/kit.html", context)


@require_safe
@member_view()
def coverage_map(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """Which of the guide's bullets were looked at, by whom or what, and which by nobody. Six statements."""
    found = application_for(membership, application_id)
    looked = coverage.coverage_of(found, sitting_of(found), covered(found))
    context = {
        "application": found,
        "job": found.job,
        "may": by_name(allowed(membership, found.job)),
        "levels": coverage.by_level(looked),
        "open": [each for each in looked if each.is_open],
        "section": "jobs",
    }
    return render(request, "debriefs/coverage.html", context)
