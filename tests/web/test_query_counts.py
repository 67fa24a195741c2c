"""Every list needs as many statements for fifty rows as for five: we pass our own exam."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from djudge.web.accounts.models import User
from djudge.web.assessments import actions as assessments
from djudge.web.assessments.models import Assessment, Lane
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import Candidate, UseCase
from djudge.web.mail import actions as mail
from djudge.web.organizations import actions as organizations
from djudge.web.organizations.models import Membership, Role, TeamInvitation
from djudge.web.workspace import actions as workspace
from tests.reports import sample_reports
from tests.web.cast import Cast, graded, person


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


def graded_ones(cast: Cast, count: int) -> None:
    for number in range(count):
        graded(cast, f"Graded {number}", sample_reports.good())


def notes(cast: Cast, count: int) -> None:
    for number in range(count):
        author = (cast.olga, cast.rita, cast.hamid, cast.ines)[number % 4]
        hiring.add_note(actor=author, application=cast.application, text=f"Note {number}", rating=number % 4 + 1)


#: Address, who asks, what grows, and how many statements that takes at any size.
LISTS: dict[str, tuple[str, Callable[[Cast, int], None], int]] = {
    "jobs": ("/jobs/", jobs, 5),
    "a job as a board": ("/jobs/{job}/", applicants, 6),
    "a job as a table": ("/jobs/{job}/?as=table", applicants, 6),
    "candidates side by side": ("/jobs/{job}/compare/", graded_ones, 7),
    "assessments": ("/assessments/", sets_of_tasks, 4),
    "the team": ("/team/", colleagues, 5),
    "the outbox": ("/team/outbox/", mails, 5),
    "the audit log": ("/team/audit/", jobs, 5),
    "an application with notes": ("/applications/{application}/", notes, 8),
    "who works on a job": ("/jobs/{job}/members/", colleagues, 7),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_needs_as_many_statements_for_fifty_rows_as_for_five(name: str, cast: Cast, client: Client) -> None:
    address, grow, most = LISTS[name]
    address = address.format(job=cast.job.pk, application=cast.application.pk)
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
    assert len(captured) == 4, [query["sql"] for query in captured.captured_queries]
