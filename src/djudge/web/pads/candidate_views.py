"""The candidate's side of a pad: the editor at a signed link, with what both ask and see."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from djudge.web.pads import access, actions, looking, selectors
from djudge.web.pads.models import Pad, PadRun
from djudge.web.pads.views import asked
from djudge.web.workspace import actions as workspace
from djudge.web.workspace import editing
from djudge.web.workspace.editor_views import editor_context, file_as_json, wants_json
from djudge.web.workspace.forms import SaveForm
from djudge.web.workspace.limits import limited
from djudge.web.workspace.team_views import report_page


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
@vary_on_headers("Accept")
def work(request: HttpRequest, token: str) -> HttpResponse:
    """The notice, and once it was read the editor with the buttons; after the end a sentence. A POST begins."""
    pad = access.pad_by(token)
    if pad.is_over:
        return render(request, "pads/ended.html", {"pad": pad})
    if request.method == "POST":
        workspace.begin(pad.sitting)
        return redirect("pads:work", token)
    if pad.sitting.started_at is None:
        return render(request, "pads/notice.html", {"pad": pad, "card": selectors.work_of(pad).card})
    found = selectors.work_of(pad)
    if wants_json(request):
        return _file(request, pad, token)
    context = editor_context(request, found, token, request.GET.get("file", ""))
    actions.see(pad, context["path"])
    return render(request, "pads/work.html", context | looking.context_of(pad, "candidate"))


def _file(request: HttpRequest, pad: Pad, token: str) -> HttpResponse:
    """One file for the editor; the interviewer sees in which one the candidate is."""
    path = request.GET.get("file", "")
    answer = file_as_json(selectors.work_of(pad), path)
    if answer.status_code == 200:
        actions.see(pad, path)
    return answer


@login_not_required
@require_safe
@never_cache
def live(request: HttpRequest, token: str) -> HttpResponse:
    """What has changed since the candidate looked. One statement where nothing has, and every few seconds another one:
    that they are there."""
    pad = access.pad_by(token)
    if not pad.is_over:
        actions.see(pad)
    return looking.look_again(request, pad, "candidate")


@login_not_required
@require_POST
@limited("run")
def run(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the system something about what stands in the editor, which is saved first where it comes along."""
    pad = access.pad_by(token)
    refusal = _saved(request, pad)
    told = refusal or asked(pad, request.POST.get("what", ""), PadRun.Side.CANDIDATE)
    if request.headers.get("HX-Request"):
        return looking.look_again(request, access.pad_by(token), "candidate", told)
    if refusal and not pad.is_over:
        return _refused(request, pad, token, refusal)
    if told:
        messages.error(request, told)
    query = urlencode({"file": request.POST.get("path", ""), **({"plain": ""} if "plain" in request.POST else {})})
    return redirect(f"{reverse('pads:work', args=[token])}?{query}#measured")


def _refused(request: HttpRequest, pad: Pad, token: str, refusal: str) -> HttpResponse:
    """Nothing that was typed is lost: the page comes back with it."""
    found = selectors.work_of(pad)
    path = request.POST.get("path", "")
    context = editor_context(request, found, token, path) | looking.context_of(pad, "candidate")
    context |= {"text": request.POST.get("text", ""), "refusal": refusal}
    return render(request, "pads/work.html", context, status=422)


def _saved(request: HttpRequest, pad: Pad) -> str:
    """Keep what was typed; why it can't be kept, and empty where it could, or nothing came along."""
    if pad.is_over:
        return _("This conversation has ended.")
    form = SaveForm(request.POST)
    if not form.is_valid():
        return "" if "text" not in request.POST else _("This could not be read.")
    found = selectors.work_of(pad)
    if form.cleaned_data["text"] != editing.text_of(found, form.cleaned_data["path"]):
        try:
            editing.save(found, **form.cleaned_data)
        except (editing.ConflictError, editing.NotAllowedError, editing.OverError) as error:
            return str(error)
    return ""


@login_not_required
@require_safe
def report(request: HttpRequest, token: str, run_id: uuid.UUID) -> HttpResponse:
    """The whole report of a run: everything that was measured, because nobody is assessed by it."""
    pad = access.pad_by(token)
    if pad.is_over:
        return redirect("pads:work", token)
    return report_page(access.run_of(pad, run_id).submission, "practice")
