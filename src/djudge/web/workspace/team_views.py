"""Pages of the hiring team about somebody's work: the application with its evidence, inviting, reports."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from djudge.web.assessments.access import assessment_for
from djudge.web.grading import actions as grading
from djudge.web.grading import reports
from djudge.web.grading.actions import RefusedError
from djudge.web.grading.models import Submission
from djudge.web.grading.plain_words import in_plain_words
from djudge.web.hiring import access, spreadsheets
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.forms import DecisionForm, ExtraTimeForm, NoteForm, TableForm
from djudge.web.hiring.models import ENDED, Decision, EvidenceView
from djudge.web.interviews.selectors import interviews_of, red_flags
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May, by_name
from djudge.web.workspace import actions, appeals, regrading, selectors
from djudge.web.workspace.access import submission_for, token_of, work_of
from djudge.web.workspace.forms import AnswerForm
from djudge.web.workspace.models import Appeal, Regrade, Work
from djudge.web.workspace.personal_data import erase

#: So many columns can be read beside each other.
MOST_COMPARED = 4

#: So many can be chosen from.
MOST_LISTED = 50


@require_safe
@member_view()
def application(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """Everything about one application: where it stands, what was handed in, what people wrote. Thirteen statements."""
    found = access.application_for(membership, application_id)
    sitting = selectors.sitting_of(found)
    context = {
        "application": found,
        "job": found.job,
        "sitting": sitting,
        "may": by_name(access.allowed(membership, found.job)),
        "works": selectors.works_of(sitting) if sitting else (),
        "appeals": selectors.appeals_of(sitting) if sitting else (),
        "former": selectors.former_of(sitting) if sitting else (),
        "interviews": interviews_of(found),
        "has_ended": found.stage in ENDED,
        "notes": found.notes.select_related("author"),
        "decisions": found.decisions.select_related("by"),
        "has_opened": EvidenceView.objects.filter(application=found, user=membership.user).exists(),
        "note_form": NoteForm(),
        "decision_form": DecisionForm(
            initial=request.session.pop("decision", None) or {"outcome": request.GET.get("decide")}
        ),
        "time_form": ExtraTimeForm(initial={"extra_time": found.extra_time}),
        "outcomes": Decision.Outcome,
        "section": "jobs",
    }
    return render(request, "workspace/application.html", context)


@require_http_methods(["GET", "POST"])
@member_view()
def invite(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """What the candidate will get, then the invitation."""
    found = access.application_for(membership, application_id, May.MANAGE_CANDIDATES)
    assessment = found.job.assessment_for(found.lane)
    if request.method == "POST":
        try:
            actions.invite(actor=membership.user, application=found)
            messages.success(request, _("The invitation is on its way to %(name)s.") % {"name": found.candidate.name})
        except hiring.NotYetError as error:
            messages.error(request, str(error))
        return redirect("workspace:application", found.pk)
    context = {"application": found, "job": found.job, "assessment": assessment, "section": "jobs"}
    return render(request, "workspace/invite.html", context)


@require_http_methods(["GET", "POST"])
@member_view()
def enter_many(request: HttpRequest, membership: Membership, job_id: uuid.UUID) -> HttpResponse:
    """Enter, and invite, many candidates from a table: good rows are taken, bad ones are listed with what is wrong."""
    found = access.job_for(membership, job_id, May.MANAGE_CANDIDATES)
    form = TableForm(request.POST or None, request.FILES or None)
    context = {"form": form, "job": found, "sample": "\n".join(spreadsheets.sample()), "section": "jobs"}
    if form.is_valid():
        try:
            rows = spreadsheets.read_candidates(form.cleaned_data["table"].read())
        except spreadsheets.UnreadableError as error:
            form.add_error("table", str(error))
        else:
            good, bad = spreadsheets.good_and_bad(rows)
            entered = actions.enter_many(
                job=found, actor=membership.user, rows=good, invites=form.cleaned_data["invite"]
            )
            return render(request, "workspace/entered.html", {**context, "entered": entered, "bad": bad})
    return render(request, "workspace/enter_many.html", context, status=422 if form.errors else 200)


@require_POST
@member_view()
def preview(request: HttpRequest, membership: Membership, assessment_id: uuid.UUID) -> HttpResponse:
    """Go through an assessment as a candidate does, from the notice to the reports."""
    sitting = actions.preview(assessment_for(membership, assessment_id))
    return redirect("workspace:sitting", token_of(sitting))


@require_safe
@member_view()
def level(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """The recruiter's report: where the evidence places somebody, in plain words and bullet by bullet, and what to ask
    next. Looking at it is noted, because deciding needs it."""
    found = access.application_for(membership, application_id)
    sitting = selectors.sitting_of(found)
    results = selectors.results_of([sitting]).get(sitting.pk, []) if sitting else []
    placed = selectors.placed_for(membership, sitting, results) if sitting else None
    if sitting is None or placed is None:
        raise Http404
    hiring.open_evidence(actor=membership.user, application=found)
    context = {
        "application": found,
        "job": found.job,
        "sitting": sitting,
        "placed": placed,
        "plain": in_plain_words(results),
        "raised": red_flags(found, membership),
        "works": selectors.works_of(sitting),
        "section": "jobs",
    }
    return render(request, "workspace/level.html", context)


@require_safe
@member_view()
def compare(request: HttpRequest, membership: Membership, job_id: uuid.UUID) -> HttpResponse:
    """Candidates of one job side by side, bullet by bullet, by name. Nine statements for any number.

    A comparison opens nobody's evidence: deciding asks for each one's own.
    """
    found = access.job_for(membership, job_id)
    every = list(selectors.comparable(found.applications.exclude(stage__in=ENDED))[:MOST_LISTED])
    wanted = request.GET.getlist("with")
    chosen = [each for each in every if str(each.pk) in wanted][:MOST_COMPARED] or every[:MOST_COMPARED]
    compared = selectors.compared(membership, chosen)
    context = {
        "job": found,
        "every": every,
        "chosen": chosen,
        "compared": compared,
        "rows": selectors.side_by_side(compared),
        "most": MOST_COMPARED,
        "section": "jobs",
    }
    return render(request, "workspace/compare.html", context)


@require_safe
@member_view()
def report(request: HttpRequest, membership: Membership, submission_id: uuid.UUID) -> HttpResponse:
    """The whole report of one submission; looking at it is noted."""
    submission, found = submission_for(membership, submission_id)
    hiring.open_evidence(actor=membership.user, application=found)
    return report_page(submission, "team")


@require_POST
@member_view()
def grade_again(request: HttpRequest, membership: Membership, submission_id: uuid.UUID) -> HttpResponse:
    """Once more, where it was our fault."""
    submission, found = submission_for(membership, submission_id)
    access.application_for(membership, found.pk, May.MANAGE_CANDIDATES)
    grading.grade_again(submission)
    return redirect("workspace:application", found.pk)


@require_http_methods(["GET", "POST"])
@member_view()
def regrade(request: HttpRequest, membership: Membership, application_id: uuid.UUID, position: int) -> HttpResponse:
    """Grade a task again: begin, see how far it is, look at what would change, adopt it with a reason or drop it."""
    found = access.application_for(membership, application_id, May.MANAGE_CANDIDATES)
    sitting = selectors.sitting_of(found)
    if sitting is None:
        raise Http404
    work = work_of(sitting, position)
    preview = selectors.open_regrade(work)
    if request.method == "POST":
        return _regraded(request, membership, work, preview)
    result, new = (getattr(each, "result", None) for each in (work.submission, preview and preview.submission))
    context = {
        "application": found,
        "job": found.job,
        "work": work,
        "card": work.card,
        "result": result,
        "preview": preview,
        "new": new,
        "changes": regrading.changes(result, new) if result and new else (),
        "section": "jobs",
    }
    template = "workspace/regrade.html#progress" if request.headers.get("HX-Request") else "workspace/regrade.html"
    return render(request, template, context)


def _regraded(request: HttpRequest, membership: Membership, work: Work, preview: Regrade | None) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()
    assert work.sitting.application_id is not None
    try:
        if preview is None:
            regrading.begin(work, actor=membership.user)
        elif "drop" in request.POST:
            regrading.drop(preview)
            return redirect("workspace:application", work.sitting.application_id)
        elif not reason:
            messages.error(request, _("Please say why the new result is to count."))
        else:
            regrading.adopt(preview, actor=membership.user, reason=reason[:2000])
            return redirect("workspace:application", work.sitting.application_id)
    except (appeals.NotNowError, RefusedError) as error:
        messages.error(request, str(error))
    return redirect("workspace:regrade", work.sitting.application_id, work.position)


@require_http_methods(["GET", "POST"])
@member_view(May.MANAGE_TEAM)
def erase_candidate(request: HttpRequest, membership: Membership, application_id: uuid.UUID) -> HttpResponse:
    """An owner erases somebody who asked for it, or whose time is over; it asks for the name."""
    found = access.application_for(membership, application_id)
    name = found.candidate.name
    if request.method == "POST" and request.POST.get("name", "").strip() == name:
        erase(found.candidate, actor=membership.user)
        messages.success(request, _("Everything about this candidate is erased."))
        return redirect("hiring:job", found.job_id)
    if request.method == "POST":
        messages.error(request, _("That is not the name. Nothing was erased."))
    return render(request, "workspace/erase.html", {"application": found, "job": found.job, "section": "jobs"})


@require_POST
@member_view()
def answer_appeal(request: HttpRequest, membership: Membership, appeal_id: uuid.UUID) -> HttpResponse:
    """A person answers what a candidate has asked."""
    found = Appeal.objects.select_related(
        "work__sitting__application__job__team", "work__sitting__application__candidate"
    )
    asked = found.filter(pk=appeal_id, work__sitting__application__in=access.applications_for(membership)).first()
    if asked is None or asked.work.sitting.application is None:
        raise Http404
    application = access.application_for(membership, asked.work.sitting.application.pk, May.MANAGE_CANDIDATES)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            appeals.answer(
                asked, actor=membership.user, text=form.cleaned_data["text"], grants_redo=form.cleaned_data["redo"]
            )
        except appeals.NotNowError as error:
            messages.error(request, str(error))
    else:
        messages.error(request, _("Please write an answer: nobody is left without a word."))
    return redirect(f"{reverse('workspace:application', args=[application.pk])}#appeals")


def report_page(submission: Submission, audience: reports.Audience) -> HttpResponse:
    """A report as a page of its own, under the policy that admits its style sheet and nothing else."""
    if not hasattr(submission, "result"):
        raise Http404
    answer = HttpResponse(reports.page(submission.result, audience))
    answer["Content-Security-Policy"] = reports.policy()
    return answer
