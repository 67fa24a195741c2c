"""Pages of candidates. No account: a signed link is all that they have. Everything but the editor's comfort works
without JavaScript."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.grading import library, reports
from djudge.web.hiring import access as hiring_access
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.forms import ApplicationForm
from djudge.web.hiring.models import ENDED
from djudge.web.interviews.selectors import of_candidate
from djudge.web.workspace import access, actions, appeals, selectors
from djudge.web.workspace.editing import OverError
from djudge.web.workspace.forms import AppealForm
from djudge.web.workspace.limits import limited
from djudge.web.workspace.personal_data import copy_of, erase
from djudge.web.workspace.team_views import report_page

#: The task that anybody may try.
TRY = "shop/slow-product-list"


@login_not_required
@require_http_methods(["GET", "POST"])
@limited("apply")
def apply(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """A job as everybody sees it, and the form to apply."""
    job = hiring_access.open_job(job_id)
    form = ApplicationForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        actions.apply(job=job, **form.cleaned_data)
        return render(request, "workspace/applied.html", {"job": job, "email": form.cleaned_data["email"]})
    return render(request, "workspace/apply.html", {"job": job, "form": form}, status=422 if form.errors else 200)


@login_not_required
@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Where an application stands, until when there will be an answer, and what can be done."""
    application = hiring_access.application_by(token)
    sitting = selectors.sitting_of(application)
    context = {
        "application": application,
        "job": application.job,
        "token": token,
        "sitting": sitting,
        "sitting_token": access.token_of(sitting) if sitting else "",
        "works": selectors.works_of(sitting) if sitting else (),
        "interviews": of_candidate(application),
        "decision": application.decisions.exclude(message="").first(),
        "has_ended": application.stage in ENDED,
    }
    return render(request, "workspace/status.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
def personal_data(request: HttpRequest, token: str) -> HttpResponse:
    """What is kept about a candidate: a copy of it, or its end, which asks for a tick."""
    application = hiring_access.application_by(token)
    if request.method == "POST" and "erase" in request.POST:
        if "sure" in request.POST:
            erase(application.candidate)
            return render(request, "workspace/erased.html")
        messages.error(request, _("Please tick the box, if you are sure."))
    elif request.method == "POST":
        answer = HttpResponse(copy_of(application.candidate), content_type="application/zip")
        answer["Content-Disposition"] = 'attachment; filename="djudge-about-you.zip"'
        return answer
    context = {"application": application, "team": application.job.team, "token": token}
    return render(request, "workspace/personal_data.html", context)


@login_not_required
@require_POST
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """The candidate takes the application back."""
    hiring.withdraw(application=hiring_access.application_by(token))
    return redirect("workspace:status", token)


@login_not_required
@require_http_methods(["GET", "POST"])
def sitting(request: HttpRequest, token: str) -> HttpResponse:
    """The notice on one page; then, once agreed to, the tasks with their states."""
    found = access.sitting_by(token)
    if found.is_shared:
        return redirect("pads:work", token)
    if request.method == "POST":
        if "agree" not in request.POST:
            messages.error(request, _("Please tick the box, if you agree."))
        else:
            try:
                actions.begin(found)
            except OverError as error:
                messages.error(request, str(error))
        return redirect("workspace:sitting", token)
    context = {"sitting": found, "token": token, "works": selectors.works_of(found)}
    template = "workspace/sitting.html" if found.started_at else "workspace/notice.html"
    return render(request, template, context)


@login_not_required
@require_http_methods(["GET", "POST"])
@limited("try")
def try_it(request: HttpRequest) -> HttpResponse:
    """Anybody, no account: one task in the browser, and a real report."""
    if request.method == "POST":
        return redirect("workspace:work", access.token_of(actions.practise(TRY)), 1)
    return render(request, "workspace/try.html", {"card": library.card(TRY)})


@login_not_required
@require_POST
def again(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """In practice: go on after a report."""
    found = access.work_of(access.sitting_by(token), position)
    try:
        actions.try_again(found)
    except OverError as error:
        messages.error(request, str(error))
    return redirect("workspace:work", token, position)


@login_not_required
@require_POST
def finish(request: HttpRequest, token: str) -> HttpResponse:
    """This is all: what was not handed in stays out."""
    actions.finish(access.sitting_by(token))
    return redirect("workspace:sitting", token)


@login_not_required
@require_http_methods(["GET", "POST"])
@limited("appeal")
def appeal(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """Contest a finding, ask that a person looks, or ask to do the task once more; and what was answered so far."""
    found = access.work_of(access.sitting_by(token), position)
    if found.sitting.is_practice or found.submission is None or not found.submission.is_finished:
        return redirect("workspace:work", token, position)
    result = getattr(found.submission, "result", None)
    form = AppealForm(
        request.POST or None,
        findings=reports.findings(result) if result else [],
        initial={"check": request.GET.get("check", ""), "kind": "finding" if "check" in request.GET else None},
    )
    if form.is_valid():
        try:
            appeals.appeal(found, **form.cleaned_data)
        except appeals.NotNowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("A person of the team will read this and answer by mail."))
            return redirect("workspace:appeal", token, position)
    context = {"work": found, "card": found.card, "token": token, "form": form, "appeals": found.appeals.all()}
    return render(request, "workspace/appeal.html", context, status=422 if form.errors else 200)


@login_not_required
@require_POST
def redo(request: HttpRequest, token: str) -> HttpResponse:
    """Begin the task that was opened once more."""
    try:
        work = appeals.begin_redo(access.sitting_by(token))
    except appeals.NotNowError as error:
        messages.error(request, str(error))
        return redirect("workspace:sitting", token)
    return redirect("workspace:work", token, work.position)


@login_not_required
@require_safe
def report(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """The candidate's report."""
    found = access.work_of(access.sitting_by(token), position)
    if found.submission is None:
        return redirect("workspace:work", token, position)
    return report_page(found.submission, "practice" if found.sitting.is_practice else "candidate")
