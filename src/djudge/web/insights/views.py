"""Pages about what a team's own rows tell, the report as PDF, and /metrics."""

from __future__ import annotations

import csv
import hmac
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from djudge.web.grading.plain_words import in_plain_words
from djudge.web.hiring import access
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, Job
from djudge.web.insights import likeness, pdf, rates, selectors
from djudge.web.insights.metrics import exposition
from djudge.web.interviews.selectors import red_flags
from djudge.web.organizations import audit
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May, by_name
from djudge.web.workspace import selectors as sittings


@require_safe
@member_view()
def team_figures(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Where people wait, over all jobs that somebody may see. Four statements for any number of applications."""
    return _figures(request, access.applications_for(membership))


@require_safe
@member_view()
def job_figures(request: HttpRequest, membership: Membership, job_id: uuid.UUID) -> HttpResponse:
    """Where people wait in one job. Five statements for any number of applications."""
    job = access.job_for(membership, job_id)
    return _figures(request, job.applications.all(), job, may=by_name(access.allowed(membership, job)))


def _figures(
    request: HttpRequest, applications: QuerySet[Application], job: Job | None = None, **more: Any
) -> HttpResponse:
    context = {"job": job, "funnel": selectors.funnel(applications), "section": "jobs", **more}
    return render(request, "insights/figures.html", context)


@require_safe
@member_view(May.MANAGE_CANDIDATES)
def team_rates(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Selection rates over all jobs. Two statements for any number of applications."""
    return _rates(request, access.applications_for(membership))


@require_safe
@member_view()
def job_rates(request: HttpRequest, membership: Membership, job_id: uuid.UUID) -> HttpResponse:
    """Selection rates of one job. Three statements for any number of applications."""
    job = access.job_for(membership, job_id, May.MANAGE_CANDIDATES)
    return _rates(request, job.applications.all(), job)


def _rates(request: HttpRequest, applications: QuerySet[Application], job: Job | None = None) -> HttpResponse:
    context = {"job": job, "splits": rates.splits(applications), "fewest": rates.FEWEST, "section": "jobs"}
    return render(request, "insights/rates.html", context)


@require_safe
@member_view(May.MANAGE_CANDIDATES)
def team_rows(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All applications as rows without names. That somebody took them is written down."""
    return _rows(membership, access.applications_for(membership), membership.team)


@require_safe
@member_view()
def job_rows(request: HttpRequest, membership: Membership, job_id: uuid.UUID) -> HttpResponse:
    """The applications of one job as rows without names. That somebody took them is written down."""
    job = access.job_for(membership, job_id, May.MANAGE_CANDIDATES)
    return _rows(membership, job.applications.all(), job)


@transaction.atomic
def _rows(membership: Membership, applications: QuerySet[Application], of: Any) -> HttpResponse:
    audit.note(membership.team, "took rows for selection rates of", of, actor=membership.user)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, "selection.csv") or ""
    write = csv.writer(answer)
    write.writerow(rates.COLUMNS)
    write.writerows(rates.rows(applications))
    return answer


@require_safe
@member_view()
def shared(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """What somebody's work shares with others', for those who may decide. Four statements. Others are not named, and
    those of jobs that the reader may not see are left out."""
    found = access.application_for(membership, application_id, May.DECIDE)
    context = {
        "application": found,
        "job": found.job,
        "compared": likeness.compared_at(found),
        "pairs": likeness.pairs_of(found, access.applications_for(membership)),
        "section": "jobs",
    }
    return render(request, "insights/shared.html", context)


@require_safe
@member_view()
def report_as_pdf(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """The recruiter's report as a download; some tens of milliseconds more than its page. Taking it is noted as looking
    at the evidence."""
    found = access.application_for(membership, application_id)
    sitting = sittings.sitting_of(found)
    results = sittings.results_of([sitting]).get(sitting.pk, []) if sitting else []
    placed = sittings.placed_for(membership, sitting, results) if sitting else None
    if sitting is None or sitting.assessment is None or placed is None:
        raise Http404
    hiring.open_evidence(actor=membership.user, application=found)
    raised = red_flags(found, membership)
    made = pdf.report(found, sitting.assessment.title, placed, in_plain_words(results), raised)
    answer = HttpResponse(made, content_type="application/pdf")
    name = slugify(found.candidate.name, allow_unicode=True)[:60] or _("candidate")
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf") or ""
    return answer


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for whoever sends METRICS_TOKEN as a bearer token; without that setting there is nothing
    here."""
    if not settings.METRICS_TOKEN:
        raise Http404
    sent = request.headers.get("Authorization", "")
    if not hmac.compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        answer = HttpResponse(_("Please send the token.") + "\n", status=401, content_type="text/plain")
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
