"""Pages of candidates. No account: a signed link is all that they have. Everything but the editor's comfort works
without JavaScript."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.grading import library
from djudge.web.grading.actions import RefusedError
from djudge.web.grading.selectors import place_in_queue
from djudge.web.hiring import access as hiring_access
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.forms import ApplicationForm
from djudge.web.hiring.models import ENDED
from djudge.web.workspace import access, actions, selectors
from djudge.web.workspace.forms import SaveForm
from djudge.web.workspace.limits import limited
from djudge.web.workspace.models import Sitting, Work
from djudge.web.workspace.team_views import report_page

#: An archive of a whole project without its packages has some hundred kB.
UPLOAD_BYTES = 5 * 1024 * 1024

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
        hiring.apply(job=job, **form.cleaned_data)
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
        "decision": application.decisions.exclude(message="").first(),
        "has_ended": application.stage in ENDED,
    }
    return render(request, "workspace/status.html", context)


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
    if request.method == "POST":
        if "agree" not in request.POST:
            messages.error(request, _("Please tick the box, if you agree."))
        else:
            try:
                actions.begin(found)
            except actions.OverError as error:
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
@require_safe
def work(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """The workspace: brief, files, editor; once it was handed in, how far the grading is."""
    found = access.work_of(access.sitting_by(token), position)
    if found.sitting.started_at is None:
        return redirect("workspace:sitting", token)
    if found.submission_id is not None:
        return _handed_in(request, found, token)
    context = _editing(found, token, request.GET.get("file", ""))
    context["has_editor"] = "plain" not in request.GET and finders.find("built/editor.js") is not None
    return render(request, "workspace/work.html", context)


def _editing(found: Work, token: str, wanted: str) -> dict[str, Any]:
    space = library.workspace(found.task)
    deleted = {path for path, text in found.files.items() if text is None}
    paths = sorted({*space.files, *found.files} - deleted)
    editable = [path for path in paths if library.may_edit(found.task, path)]
    path = wanted if wanted in paths else _first(found, editable)
    return {
        "work": found,
        "card": found.card,
        "token": token,
        "sitting": found.sitting,
        "path": path,
        "text": found.files.get(path, space.files.get(path, "")),
        "start": space.files.get(path, ""),
        "can_edit": path in editable and not found.sitting.is_over,
        "over": found.sitting.is_over,
        "editable": editable,
        "others": [each for each in paths if each not in editable],
        "deleted": sorted(deleted),
        "left": _seconds_left(found.sitting),
        "trial": found.trial,
    }


def _first(found: Work, editable: list[str]) -> str:
    """What was worked on last, else the file that the ticket is most likely about."""
    changed = [path for path, text in found.files.items() if text is not None]
    if changed:
        return str(changed[0])
    views = [path for path in editable if path.endswith(("views.py", "querysets.py"))]
    return (views or editable or [""])[0]


def _seconds_left(sitting: Sitting) -> int | None:
    end = sitting.ends_at
    return max(0, int((end - timezone.now()).total_seconds())) if end else None


def _handed_in(request: HttpRequest, found: Work, token: str) -> HttpResponse:
    submission = found.submission
    assert submission is not None
    context = {
        "work": found,
        "card": found.card,
        "token": token,
        "sitting": found.sitting,
        "submission": submission,
        "place": place_in_queue(submission) if submission.state == "queued" else 0,
    }
    template = "workspace/handed_in.html#progress" if request.headers.get("HX-Request") else "workspace/handed_in.html"
    return render(request, template, context)


@login_not_required
@require_POST
def save(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """Keep one file: from the form, or by the editor, which wants JSON."""
    found = access.work_of(access.sitting_by(token), position)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    form = SaveForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, token, _("This could not be read."), 400, wants_json=wants_json)
    try:
        version = actions.save(found, **form.cleaned_data)
    except actions.ConflictError as error:
        return _refused(request, found, token, str(error), 409, wants_json=wants_json)
    except (actions.OverError, actions.NotAllowedError) as error:
        return _refused(request, found, token, str(error), 422, wants_json=wants_json)
    if wants_json:
        return JsonResponse({"version": version, "changed": sorted(found.files)})
    if "hand-in" in request.POST:
        return hand_in(request, token, position)
    if "run" in request.POST:
        return run(request, token, position)
    return redirect(f"{request.path.removesuffix('save/')}?file={form.cleaned_data['path']}")


def _refused(request: HttpRequest, found: Work, token: str, why: str, status: int, *, wants_json: bool) -> HttpResponse:
    """Nothing that was typed is lost: the page comes back with it."""
    if wants_json:
        return JsonResponse({"error": why, "version": found.version}, status=status)
    context = _editing(found, token, request.POST.get("path", ""))
    context |= {"text": request.POST.get("text", ""), "refusal": why}
    return render(request, "workspace/work.html", context, status=status)


@login_not_required
@require_http_methods(["GET", "POST"])
@limited("run")
def run(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """POST: run the visible tests on what was saved. GET: how far that is, or what came of it."""
    found = access.work_of(access.sitting_by(token), position)
    if request.method == "GET":
        context = {"work": found, "trial": found.trial, "token": token}
        return render(request, "workspace/work.html#trial", context)
    try:
        actions.try_out(found)
    except actions.OverError as error:
        messages.error(request, str(error))
    back = f"{reverse('workspace:work', args=[token, position])}?file={quote(request.POST.get('path', ''))}"
    return redirect(f"{back}#results")


@login_not_required
@require_POST
def hand_in(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """Hand in what was saved; twice is once."""
    found = access.work_of(access.sitting_by(token), position)
    try:
        actions.hand_in(found)
    except (actions.OverError, RefusedError) as error:
        messages.error(request, str(error))
    return redirect("workspace:work", token, position)


@login_not_required
@require_POST
def again(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """In practice: go on after a report."""
    found = access.work_of(access.sitting_by(token), position)
    try:
        actions.try_again(found)
    except actions.OverError as error:
        messages.error(request, str(error))
    return redirect("workspace:work", token, position)


@login_not_required
@require_POST
def finish(request: HttpRequest, token: str) -> HttpResponse:
    """This is all: what was not handed in stays out."""
    actions.finish(access.sitting_by(token))
    return redirect("workspace:sitting", token)


@login_not_required
@require_safe
def report(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """The candidate's report."""
    found = access.work_of(access.sitting_by(token), position)
    if found.submission is None:
        return redirect("workspace:work", token, position)
    return report_page(found.submission, "practice" if found.sitting.is_practice else "candidate")


@login_not_required
@require_POST
def upload(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """What somebody did with tools of their own: a zip of the project or of the changed files."""
    found = access.work_of(access.sitting_by(token), position)
    file = request.FILES.get("archive")
    try:
        if file is None:
            raise actions.NotAllowedError(_("Please choose a zip file."))
        if (file.size or 0) > UPLOAD_BYTES:
            raise actions.NotAllowedError(_("This file is too large. Please pack the changed files alone."))
        actions.take_upload(found, file.read())
        messages.success(request, _("Taken over. Look at it, then hand it in."))
    except (actions.NotAllowedError, actions.OverError) as refused:
        messages.error(request, str(refused))
    return redirect("workspace:work", token, position)


@login_not_required
@require_safe
def download(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """The whole workspace as it is now, as a zip, to work on it elsewhere."""
    found = access.work_of(access.sitting_by(token), position)
    every = {**library.workspace(found.task).files, **found.files}
    files = {path: text for path, text in every.items() if text is not None}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(f"{found.card.id}/{path}", text)
    answer = HttpResponse(packed.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{found.card.id}.zip"'
    return answer
