"""Every list needs as many statements for fifty rows as for five: we pass our own exam."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, resolve, reverse
from django.utils import timezone

from djudge.web.accounts.models import User
from djudge.web.api import actions as api
from djudge.web.assessments import actions as assessments
from djudge.web.assessments.models import Assessment, Lane
from djudge.web.ats.models import Complaint, Order
from djudge.web.grading import library, reports
from djudge.web.grading.models import Result, State, Submission
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import Application, Candidate, SavedFilter, UseCase
from djudge.web.insights.models import Comparison, Likeness
from djudge.web.interviews import actions as interviews
from djudge.web.interviews.bank import ANCHORS, questions
from djudge.web.interviews.models import Interview, Kit
from djudge.web.mail import actions as mail
from djudge.web.organizations import actions as organizations
from djudge.web.organizations.models import Membership, Role, TeamInvitation
from djudge.web.resumes import actions as resumes
from djudge.web.resumes.models import Reading
from djudge.web.resumes.signals import SIGNALS
from djudge.web.webhooks.models import Attempt, Delivery, Endpoint
from djudge.web.workspace import access
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Appeal, Work
from tests.reports import sample_reports
from tests.web import addresses, resume_files
from tests.web.cast import Cast, filed, graded, handed_in_alike, person, planned


def applicants(cast: Cast, count: int) -> None:
    for number in range(count):
        name = f"Applicant {number}"
        application = hiring.apply(
            job=cast.job, name=name, email=f"{name}@example.org".replace(" ", ""), lane=Lane.DJANGO_READY
        )
        hiring.add_note(actor=cast.rita, application=application, text="seen", rating=3)


def jobs(cast: Cast, count: int) -> None:
    for number in range(count):
        job = hiring.create_job(
            actor=cast.olga, team=cast.team,
            fields={"title": f"Job {number}", "use_case": UseCase.SHOP, "assessment": cast.assessment},
        )  # fmt: skip
        hiring.apply(job=job, name="Ada", email="ada@example.org", lane=Lane.DJANGO_READY)


def sets_of_tasks(cast: Cast, count: int) -> None:
    for number in range(count):
        assessments.create(
            actor=cast.olga, team=cast.team, title=f"Set {number}", lane=Lane.DJANGO_READY,
            tasks=cast.assessment.tasks, answers={},
        )  # fmt: skip


def colleagues(cast: Cast, count: int) -> None:
    for number in range(count):
        Membership.objects.create(team=cast.team, user=person(f"Colleague{number}"), role=Role.RECRUITER)
        organizations.invite_member(
            actor=cast.olga, team=cast.team, email=f"asked{number}@example.org", role=Role.INTERVIEWER
        )


def mails(cast: Cast, count: int) -> None:
    for number in range(count):
        mail.write(to="somebody@example.org", subject=f"Mail {number}", body="text", team=cast.team.pk)


def endpoints(cast: Cast, count: int) -> None:
    Endpoint.objects.bulk_create(
        Endpoint(team=cast.team, address=f"https://{count}-{number}.example.org", events=["ping"], secret="-")
        for number in range(count)
    )


def deliveries(cast: Cast, count: int) -> None:
    """And as many tries of the first one."""
    first = first_told(cast)
    Delivery.objects.bulk_create(Delivery(endpoint=first.endpoint, event="ping", body="{}") for _ in range(count))
    Attempt.objects.bulk_create(Attempt(delivery=first, status=500, answer="no") for _ in range(count))


def first_told(cast: Cast) -> Delivery:
    endpoint, _made = Endpoint.objects.get_or_create(team=cast.team, address="https://example.org", secret="-")
    first = endpoint.deliveries.order_by("created_at").first()
    return first or Delivery.objects.create(endpoint=endpoint, event="ping", body="{}")


def graded_ones(cast: Cast, count: int) -> None:
    for number in range(count):
        graded(cast, f"Graded {number}", sample_reports.good())


def saved_filters(cast: Cast, count: int) -> None:
    for number in range(count):
        SavedFilter.objects.create(user=cast.olga, job=cast.job, name=f"{count}-{number}", query="q=ada")


def asked(cast: Cast, count: int) -> None:
    sitting = workspace.invite(actor=cast.olga, application=cast.application)
    if sitting.started_at is None:
        workspace.begin(sitting)
    work = sitting.works.get(position=1)
    if work.submission is None:
        work.submission = Submission.objects.create(task=work.task, files={}, state="graded")
        work.save()
    Appeal.objects.bulk_create(
        Appeal(work=work, kind="person", text=f"Asked {number}", answered_by=cast.rita, answered_at=timezone.now())
        for number in range(count)
    )


def tokens(cast: Cast, count: int) -> None:
    for membership in cast.team.memberships.select_related("team", "user"):
        for number in range(count // 5):
            api.make_token(membership=membership, name=f"Token {number}", scopes=["jobs:read"], days=30)


def orders(cast: Cast, count: int) -> None:
    for number in range(count):
        sent = hiring.apply(job=cast.job, name="Sent", email=f"sent{number}@example.org", lane="django-ready")
        Order.objects.create(application=sent, system="greenhouse", callback="https://x.example", trouble="No.")


def complaints(cast: Cast, count: int) -> None:
    for number in range(count):
        Complaint.objects.create(team=cast.team, system="greenhouse", about=f"call {number}", text="What?")


def programs(cast: Cast, count: int) -> None:
    for number in range(count):
        api.register_client(
            actor=cast.olga, team=cast.team, name=f"Program {number}", redirect_uris="https://example.org/",
            is_confidential=False,
        )  # fmt: skip


def notes(cast: Cast, count: int) -> None:
    for number in range(count):
        author = (cast.olga, cast.rita, cast.hamid, cast.ines)[number % 4]
        hiring.add_note(actor=author, application=cast.application, text=f"Note {number}", rating=number % 4 + 1)


def decisions(cast: Cast, count: int) -> None:
    hiring.open_evidence(actor=cast.olga, application=cast.application)
    for number in range(count):
        hiring.decide(
            actor=cast.olga, application=cast.application, outcome="advance", reason=f"Reason {number}", message="Yes."
        )


def teams(cast: Cast, count: int) -> None:
    for number in range(count):
        organizations.register_team(owner=cast.olga, name=f"Team {number}")


def graded_tasks(cast: Cast, count: int) -> None:
    """More tasks in the candidate's sitting, each with a report; there are as many as the packs have."""
    sitting = workspace.begin(workspace.invite(actor=cast.olga, application=cast.application))
    there = set(sitting.works.values_list("task", flat=True))
    columns = reports.columns(sample_reports.good().to_json())
    for number, task in enumerate([name for name in library.cards() if name not in there][:count]):
        submission = Submission.objects.create(task=task, files={}, state=State.GRADED)
        Work.objects.create(sitting=sitting, task=task, position=len(there) + number + 1, submission=submission)
        Result.objects.create(submission=submission, **columns)


def alike_ones(cast: Cast, count: int) -> None:
    """So many candidates more with whose work ours shares something. What many share counts for nothing, so that the
    product itself would not find so many of one text."""
    mine = Submission.objects.filter(work__sitting__application=cast.application).first()
    mine = mine or handed_in_alike(cast.application, cast.rita)
    comparison, _made = Comparison.objects.get_or_create(team=cast.team, task=mine.task)
    path = "toolbelt/retrying.py"
    passage = {"one": path, "one_from": 2, "one_to": 20, "other": path, "other_from": 2, "other_to": 20}
    for number in range(count):
        name = f"Alike {number}"
        email = f"{name}@example.org".replace(" ", "")
        application = hiring.apply(job=cast.job, name=name, email=email, lane=Lane.DJANGO_READY)
        theirs = handed_in_alike(application, cast.rita)
        Likeness.objects.create(comparison=comparison, one=theirs, other=mine, lines=19, passages=[passage])


def graded_and_rated(cast: Cast, count: int) -> None:
    """One report, and so many calls of which each was filed by a rater of its own."""
    if not Submission.objects.filter(work__sitting__application=cast.application).exists():
        graded_tasks(cast, 1)
    for number in range(count):
        call = planned(cast, cast.application, person(f"Rater {count}-{number}"))
        filed(call.scorecards.get())


def talks(cast: Cast, count: int) -> None:
    """So many calls with two raters each, of whom one has filed; Olga owes a scorecard in every one."""
    for _ in range(count):
        call = planned(cast, cast.application, cast.ines, cast.olga)
        filed(call.scorecards.get(rater=cast.ines))


def resumes_read(cast: Cast, count: int) -> None:
    for number in range(count):
        name = f"Read {number}"
        application = hiring.apply(job=cast.job, name=name, email=f"read{number}@example.org", lane=Lane.DJANGO_READY)
        _reading(application)


def _reading(application: Application) -> Reading:
    """A file that was read; there is none in the storage."""
    application.resume = application.resume or f"resumes/{application.pk}.pdf"
    application.save()
    found = Reading.objects.filter(application=application).first()
    return found or Reading.objects.create(
        application=application, file=application.resume.name, state="read", content=resume_files.READ
    )


def answered(cast: Cast, count: int) -> None:
    reading = _reading(cast.application)
    for number in range(count):
        resumes.answer(
            actor=cast.rita, reading=reading, about=reading.pk, signal=list(SIGNALS)[number % 9], said="found",
            verdict="confirmed", note=f"Note {number}",
        )  # fmt: skip


def sections(cast: Cast, count: int) -> None:
    reading = _reading(cast.application)
    lines = [[1, f"Line {number}", f"Heading {number}", 0, 0, 0, 0] for number in range(count)]
    Reading.objects.filter(pk=reading.pk).update(content={**resume_files.READ, "lines": lines})


def heard_by_many(cast: Cast, count: int) -> None:
    """One report, and one call that so many more people heard and rated, with remarks; as many owe it still."""
    if not Submission.objects.filter(work__sitting__application=cast.application).exists():
        graded_tasks(cast, 1)
    raters = [person(f"Rater {count}-{number}") for number in range(count)]
    for number, card in enumerate(planned(cast, cast.application, *raters).scorecards.all()):
        filed(card, ANCHORS[number % 3], remarks=f"Remark {number}")
    planned(cast, cast.application, *raters)


def calibrated(cast: Cast, count: int) -> None:
    """So many kept ratings of recorded answers, as far as the bank has them, and as many answers that another rated."""
    every = [(question.id, sample.key) for question in questions().values() for sample in question.samples]
    for question, sample in every[:count]:
        interviews.keep_for_calibration(actor=cast.olga, question_id=question, anchors={sample: "middle"})
    for _ in range(count // 3):
        for card in planned(cast, cast.application, cast.olga, cast.ines).scorecards.all():
            filed(card)


def talks_ahead(cast: Cast, count: int) -> None:
    """The same with a time, so that the candidate sees them."""
    talks(cast, count)
    Interview.objects.update(at=timezone.now() + timedelta(days=3), names_listeners=True)


#: Address, who asks, what grows, and how many statements that takes at any size.
LISTS: dict[str, tuple[str, Callable[[Cast, int], None], int]] = {
    "jobs": ("/jobs/", jobs, 5),
    "a job as a board": ("/jobs/{job}/", applicants, 8),
    "a job as a table": ("/jobs/{job}/?as=table", applicants, 8),
    "candidates side by side": ("/jobs/{job}/compare/", graded_ones, 9),
    "assessments": ("/assessments/", sets_of_tasks, 4),
    "the team": ("/team/", colleagues, 5),
    "the outbox": ("/team/outbox/", mails, 5),
    "the audit log": ("/team/audit/", jobs, 5),
    "an application with interviews": ("/applications/{application}/", talks, 10),
    "a plan with interviews": ("/applications/{application}/interviews/new/", talks, 7),
    "a plan with reports": ("/applications/{application}/interviews/new/", graded_tasks, 9),
    "a plan with colleagues": ("/applications/{application}/interviews/new/", colleagues, 7),
    "what was looked at": ("/applications/{application}/coverage/", talks, 6),
    "what tasks have looked at": ("/applications/{application}/coverage/", graded_tasks, 7),
    "a kit beside others": ("/interviews/{talk}/kit/", talks, 9),
    "a kit with reports": ("/interviews/{talk}/kit/", graded_tasks, 10),
    "a plan to change": ("/interviews/{talk}/change/", colleagues, 7),
    "a candidate's interviews": ("/status/{status}/", talks_ahead, 6),
    "scorecards to be filed": ("/interviews/", talks, 4),
    "a level with ratings": ("/applications/{application}/level/", graded_and_rated, 13),
    "a debrief": ("/applications/{application}/debrief/", heard_by_many, 12),
    "said and did": ("/applications/{application}/said-and-did/", heard_by_many, 10),
    "a job that waits for scorecards": ("/jobs/{job}/", talks, 8),
    "a rater's calibration": ("/interviews/calibration/", calibrated, 5),
    "a rater's kept ratings": ("/interviews/calibration/download/", calibrated, 4),
    "an application with notes": ("/applications/{application}/", notes, 9),
    "systems that are told": ("/team/webhooks/", endpoints, 4),
    "what a system was told": ("/team/webhooks/{endpoint}/", deliveries, 6),
    "how often something was told": ("/team/webhooks/deliveries/{delivery}/", deliveries, 5),
    "who works on a job": ("/jobs/{job}/members/", colleagues, 7),
    "assessments to choose for a job": ("/jobs/{job}/change/", sets_of_tasks, 8),
    "an application with decisions": ("/applications/{application}/", decisions, 11),
    "an application with reports": ("/applications/{application}/", graded_tasks, 12),
    "a level over several tasks": ("/applications/{application}/level/", graded_tasks, 13),
    "where people wait": ("/figures/", applicants, 7),
    "where people wait in a job": ("/jobs/{job}/figures/", applicants, 8),
    "selection rates": ("/figures/rates/", applicants, 5),
    "selection rates of a job": ("/jobs/{job}/rates/", applicants, 6),
    "rows for selection rates": ("/figures/rates.csv", applicants, 11),
    "rows for selection rates of a job": ("/jobs/{job}/rates.csv", applicants, 12),
    "a task's figures": ("/tasks/python/retry-decorator/", graded_ones, 5),
    "what works share": ("/applications/{application}/shared/", alike_ones, 7),
    "the report as PDF": ("/applications/{application}/report.pdf", graded_tasks, 12),
    "what somebody is invited to": ("/applications/{application}/invite/", graded_tasks, 8),
    "résumés": ("/resumes/", resumes_read, 5),
    "a résumé with answers": ("/applications/{application}/resume/reading/", answered, 7),
    "a résumé of many sections": ("/applications/{application}/resume/reading/", sections, 7),
    "a candidate's own résumé": ("/status/{status}/resume/", sections, 3),
    "one's own teams": ("/team/choose/", teams, 4),
    "a candidate's page": ("/status/{status}/", graded_tasks, 6),
    "a job with saved filters": ("/jobs/{job}/", saved_filters, 8),
    "what candidates have asked": ("/applications/{application}/", asked, 12),
    "what a candidate has asked": ("/work/{sitting}/1/appeal/", asked, 5),
    "orders of other systems": ("/team/applicant-tracking/", orders, 6),
    "complaints of other systems": ("/team/applicant-tracking/", complaints, 6),
    "tokens": ("/team/api/", tokens, 5),
    "programs": ("/team/api/", programs, 5),
    "a candidate's tasks": ("/work/{sitting}/", graded_tasks, 6),
}
#: Pages that list no rows, and why. A page that is neither here nor above fails the test below.
_OF_PACKS = "what it lists are the packs' files"
_ONE = "one thing alone"
_A_FORM = "a form whose choices are no rows"
WITHOUT_LISTS: dict[str, str] = {
    "home": "nothing of the database",
    "guide": "nothing of the database",
    "systems": "what it lists are settings",
    "api:about": "nothing of the database",
    "ats:ashby": _A_FORM,
    "api:new-token": _A_FORM,
    "api:new-client": _A_FORM,
    "oauth2_provider:authorize": _ONE,
    "oauth2_provider:oauth-server-metadata": "for machines",
    "livez": "for machines",
    "readyz": "for machines",
    "organizations:no-team": _A_FORM,
    "organizations:second-factor": _ONE,
    "organizations:join": _ONE,
    "webhooks:new": _A_FORM,
    "assessments:tasks": _OF_PACKS,
    "assessments:new": _OF_PACKS,
    "assessments:assessment": "one row; the tasks that it names are the packs' files",
    "interviews:questions": "what it lists are files of ours",
    "interviews:question": "one file of ours",
    "interviews:practise": "one file of ours",
    "interviews:museum": _OF_PACKS,
    "interviews:exhibit": "one exhibit: files of a pack",
    "interviews:exhibit-sheet": "one exhibit: files of a pack",
    "interviews:interview": "one scorecard; its questions are those of a kit",
    "pads:pad": "one pad; how many statements its runs need is counted in tests/web/test_pads.py",
    "pads:work": "the same pad, from the other side",
    "pads:live": "parts of it",
    "pads:work-live": "parts of it",
    "pads:report": _ONE,
    "pads:work-report": _ONE,
    "hiring:new-job": _A_FORM,
    "hiring:new-candidate": _A_FORM,
    "hiring:resume": _ONE,
    "insights:metrics": "for machines; nothing grows with rows but what the database counts",
    "resumes:send": _A_FORM,
    "workspace:enter-many": _A_FORM,
    "workspace:erase": _ONE,
    "workspace:personal-data": _A_FORM,
    "interviews:kits": "what it lists are files of ours",
    "interviews:calendar": _ONE,
    "interviews:candidate-calendar": _ONE,
    "workspace:regrade": "one thing; the bullets that it lists are the guide's",
    "workspace:team-report": _ONE,
    "workspace:report": _ONE,
    "workspace:apply": _A_FORM,
    "workspace:try": _OF_PACKS,
    "workspace:work": "one row; the files that it lists are in it",
    "workspace:run": _ONE,
    "workspace:download": _ONE,
}


def test_every_page_is_counted_or_lists_nothing() -> None:
    some = dict.fromkeys(("job", "application", "status", "sitting", "endpoint", "delivery", "talk"), str(uuid.uuid4()))
    counted = {resolve(urlsplit(address.format(**some)).path).view_name for address, _, _ in LISTS.values()}
    takes_a_get = {name for name, pattern in addresses.patterns() if not _only_posts(pattern)} & set(addresses.ours())
    assert sorted(counted | set(WITHOUT_LISTS)) == sorted(takes_a_get)
    assert not counted & set(WITHOUT_LISTS)


def _only_posts(pattern: URLPattern) -> bool:
    """Asked of the view itself: `require_POST` answers before anything else is looked at."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    try:
        return bool(pattern.callback(request, **dict.fromkeys(pattern.pattern.converters)).status_code == 405)
    except Exception:
        return False


@pytest.mark.parametrize("name", LISTS)
def test_a_list_needs_as_many_statements_for_fifty_rows_as_for_five(name: str, cast: Cast, client: Client) -> None:
    address, grow, most = LISTS[name]
    some = {"job": cast.job.pk, "application": cast.application.pk, "status": token_of(cast.application)}
    if "{sitting}" in address:
        some["sitting"] = access.token_of(workspace.invite(actor=cast.olga, application=cast.application))
    if "{endpoint}" in address or "{delivery}" in address:
        some["delivery"] = first_told(cast).pk
        some["endpoint"] = first_told(cast).endpoint_id
    if "{talk}" in address:
        some["talk"] = planned(cast, cast.application, cast.ines, kit=Kit.DEVELOPER).pk
    address = address.format(**some)
    client.force_login(cast.olga, backend="allauth.account.auth_backends.AuthenticationBackend")
    counts = []
    for more in (5, 45):
        grow(_renamed(cast, more), more)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = client.get(address)
        assert answer.status_code == 200
        counts.append([query["sql"] for query in captured.captured_queries])
    few, many = map(len, counts)
    assert few == many, "\n".join(counts[1])
    assert many <= most, "\n".join(counts[1])


def _renamed(cast: Cast, more: int) -> Cast:
    """The second helping must not meet the names of the first one."""
    if more > 5:
        for number, user in enumerate(User.objects.filter(email__startswith="colleague")):
            User.objects.filter(pk=user.pk).update(email=f"first-{number}@example.org")
        for number, one in enumerate(TeamInvitation.objects.all()):
            TeamInvitation.objects.filter(pk=one.pk).update(email=f"first-asked-{number}@example.org")
        for number, one in enumerate(Candidate.objects.exclude(email="ada@example.org")):
            Candidate.objects.filter(pk=one.pk).update(email=f"first-candidate-{number}@example.org")
        for number, one in enumerate(Assessment.objects.filter(title__startswith="Set")):
            Assessment.objects.filter(pk=one.pk).update(title=f"First {number}")
    return cast


def test_the_status_page_needs_as_many_statements_with_a_sitting_as_it_should(cast: Cast, client: Client) -> None:
    sitting = workspace.invite(actor=cast.olga, application=cast.application)
    workspace.begin(sitting)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(reverse("workspace:status", args=[token_of(cast.application)]))
    assert answer.status_code == 200
    assert len(captured) == 5, [query["sql"] for query in captured.captured_queries]
