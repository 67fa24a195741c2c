"""The back office: every model is there, lists are as cheap with many rows as with few, the log is not altered."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from djudge.web.accounts.models import User
from djudge.web.api import actions as api
from djudge.web.api.models import Creation
from djudge.web.assessments.models import Assessment, Lane
from djudge.web.ats.models import AshbyKey, Complaint, Order
from djudge.web.grading.models import Result, Submission, Trial
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import EvidenceView, Job, JobMember, SavedFilter, UseCase
from djudge.web.insights.models import Comparison, Likeness
from djudge.web.interviews.models import CalibrationRating
from djudge.web.mail import actions as mail
from djudge.web.organizations import actions as organizations
from djudge.web.organizations.models import AuditEvent, Membership, Role
from djudge.web.pads.models import Pad, PadRun
from djudge.web.resumes.models import Answer, Correction, Reading
from djudge.web.webhooks.models import Attempt, Delivery, Endpoint
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Appeal, FormerSubmission, Pulse, Regrade, Work
from tests.web.cast import Cast, person, planned

OURS = [
    model for model in apps.get_models()
    if model.__module__.startswith("djudge.web.") and not model._meta.auto_created
]  # fmt: skip
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_every_model_of_ours_is_there() -> None:
    assert [model for model in OURS if model not in admin.site._registry] == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_list_needs_as_many_statements_for_many_rows_as_for_few(model: type, cast: Cast, client: Client) -> None:
    cast.olga.is_staff = cast.olga.is_superuser = True
    cast.olga.save()
    client.force_login(cast.olga, backend=BACKEND)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")  # type: ignore[attr-defined]
    counts = []
    for helping in range(2):
        fill(cast, helping, 10 if helping else 3)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append([query["sql"] for query in captured.captured_queries])
    assert len(counts[0]) == len(counts[1]), "\n".join(counts[1])
    assert client.get(address, {"q": "a"}).status_code == 200
    found = model.objects.first()  # type: ignore[attr-defined]
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[found.pk])  # type: ignore[attr-defined]
    assert client.get(page).status_code == 200


def fill(cast: Cast, helping: int, count: int) -> None:
    """So many more of everything."""
    for number in range(count):
        name = f"{helping}-{number}"
        colleague = person(f"Colleague-{name}")
        Membership.objects.create(team=cast.team, user=colleague, role=Role.RECRUITER)
        organizations.invite_member(actor=cast.olga, team=cast.team, email=f"x{name}@example.org", role=Role.OWNER)
        Assessment.objects.create(team=cast.team, title=f"Set {name}", lane=Lane.DJANGO_READY, tasks=[])
        job = Job.objects.create(team=cast.team, title=name, use_case=UseCase.SHOP, assessment=cast.assessment)
        JobMember.objects.create(job=job, user=colleague)
        application = hiring.apply(job=job, name=name, email=f"c{name}@example.org", lane=Lane.DJANGO_READY)
        hiring.add_note(actor=colleague, application=application, text=name, rating=None)
        EvidenceView.objects.create(application=application, user=colleague)
        hiring.decide(actor=colleague, application=application, outcome="advance", reason=name, message="")
        workspace.invite(actor=colleague, application=application)
        submission = Submission.objects.create(task="python/retry-decorator", files={})
        Result.objects.create(submission=submission, document="{}", canonical_sha256="0", headline=name)
        Pulse.objects.get_or_create(pk=1, defaults={"at": timezone.now()})
        Trial.objects.create(task="python/retry-decorator", files={})
        comparison = Comparison.objects.create(team=cast.team, task=name)
        other = Submission.objects.create(task="python/retry-decorator", files={})
        Likeness.objects.create(comparison=comparison, one=submission, other=other, lines=12, passages=[])
        work = Work.objects.filter(sitting__application=application)[0]
        Appeal.objects.create(work=work, kind="person", text=name)
        again = [Submission.objects.create(task="python/retry-decorator", files={}) for _ in range(2)]
        FormerSubmission.objects.create(work=work, submission=again[0], why="redo")
        Regrade.objects.create(work=work, submission=again[1], by=colleague)
        mine = cast.team.memberships.get(user=cast.olga)
        api.make_token(membership=mine, name=name, scopes=["jobs:read"], days=30)
        Creation.objects.create(team=cast.team, user=cast.olga, key=name, digest="0", status=201, body="{}")
        api.register_client(
            actor=cast.olga, team=cast.team, name=name, redirect_uris="https://example.org/", is_confidential=False
        )
        SavedFilter.objects.create(user=colleague, job=job, name=name, query="q=ada")
        talk = planned(cast, application, colleague)
        pad = Pad.objects.create(interview=talk, sitting=workspace.share("shop/facets", timezone.now()))
        asked = Submission.objects.create(task="shop/facets", files={})
        PadRun.objects.create(pad=pad, what="growth", submission=asked, asked_by="candidate")
        endpoint = Endpoint.objects.create(team=cast.team, address=f"https://{name}.example.org", secret="-")
        told = Delivery.objects.create(endpoint=endpoint, event="ping", body=name)
        Attempt.objects.create(delivery=told, trouble=name)
        reading = Reading.objects.create(application=application, file=name)
        Correction.objects.create(reading=reading)
        Answer.objects.create(reading=reading, signal="orm", said="found", verdict="confirmed", by=colleague)
        CalibrationRating.objects.create(user=colleague, question_id="n-plus-one", sample=name, anchor="middle")
        another = organizations.register_team(owner=colleague, name=f"Team {name}").team
        AshbyKey.objects.create(team=another, key="-", by=colleague)
        order = Order.objects.create(application=application, system="ashby", trouble=name)
        Complaint.objects.create(team=cast.team, order=order, system="ashby", about=name)
        mail.write(to="a@example.org", subject=name, body=name)


def test_the_audit_log_can_be_read_and_not_altered(cast: Cast, client: Client) -> None:
    cast.olga.is_staff = cast.olga.is_superuser = True
    cast.olga.save()
    client.force_login(cast.olga, backend=BACKEND)
    event = AuditEvent.objects.filter(team=cast.team).first()
    assert event is not None
    change = reverse("admin:organizations_auditevent_change", args=[event.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"verb": "altered"}).status_code == 403
    assert (
        client.post(reverse("admin:organizations_auditevent_delete", args=[event.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert client.get(reverse("admin:organizations_auditevent_add")).status_code == 403


def test_nobody_without_the_right_comes_in(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga, backend=BACKEND)
    assert client.get("/admin/").status_code == 302
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 302
    assert not User.objects.filter(is_staff=True).exists()
