"""Pages of the hiring team about résumés: what was read, where it stands, and what to ask."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from djudge.web.hiring.access import application_for
from djudge.web.hiring.models import Application
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May, allows
from djudge.web.resumes import access, actions, selectors, signals
from djudge.web.resumes.documents import present_of, read_of
from djudge.web.resumes.forms import AnswerForm
from djudge.web.resumes.models import Reading, State
from djudge.web.resumes.sentences import sentence
from djudge.web.resumes.showing import Showing


@require_safe
@member_view()
def resume_list(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every résumé of jobs that somebody may see, the newest first, and what is looked for. Four statements."""
    page = selectors.NEWEST.page(selectors.readings_for(membership), request.GET)
    shows_names = allows(membership.role, May.MANAGE_CANDIDATES)
    context = {
        "page": page,
        "rows": [(reading, [sentence(*gap) for gap in getattr(reading, "gaps", None) or ()]) for reading in page],
        "shows_names": shows_names,
        "signals": signals.SIGNALS.values(),
        "section": "jobs",
    }
    return render(request, "resumes/list.html", context)


@require_safe
@member_view()
def reading(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """A résumé's text in the order of reading, what could not be read, and questions. Seven statements."""
    application = application_for(membership, application_id, May.WRITE_NOTES)
    return _page(request, membership, application, {})


def _page(
    request: HttpRequest, membership: Membership, application: Application, refused: Mapping[str, AnswerForm]
) -> HttpResponse:
    found = selectors.reading_of(application)
    context: dict[str, Any] = {
        "application": application,
        "job": application.job,
        "reading": found,
        "blind": access.is_blind(request, membership, application),
        "may_read_again": found is not None and actions.may_be_read_again(found),
        "section": "jobs",
    }
    if found is not None and found.state == State.READ:
        context |= _shown(found, application, refused, is_blind=context["blind"])
    return render(request, "resumes/reading.html", context, status=422 if refused else 200)


def _shown(
    found: Reading, application: Application, refused: Mapping[str, AnswerForm], *, is_blind: bool
) -> dict[str, Any]:
    correction = selectors.correction_of(found)
    name = application.candidate.name if is_blind else ""
    document = present_of(found, correction)
    showing = Showing(document, name=name)
    return {
        "document": document,
        "blocks": showing.blocks(),
        "questions": showing.questions(selectors.answers_of(found), correction, refused),
        "correction": correction,
        "original": Showing(read_of(found), name=name).blocks() if correction else (),
        "about": (correction or found).pk,
    }


@require_POST
@member_view()
def answer(request: HttpRequest, membership: Membership, application_id: uuid.UUID, signal: str) -> HttpResponse:
    """Somebody confirms or dismisses what a signal says; what can't be taken comes back as it was typed."""
    application = application_for(membership, application_id, May.WRITE_NOTES)
    found = selectors.reading_of(application)
    if found is None or found.state != State.READ or signal not in signals.SIGNALS:
        raise Http404
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer(
                actor=membership.user, reading=found, signal=signal, said=_said(found, signal), **form.cleaned_data
            )
        except actions.RefusedError as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{reverse('resumes:reading', args=[application.pk])}#signal-{signal}")
    return _page(request, membership, application, {signal: form})


def _said(found: Reading, signal: str) -> str:
    document = present_of(found, selectors.correction_of(found))
    said = next((str(each.state) for each in signals.find(document) if each.signal == signal), None)
    if said is None:
        raise Http404
    return said


@require_POST
@member_view()
def blind(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """Hide or show who the person is; anybody may, and it is noted."""
    application = application_for(membership, application_id, May.WRITE_NOTES)
    hides = request.POST.get("blind") == "on"
    if hides != access.is_blind(request, membership, application):
        actions.switch_blind(actor=membership.user, application=application, blind=hides)
        access.choose(request, application, blind=hides)
    return redirect("resumes:reading", application.pk)


@require_POST
@member_view()
def again(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """Read the file once more."""
    application = application_for(membership, application_id, May.MANAGE_CANDIDATES)
    try:
        actions.read_again(actor=membership.user, application=application)
    except actions.RefusedError as error:
        messages.error(request, str(error))
    return redirect("resumes:reading", application.pk)
