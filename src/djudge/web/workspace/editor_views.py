"""The workspace in the browser: brief, files, editor, "Run", the way in and out as an archive, handing in.

A signed link is all that there is. All of it works without JavaScript; the editor asks for the same things as JSON.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from djudge.web.grading import library
from djudge.web.grading.actions import RefusedError
from djudge.web.grading.selectors import place_in_queue
from djudge.web.workspace import access, actions, editing
from djudge.web.workspace.forms import FileForm, SaveForm
from djudge.web.workspace.limits import limited
from djudge.web.workspace.models import Sitting, Work
from djudge.web.workspace.tree import tree

#: An archive of a whole project without its packages has some hundred kB.
UPLOAD_BYTES = 5 * 1024 * 1024


@login_not_required
@require_safe
@never_cache
@vary_on_headers("Accept")
def work(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """The workspace: brief, files, editor; once it was handed in, how far the grading is."""
    found = access.work_of(access.sitting_by(token), position)
    if found.sitting.is_shared:
        # Files, saves and runs lead back to the page of the conversation, which knows more than this one.
        return redirect(f"{reverse('pads:work', args=[token])}?{request.GET.urlencode()}")
    if found.sitting.started_at is None:
        return redirect("workspace:sitting", token)
    if found.submission_id is not None:
        return _handed_in(request, found, token)
    if wants_json(request):
        return file_as_json(found, request.GET.get("file", ""))
    context = editor_context(request, found, token, request.GET.get("file", ""))
    context["link"] = request.build_absolute_uri(request.path)
    return render(request, "workspace/work.html", context)


def file_as_json(found: Work, path: str) -> HttpResponse:
    """One file for the editor, with the version that it is of."""
    text = editing.text_of(found, path)
    if text is None:
        return JsonResponse({"error": _("There is no such file.")}, status=404)
    return JsonResponse(
        {
            "path": path,
            "text": text,
            "start": library.workspace(found.task).files.get(path, ""),
            "can_edit": library.may_edit(found.task, path) and not found.sitting.is_over,
            "version": found.version,
        }
    )


def editor_context(request: HttpRequest, found: Work, token: str, path: str) -> dict[str, Any]:
    """What the page with the editor shows, with the file of this path, or another where there is none such."""
    context = _editing(found, token, path)
    context["has_editor"] = "plain" not in request.GET and finders.find("built/editor.js") is not None
    return context


def _editing(found: Work, token: str, wanted: str) -> dict[str, Any]:
    start = library.workspace(found.task).files
    paths = editing.paths_of(found)
    editable = [path for path in paths if library.may_edit(found.task, path)]
    path = wanted if wanted in paths else _first(found, editable)
    return {
        "work": found,
        "card": found.card,
        "token": token,
        "sitting": found.sitting,
        "path": path,
        "text": editing.text_of(found, path) or "",
        "start": start.get(path, ""),
        "can_edit": path in editable and not found.sitting.is_over,
        "over": found.sitting.is_over,
        "is_new": path not in start,
        "root": tree(paths, editable=set(editable), changed=found.files, current=path),
        "deleted": sorted(path for path, text in found.files.items() if text is None),
        "patterns": library.workspace(found.task).patterns,
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
    form = SaveForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, token, _("This could not be read."), 400)
    try:
        version = editing.save(found, **form.cleaned_data)
    except editing.ConflictError as error:
        found.version = error.version
        return _refused(request, found, token, str(error), 409)
    except (editing.OverError, editing.NotAllowedError) as error:
        return _refused(request, found, token, str(error), 422)
    if wants_json(request):
        return JsonResponse({"version": version, "changed": sorted(found.files)})
    if "hand-in" in request.POST:
        return hand_in(request, token, position)
    if "run" in request.POST:
        return run(request, token, position)
    return redirect(f"{request.path.removesuffix('save/')}?file={form.cleaned_data['path']}")


def wants_json(request: HttpRequest) -> bool:
    """Whether it is the editor that asks, and not a form."""
    return request.accepts("application/json") and not request.accepts("text/html")


def _refused(request: HttpRequest, found: Work, token: str, why: str, status: int) -> HttpResponse:
    """Nothing that was typed is lost: the page comes back with it."""
    if wants_json(request):
        return JsonResponse({"error": why, "version": found.version}, status=status)
    context = _editing(found, token, request.POST.get("path", ""))
    context |= {"text": request.POST.get("text", ""), "refusal": why}
    return render(request, "workspace/work.html", context, status=status)


#: What a form may ask of a file: what is done, and where somebody is led afterwards.
_CHANGES: Final[dict[str, Callable[[Work, str, str, int], tuple[object, str]]]] = {
    "make": lambda work, path, to, version: (editing.make_file(work, path=to, version=version), to),
    "rename": lambda work, path, to, version: (editing.rename_file(work, path=path, to=to, version=version), to),
    "delete": lambda work, path, to, version: (editing.delete_file(work, path=path, version=version), ""),
    "restore": lambda work, path, to, version: (editing.restore_file(work, path=path, version=version), path),
}


@login_not_required
@require_POST
def change_files(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """Make, rename, delete or restore a file."""
    found = access.work_of(access.sitting_by(token), position)
    form = FileForm(request.POST)
    shown = request.POST.get("path", "")
    if not form.is_valid():
        messages.error(request, _("Please give the file a name, such as folder/name.py."))
    else:
        wanted = form.cleaned_data
        try:
            shown = _CHANGES[wanted["what"]](found, wanted["path"], wanted["to"], wanted["version"])[1]
        except (editing.ConflictError, editing.NotAllowedError, editing.OverError) as error:
            messages.error(request, str(error))
    return redirect(f"{reverse('workspace:work', args=[token, position])}?file={quote(shown)}")


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
    except editing.OverError as error:
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
    except (editing.OverError, RefusedError) as error:
        messages.error(request, str(error))
    return redirect("workspace:work", token, position)


@login_not_required
@require_POST
def upload(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """What somebody did with tools of their own: a zip of the project or of the changed files."""
    found = access.work_of(access.sitting_by(token), position)
    file = request.FILES.get("archive")
    try:
        if file is None:
            raise editing.NotAllowedError(_("Please choose a zip file."))
        if (file.size or 0) > UPLOAD_BYTES:
            raise editing.NotAllowedError(_("This file is too large. Please pack the changed files alone."))
        editing.take_upload(found, file.read())
        messages.success(request, _("Taken over. Look at it, then hand it in."))
    except (editing.NotAllowedError, editing.OverError) as refused:
        messages.error(request, str(refused))
    return redirect("workspace:work", token, position)


@login_not_required
@require_safe
def download(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """The whole workspace as it is now, as a zip, to work on it elsewhere."""
    found = access.work_of(access.sitting_by(token), position)
    every = {**library.workspace(found.task).files, **found.files}
    mark, said = library.marked(found.task, found.version)
    files = {path: text for path, text in every.items() if text is not None} | {mark: said}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(f"{found.card.id}/{path}", text)
    answer = HttpResponse(packed.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{found.card.id}.zip"'
    return answer
