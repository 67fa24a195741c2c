"""Pages about tasks and assessments."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.assessments import access, actions
from djudge.web.assessments.forms import AssessmentForm
from djudge.web.assessments.models import Assessment
from djudge.web.grading import library
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May


@require_safe
@member_view()
def tasks(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Everything that candidates can be asked. No statement but who asks."""
    context = {
        "cards": library.cards().values(),
        "coverage": library.coverage(list(library.cards())),
        "section": "tasks",
    }
    return render(request, "assessments/tasks.html", context)


@require_safe
@member_view()
def task(request: HttpRequest, membership: Membership, name: str) -> HttpResponse:
    """One task: its brief as candidates read it, what is measured, and how well its judge is proved."""
    try:
        card = library.card(name)
    except KeyError as error:
        raise Http404 from error
    return render(request, "assessments/task.html", {"card": card, "section": "tasks"})


@require_safe
@member_view()
def assessment_list(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's assessments. Two statements for any number."""
    every = Assessment.objects.filter(team=membership.team_id, archived_at=None).annotate(
        sat=Count("sittings", filter=Q(sittings__application__isnull=False))
    )
    context = {"assessments": every, "ready": library.ready(), "section": "assessments"}
    return render(request, "assessments/list.html", context)


@require_http_methods(["GET", "POST"])
@member_view(May.EDIT_JOBS)
def new(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The builder. "Look" shows minutes, coverage and open wishes of what is chosen; "Save" keeps it."""
    form = AssessmentForm(request.POST or None)
    saving = request.method == "POST" and "save" in request.POST
    if saving and form.is_valid():
        wanted = form.cleaned_data
        try:
            made = actions.create(
                actor=membership.user, team=membership.team, title=wanted["title"], lane=wanted["lane"],
                tasks=wanted["tasks"], answers=form.answers, ai_policy=wanted["ai_policy"],
            )  # fmt: skip
            return redirect("assessments:assessment", made.pk)
        except actions.TitleTakenError as error:
            form.add_error("title", str(error))
    context = {
        "form": form,
        "cards": library.cards().values(),
        "coverage": library.coverage(form.chosen),
        "most": library.MOST_MINUTES,
        "section": "assessments",
    }
    template = "assessments/new.html#coverage" if request.headers.get("HX-Request") else "assessments/new.html"
    return render(request, template, context, status=422 if saving else 200)


@require_safe
@member_view()
def assessment(request: HttpRequest, membership: Membership, assessment_id: uuid.UUID) -> HttpResponse:
    """What candidates go through, minute by minute, and what it tests."""
    found = access.assessment_for(membership, assessment_id)
    context = {"assessment": found, "coverage": library.coverage(found.tasks), "section": "assessments"}
    return render(request, "assessments/assessment.html", context)


@require_POST
@member_view(May.EDIT_JOBS)
def archive(request: HttpRequest, membership: Membership, assessment_id: uuid.UUID) -> HttpResponse:
    """Put an assessment away."""
    actions.archive(actor=membership.user, assessment=access.assessment_for(membership, assessment_id))
    messages.success(request, _("It is no longer offered. Who was invited to it still takes it."))
    return redirect("assessments:list")
