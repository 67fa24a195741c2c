"""Pages of the hiring team about jobs and candidates."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.assessments import proposals
from djudge.web.common.counting import counted
from djudge.web.hiring import access, actions, selectors
from djudge.web.hiring.forms import (
    BuildsForm,
    CandidateForm,
    DecisionForm,
    ExtraTimeForm,
    FilterForm,
    JobForm,
    MembersForm,
    NoteForm,
    SaveFilterForm,
)
from djudge.web.hiring.models import SavedFilter, Stage
from djudge.web.hiring.steps import MOVABLE
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May, by_name

PAGE_SIZE = 50


@require_safe
@member_view()
def job_list(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's jobs. Three statements for any number: who asks, how many, a page of them."""
    page = Paginator(selectors.job_list(membership), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "hiring/job_list.html", {"page": page, "section": "jobs"})


@require_http_methods(["GET", "POST"])
@member_view(May.EDIT_JOBS)
def new_job(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What will this person build? The answer proposes everything else, on the next page."""
    form = BuildsForm(request.POST or None)
    if form.is_valid():
        fields = proposals.for_job(membership.team, membership.user, **form.cleaned_data)
        job = actions.create_job(actor=membership.user, team=membership.team, fields=fields)
        messages.success(request, _("Here is a proposal. Change what does not fit; candidates can come at any time."))
        return redirect("hiring:change-job", job.pk)
    return render(request, "hiring/new_job.html", {"form": form, "section": "jobs"}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_view()
def change_job(request: HttpRequest, membership: Membership, job_id: uuid.UUID) -> HttpResponse:
    """A job's assessment, level, promise and state."""
    job = access.job_for(membership, job_id, May.EDIT_JOBS)
    form = JobForm(request.POST or None, instance=job, team=membership.team)
    if request.method == "POST" and form.is_valid():
        actions.change_job(actor=membership.user, job=access.job_for(membership, job_id), fields=form.cleaned_data)
        messages.success(request, _("The job is up to date."))
        return redirect("hiring:job", job.pk)
    context = {"form": form, "job": job, "section": "jobs"}
    return render(request, "hiring/change_job.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_view()
def members(request: HttpRequest, membership: Membership, job_id: uuid.UUID) -> HttpResponse:
    """Who works on a job, and as what. Four statements."""
    job = access.job_for(membership, job_id, May.EDIT_JOBS)
    form = MembersForm(
        request.POST or None,
        memberships=membership.team.memberships.select_related("user").order_by("user__name"),
        roles=dict(job.members.values_list("user_id", "role")),
    )
    if request.method == "POST" and form.is_valid():
        actions.name_members(actor=membership.user, job=job, roles=form.roles)
        return redirect("hiring:job", job.pk)
    return render(request, "hiring/members.html", {"form": form, "job": job, "section": "jobs"})


@require_safe
@member_view()
def job(request: HttpRequest, membership: Membership, job_id: uuid.UUID) -> HttpResponse:
    """A job's candidates, as a board or as a table. Eight statements for any number."""
    found = access.job_for(membership, job_id)
    filters = FilterForm(request.GET)
    as_table = request.GET.get("as") == "table"
    chosen = filters.chosen()
    allowed = access.allowed(membership, found)
    context: dict[str, Any] = {
        "job": found,
        "may": by_name(allowed),
        "filters": filters,
        "is_filtered": any(chosen.values()),
        "as_table": as_table,
        "saved": found.saved_filters.filter(user=membership.user),
        "section": "jobs",
    }
    if as_table:
        every = selectors.applications_of(found, **chosen)
        page = selectors.LONGEST_WAITING.page(every, request.GET)
        context |= {"page": page, "count": counted(every), "is_empty": not page}
    else:
        columns = selectors.board(found, allowed, **chosen)
        context |= {"columns": columns, "is_empty": not any(column["count"] for column in columns)}
    return render(request, "hiring/job.html", context)


@require_POST
@member_view()
def save_filter(request: HttpRequest, membership: Membership, job_id: uuid.UUID) -> HttpResponse:
    """Keep what is shown now under a name; the same name once more replaces it."""
    found = access.job_for(membership, job_id)
    form = SaveFilterForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please give the filter a short name."))
        return redirect("hiring:job", found.pk)
    SavedFilter.objects.update_or_create(
        user=membership.user, job=found, name=form.cleaned_data["name"], defaults={"query": form.query()}
    )
    return redirect(f"{reverse('hiring:job', args=[found.pk])}?{form.query()}")


@require_POST
@member_view()
def forget_filter(
    request: HttpRequest, membership: Membership, job_id: uuid.UUID, filter_id: uuid.UUID
) -> HttpResponse:
    """Forget one of one's own."""
    found = access.job_for(membership, job_id)
    SavedFilter.objects.filter(user=membership.user, job=found, pk=filter_id).delete()
    return redirect("hiring:job", found.pk)


@require_http_methods(["GET", "POST"])
@member_view()
def new_candidate(request: HttpRequest, membership: Membership, job_id: uuid.UUID) -> HttpResponse:
    """The team enters somebody, and invites them at once if it likes."""
    found = access.job_for(membership, job_id, May.MANAGE_CANDIDATES)
    form = CandidateForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        wanted = dict(form.cleaned_data)
        invites = wanted.pop("invite")
        application = actions.apply(job=found, by=membership.user, **wanted)
        if invites:
            return redirect("workspace:invite", application.pk)
        return redirect("workspace:application", application.pk)
    context = {"form": form, "job": found, "section": "jobs"}
    return render(request, "hiring/new_candidate.html", context, status=422 if form.errors else 200)


@require_POST
@member_view()
def move(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """Into a stage that is no decision; those need a reason."""
    application = access.application_for(membership, application_id, May.MANAGE_CANDIDATES)
    wanted = request.POST.get("stage", "")
    if wanted not in MOVABLE:
        messages.error(request, _("That step is a decision: please give a reason for it."))
        return redirect("workspace:application", application.pk)
    actions.move(application=application, stage=Stage(wanted), actor=membership.user)
    messages.success(
        request,
        _("%(name)s is in “%(stage)s” now.") % {"name": application.candidate.name, "stage": Stage(wanted).label},
    )
    return redirect("hiring:job", application.job_id)


@require_POST
@member_view()
def add_note(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """A note or a rating on an application."""
    application = access.application_for(membership, application_id, May.WRITE_NOTES)
    form = NoteForm(request.POST)
    if form.is_valid():
        actions.add_note(actor=membership.user, application=application, **form.cleaned_data)
    else:
        messages.error(request, _("Please write something."))
    return redirect("workspace:application", application.pk)


@require_POST
@member_view()
def decide(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """A decision by a person, with their reason."""
    application = access.application_for(membership, application_id, May.DECIDE)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            actions.decide(actor=membership.user, application=application, **form.cleaned_data)
        except actions.NotYetError as error:
            form.add_error(None, str(error))
    if form.errors:
        request.session["decision"] = request.POST.dict()
        for each in form.errors.values():
            messages.error(request, " ".join(str(one) for one in each))
    return redirect("workspace:application", application.pk)


@require_POST
@member_view()
def extra_time(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """Extra time for somebody."""
    application = access.application_for(membership, application_id, May.MANAGE_CANDIDATES)
    form = ExtraTimeForm(request.POST)
    if form.is_valid():
        actions.give_extra_time(actor=membership.user, application=application, factor=form.cleaned_data["extra_time"])
    else:
        messages.error(request, _("Please give a factor from 1 to 3."))
    return redirect("workspace:application", application.pk)


@require_safe
@member_view()
def resume(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> FileResponse:
    """The résumé as it was sent: always as a download, never shown in our pages."""
    application = access.application_for(membership, application_id, May.WRITE_NOTES)
    if not application.resume:
        raise Http404
    answer = FileResponse(application.resume.open("rb"), as_attachment=True, filename=application.resume_name)
    answer["Content-Type"] = "application/octet-stream"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
