"""Pages of candidates about their résumé, by the link to their page: what was read of it, and their own words."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from djudge.web.hiring.access import application_by
from djudge.web.hiring.models import ENDED
from djudge.web.resumes import actions, selectors
from djudge.web.resumes.documents import present_of, read_of, sections_of
from djudge.web.resumes.forms import CorrectionForm, SendForm
from djudge.web.resumes.models import State
from djudge.web.resumes.showing import Showing


@login_not_required
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Exactly what was read and what was not, to be corrected; the team sees both. Three statements."""
    application = application_by(token)
    reading = selectors.reading_of(application)
    context = {
        "application": application,
        "job": application.job,
        "token": token,
        "reading": reading,
        "has_ended": application.stage in ENDED,
    }
    if reading is None or reading.state != State.READ:
        return _not_yet(request, context)
    reading.application = application
    correction = selectors.correction_of(reading)
    sections = correction.sections if correction else sections_of(read_of(reading))
    sent = request.POST if request.method == "POST" else None
    form = CorrectionForm(sent, sections=sections, against=(correction or reading).pk)
    if form.is_valid():
        try:
            made = actions.correct(reading=reading, sections=form.sections(), against=form.cleaned_data["against"])
        except actions.RefusedError as error:
            form.add_error(None, str(error))
            form.data = _against(request.POST, (selectors.correction_of(reading) or reading).pk)
        else:
            said = _("Your words hold from now on.") if made else _("You have changed nothing.")
            messages.success(request, said)
            return redirect("resumes:mine", token)
    context |= {
        "form": form,
        "correction": correction,
        "document": present_of(reading, correction),
        "original": Showing(read_of(reading)).blocks(),
    }
    return render(request, "resumes/mine.html", context, status=422 if form.errors else 200)


def _against(sent: QueryDict, present: uuid.UUID) -> QueryDict:
    """The same once more, to be sent against the text that holds now: they have been told."""
    again = sent.copy()
    again["against"] = str(present)
    return again


def _not_yet(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Nothing to correct; what was typed meanwhile is kept on the page."""
    if request.method != "POST":
        return render(request, "resumes/mine.html", context)
    form = CorrectionForm(request.POST, sections=(), against="")
    form.add_error(None, _("Your file is not read yet, so nothing can be corrected. What you wrote stands below."))
    return render(request, "resumes/mine.html", context | {"form": form}, status=422)


@login_not_required
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, token: str) -> HttpResponse:
    """Add a résumé, or replace the one that is there."""
    application = application_by(token)
    form = SendForm(request.POST, request.FILES) if request.method == "POST" else SendForm()
    if form.is_valid():
        try:
            actions.send(application=application, resume=form.cleaned_data["resume"])
        except actions.RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. It is read within a minute or so."))
            return redirect("resumes:mine", token)
    context = {
        "application": application,
        "job": application.job,
        "token": token,
        "form": form,
        "has_ended": application.stage in ENDED,
    }
    return render(request, "resumes/send.html", context, status=422 if form.errors else 200)
