"""From a job to a decision: what the team does and what the candidate sees of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import Application, Job, Stage
from djudge.web.mail.models import Message
from djudge.web.organizations import audit
from djudge.web.organizations.models import AuditEvent, Role
from djudge.web.workspace import actions as workspace
from tests.web.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_somebody_new_makes_a_job_and_invites_a_candidate_in_four_forms(client: Client, db: None) -> None:
    answer = client.post(
        "/accounts/signup/",
        {"team": "New team", "name": "Nora New", "email": "nora@example.org", "password1": "a long good password"},
    )
    assert answer.status_code == 302, answer.content.decode()
    answer = client.post("/jobs/new/", {"title": "Developer", "builds": ["full-stack"], "use_case": "shop"})
    job = Job.objects.get(title="Developer")
    assert answer["Location"] == reverse("hiring:change-job", args=[job.pk])
    assert (job.level_bar, job.reply_days) == (2, 5)
    assert job.assessment is not None
    assert 0 < job.assessment.minutes <= 90
    assert job.python_assessment is not None
    wanted = {"name": "Carl", "email": "carl@example.org", "lane": "django-ready", "invite": "on"}
    answer = client.post(f"/jobs/{job.pk}/candidates/new/", wanted)
    client.post(answer["Location"])
    mail = Message.objects.get(to="carl@example.org", subject__startswith="Your work sample")
    link = re.search(r"http\S+", mail.body)
    assert link is not None
    page = Client().get(link[0].removeprefix("http://localhost:8000"))
    assert b"Read what it is, then begin" in page.content


def _told(answer: HttpResponse, address: str) -> str:
    """What a page says, without what is drawn for each answer."""
    return re.sub(r'(value|nonce)="[\w-]+"', "", answer.content.decode().replace(address, ""))


def test_another_level_than_two_needs_a_reason(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga, backend=BACKEND)
    address = reverse("hiring:change-job", args=[cast.job.pk])
    fields = {"title": "Developer", "level_bar": "3", "reply_days": "5", "state": "open", "bar_reason": ""}
    refused = client.post(address, fields)
    assert refused.status_code == 422
    assert b"Please say why" in refused.content
    assert client.post(address, {**fields, "bar_reason": "They will lead others."}).status_code == 302
    assert Job.objects.get(pk=cast.job.pk).level_bar == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=cast.job.pk).update(level_bar=1, bar_reason="")


def test_who_applies_twice_has_one_application_and_the_form_tells_nobody(cast: Cast, client: Client) -> None:
    address = reverse("workspace:apply", args=[cast.job.pk])
    fields = {"name": "Somebody", "email": "ada@EXAMPLE.org", "lane": "python-strong"}
    before = Message.objects.count()
    known = client.post(address, fields)
    new = client.post(address, {**fields, "email": "new@example.org"})
    assert known.status_code == new.status_code == 200
    assert _told(known, "ada@EXAMPLE.org") == _told(new, "new@example.org")
    assert Application.objects.filter(job=cast.job).count() == 2
    assert Application.objects.get(pk=cast.application.pk).candidate.name == "Ada Applicant"
    assert Message.objects.count() == before + 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cv.exe", b"MZ", "neither a PDF nor a DOCX"),
        ("cv.pdf", b"MZ not a pdf", "neither a PDF nor a DOCX"),
        ("cv.docx", b"%PDF-1.7", "neither a PDF nor a DOCX"),
        ("cv.pdf", b"%PDF-" + b"x" * (5 * 1024 * 1024), "more than 5 MB"),
    ],
)
def test_a_file_that_is_no_resume_is_refused_and_nothing_typed_is_lost(
    cast: Cast, client: Client, name: str, content: bytes, said: str
) -> None:
    fields = {"name": "Carl", "email": "carl@example.org", "lane": "django-ready"}
    answer = client.post(
        reverse("workspace:apply", args=[cast.job.pk]), {**fields, "resume": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "carl@example.org" in answer.content.decode()
    assert not Application.objects.filter(candidate__email="carl@example.org").exists()


def test_a_resume_is_only_ever_a_download(cast: Cast, client: Client) -> None:
    fields = {"name": "Carl", "email": "carl@example.org", "lane": "django-ready"}
    resume = SimpleUploadedFile("my cv<script>.pdf", b"%PDF-1.7")
    client.post(reverse("workspace:apply", args=[cast.job.pk]), {**fields, "resume": resume})
    client.force_login(cast.rita, backend=BACKEND)
    application = Application.objects.get(candidate__email="carl@example.org")
    answer = client.get(reverse("hiring:resume", args=[application.pk]))
    assert b"".join(answer) == b"%PDF-1.7"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


def test_nobody_decides_without_having_opened_the_evidence(cast: Cast) -> None:
    hiring.move(application=cast.application, stage=Stage.SUBMITTED, as_="candidate")
    wanted = {"outcome": "advance", "reason": "Good work.", "message": ""}
    with pytest.raises(hiring.NotYetError):
        hiring.decide(actor=cast.hamid, application=cast.application, **wanted)
    assert Application.objects.get(pk=cast.application.pk).stage == Stage.SUBMITTED
    hiring.open_evidence(actor=cast.hamid, application=cast.application)
    hiring.decide(actor=cast.hamid, application=cast.application, **wanted)
    assert Application.objects.get(pk=cast.application.pk).stage == Stage.INTERVIEW


def test_nobody_is_rejected_without_a_reason_and_a_word(cast: Cast, client: Client) -> None:
    client.force_login(cast.hamid, backend=BACKEND)
    address = reverse("hiring:decide", args=[cast.application.pk])
    for fields in ({}, {"reason": "No."}, {"message": "No."}):
        client.post(address, {"outcome": "reject", **fields})
        assert Application.objects.get(pk=cast.application.pk).stage == Stage.APPLIED
    client.post(address, {"outcome": "reject", "reason": "Wanted remote.", "message": "Thank you, Ada, and good luck."})
    assert Application.objects.get(pk=cast.application.pk).stage == Stage.REJECTED
    mail = Message.objects.filter(to="ada@example.org").latest("created_at")
    assert "good luck" in mail.body
    page = Client().get(reverse("workspace:status", args=[token_of(cast.application)])).content.decode()
    assert "good luck" in page
    assert "Wanted remote" not in page


def test_a_role_in_one_job_counts_for_this_job_alone(cast: Cast, client: Client) -> None:
    elsewhere = hiring.create_job(actor=cast.olga, team=cast.team, fields={"title": "Other", "use_case": "shop"})
    hiring.name_members(actor=cast.olga, job=elsewhere, roles={cast.ines: Role.INTERVIEWER})
    other = hiring.apply(job=elsewhere, name="Bo", email="bo@example.org", lane="django-ready")
    client.force_login(cast.ines, backend=BACKEND)
    wanted = {"outcome": "reject", "reason": "Another job.", "message": "Thank you."}
    address = reverse("hiring:decide", args=[cast.application.pk])
    assert client.post(address, wanted).status_code == 403
    assert "Decide" not in client.get(reverse("workspace:application", args=[cast.application.pk])).content.decode()
    client.force_login(cast.olga, backend=BACKEND)
    ines = cast.team.memberships.get(user=cast.ines)
    client.post(reverse("hiring:members", args=[cast.job.pk]), {f"as_{ines.pk}": "hiring_manager"})
    client.force_login(cast.ines, backend=BACKEND)
    assert "Decide" in client.get(reverse("workspace:application", args=[cast.application.pk])).content.decode()
    assert client.post(address, wanted).status_code == 302
    assert Application.objects.get(pk=cast.application.pk).stage == Stage.REJECTED
    assert client.post(reverse("hiring:decide", args=[other.pk]), wanted).status_code == 403
    assert client.get("/jobs/new/").status_code == 403


def test_a_broken_promise_is_seen_on_both_sides(cast: Cast, client: Client) -> None:
    Application.objects.filter(pk=cast.application.pk).update(reply_by=timezone.localdate() - timedelta(days=1))
    assert "we are late" in client.get(reverse("workspace:status", args=[token_of(cast.application)])).content.decode()
    client.force_login(cast.rita, backend=BACKEND)
    assert 'class="figure late">1<' in client.get("/jobs/").content.decode()


def test_extra_time_moves_the_end_of_a_sitting_that_runs_already(cast: Cast) -> None:
    sitting = workspace.invite(actor=cast.rita, application=cast.application)
    workspace.begin(sitting)
    before = sitting.ends_at
    assert before is not None
    hiring.give_extra_time(actor=cast.rita, application=cast.application, factor=1.5)  # type: ignore[arg-type]
    sitting.refresh_from_db()
    assert sitting.ends_at is not None
    assert sitting.ends_at - before == timedelta(minutes=cast.assessment.minutes / 2)


def test_the_audit_log_notices_what_was_altered_and_what_was_removed(cast: Cast) -> None:
    hiring.move(application=cast.application, stage=Stage.INVITED, actor=cast.rita)
    hiring.move(application=cast.application, stage=Stage.SUBMITTED, actor=cast.rita)
    assert audit.first_broken(cast.team) is None
    event = AuditEvent.objects.filter(team=cast.team).order_by("number")[2]
    AuditEvent.objects.filter(pk=event.pk).update(actor_name="Somebody else")
    broken = audit.first_broken(cast.team)
    assert broken is not None
    assert broken.number == event.number
    AuditEvent.objects.filter(pk=event.pk).delete()
    broken = audit.first_broken(cast.team)
    assert broken is not None
    assert broken.number == event.number + 1


def test_an_entry_belongs_into_the_transaction_of_its_change(cast: Cast) -> None:
    before = AuditEvent.objects.count()

    def fail() -> None:
        with transaction.atomic():
            audit.note(cast.team, "did", cast.job, actor=cast.olga)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert AuditEvent.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_an_entry_without_a_transaction_is_refused(cast: Cast) -> None:
    with pytest.raises(RuntimeError):
        audit.note(cast.team, "did", cast.job, actor=cast.olga)


def test_nobody_floods_a_team_with_applications_from_one_place(cast: Cast, client: Client) -> None:
    address = reverse("workspace:apply", args=[cast.job.pk])
    answers = [
        client.post(address, {"name": "Flood", "email": f"flood{number}@example.org", "lane": "django-ready"})
        for number in range(21)
    ]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert "too often" in answers[-1].content.decode()
    assert client.get(address).status_code == 200, "looking is not counted"
    elsewhere = client.post(
        address, {"name": "Else", "email": "else@example.org", "lane": "django-ready"}, REMOTE_ADDR="192.0.2.7"
    )
    assert elsewhere.status_code == 200
