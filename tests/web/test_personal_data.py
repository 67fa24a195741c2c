"""What is kept about a candidate: they get a copy of all of it, and can end it; the audit log holds all the same."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse

from djudge.web.grading.models import Result, Submission, Trial
from djudge.web.grading.reports import columns
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import Application, Candidate
from djudge.web.mail.models import Message
from djudge.web.organizations import audit
from djudge.web.organizations.models import AuditEvent
from djudge.web.pads import actions as pads
from djudge.web.pads.models import Pad
from djudge.web.workspace import access, appeals, editing
from djudge.web.workspace.actions import begin
from djudge.web.workspace.models import Sitting
from djudge.web.workspace.personal_data import erase
from tests.reports import sample_reports
from tests.web.cast import Cast, filed, graded, planned

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NAME = "Xanthippe Quill"


@pytest.fixture
def application(cast: Cast) -> Application:
    """Somebody with a résumé, work, a report, a trial, a note, an appeal and an answer."""
    found = graded(cast, NAME, sample_reports.junior())
    found.resume.save("cv.pdf", ContentFile(b"%PDF-1.7 of Xanthippe Quill"))
    sitting = Sitting.objects.get(application=found)
    work = access.work_of(sitting, 1)
    work.files = {"toolbelt/retrying.py": "# by Xanthippe Quill\n"}
    work.trial = Trial.objects.create(task=work.task, files=work.files)
    work.save()
    hiring.add_note(actor=cast.rita, application=found, text="Xanthippe Quill was friendly.", rating=3)
    hiring.open_evidence(actor=cast.hamid, application=found)
    hiring.decide(
        actor=cast.hamid, application=found, outcome="advance", reason="Good work.", message="Come and see us."
    )
    Submission.objects.filter(pk=work.submission_id).update(state="graded")
    asked = appeals.appeal(access.work_of(sitting, 1), kind="person", check="", title="", text="Xanthippe Quill asks.")
    appeals.answer(asked, actor=cast.rita, text="We looked.", grants_redo=False)
    talk = planned(cast, found, cast.ines)
    filed(talk.scorecards.get(), quote="As Xanthippe Quill I count queries.")
    _talked(pads.open_pad(actor=cast.ines, interview=talk, task="shop/slow-product-list"))
    return found


def _talked(pad: Pad) -> None:
    """A conversation over code, of which something was saved, tried and measured."""
    work = access.work_of(begin(pad.sitting), 1)
    work.trial = Trial.objects.create(task=work.task, files={})
    work.save()
    editing.save(work, path="catalogue/views.py", text="# typed by Xanthippe Quill\n", version=0)
    pads.see(pad, "catalogue/views.py")
    submission = pads.ask(pad, "growth", "candidate").submission
    Submission.objects.filter(pk=submission.pk).update(state="graded")
    Result.objects.create(submission=submission, **columns(sample_reports.junior().to_json()))


def address(application: Application) -> str:
    return reverse("workspace:personal-data", args=[token_of(application)])


def test_the_copy_holds_all_that_was_written_sent_and_measured_and_nobody_elses(
    application: Application, cast: Cast, client: Client
) -> None:
    other = graded(cast, "Other Person", sample_reports.good())
    hiring.add_note(actor=cast.rita, application=other, text="About somebody else.", rating=1)
    answer = client.post(address(application))
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        facts = archive.read("about-you.json").decode()
        assert archive.read("1/resume.pdf") == b"%PDF-1.7 of Xanthippe Quill"
        reports = [name for name in names if name.endswith("report.json")]
        assert len(reports) == 1
        report = json.loads(archive.read(reports[0]))
        assert (report["audience"], report["questions"]) == ("candidate", []), "what to ask is for the interview"
        assert any(name.endswith("toolbelt/retrying.py") for name in names)
        [typed] = [name for name in names if name.startswith("pads/") and name.endswith("/files/catalogue/views.py")]
        assert archive.read(typed) == b"# typed by Xanthippe Quill\n"
        [measured] = [name for name in names if name.startswith("pads/reports/")]
        assert b"</html>" in archive.read(measured)
        [talk], [asked] = (json.loads(facts)[key] for key in ("conversations over code", "what was measured in them"))
        assert (talk["works task"], talk["pad file"]) == ("shop/slow-product-list", "catalogue/views.py")
        assert (asked["pad_run what"], asked["pad_run asked_by"]) == ("growth", "candidate")
    for told in (
        NAME,
        "was friendly",
        "Good work.",
        "Come and see us.",
        "asks.",
        "We looked.",
        "opened the evidence of",
        "As Xanthippe Quill I count queries.",
        "planned an interview of",
        "opened a pad with",
    ):
        assert told in facts, told
    assert "somebody else" not in facts
    assert "Other Person" not in facts
    for colleague in ("Rita", "Ines", "ines@"):
        assert colleague not in facts, "colleagues by what they did, not by name"


def test_after_the_end_nothing_in_any_table_file_or_cache_names_the_person_and_the_log_still_holds(
    application: Application, cast: Cast, client: Client, django_capture_on_commit_callbacks: object
) -> None:
    client.get(reverse("workspace:report", args=[access.token_of(Sitting.objects.get(application=application)), 1]))
    file = application.resume.name
    assert default_storage.exists(str(file))
    assert rows_that_name("Xanthippe"), "the probe finds what is there"
    entries = AuditEvent.objects.filter(subject_id=application.pk).count()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = client.post(address(application), {"erase": "1", "sure": "1"})
    assert "is erased" in answer.content.decode()
    assert rows_that_name("Xanthippe") == []
    assert rows_that_name("xanthippe") == []
    assert not default_storage.exists(str(file))
    assert Submission.objects.count() == Result.objects.count() == Trial.objects.count() == 0
    assert audit.first_broken(cast.team) is None
    kept = AuditEvent.objects.filter(subject_id=application.pk)
    assert kept.count() == entries, "that something was done, and when, stays"
    assert {event.subject for event in kept} == {""}
    assert client.get(reverse("workspace:status", args=[token_of(application)])).status_code == 404
    client.force_login(cast.olga, backend=BACKEND)
    assert "(erased on" in client.get("/team/audit/?check").content.decode()


def rows_that_name(word: str) -> list[str]:
    """Every table of ours with a row in which the word stands, whatever its columns are."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            cursor.execute(f'select count(*) from "{table}" as each where each::text like %s', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_an_entry_that_was_altered_is_found_although_others_were_erased(application: Application, cast: Cast) -> None:
    event = AuditEvent.objects.filter(team=cast.team).exclude(subject_id=application.pk).first()
    erase(application.candidate)
    assert audit.first_broken(cast.team) is None
    assert event is not None
    AuditEvent.objects.filter(pk=event.pk).update(subject="Somebody else")
    broken = audit.first_broken(cast.team)
    assert broken is not None
    assert broken.number == event.number


def test_without_the_tick_nothing_is_erased(application: Application, client: Client) -> None:
    page = client.post(address(application), {"erase": "1"}).content.decode()
    assert "Please tick the box" in page
    assert Candidate.objects.filter(pk=application.candidate_id).exists()


def test_an_owner_erases_by_the_name_and_others_may_not(application: Application, cast: Cast, client: Client) -> None:
    page = reverse("workspace:erase", args=[application.pk])
    for user, status in ((cast.rita, 403), (cast.hamid, 403), (cast.eve, 404)):
        client.force_login(user, backend=BACKEND)
        assert client.post(page, {"name": NAME}).status_code == status
    client.force_login(cast.olga, backend=BACKEND)
    assert "not the name" in client.post(page, {"name": "Somebody"}).content.decode()
    assert Candidate.objects.filter(pk=application.candidate_id).exists()
    answer = client.post(page, {"name": NAME})
    assert answer["Location"] == reverse("hiring:job", args=[cast.job.pk])
    assert not Candidate.objects.filter(pk=application.candidate_id).exists()
    assert AuditEvent.objects.get(verb="erased a candidate").actor == cast.olga


def test_all_applications_with_a_team_end_together_and_those_with_another_stay(
    application: Application, cast: Cast
) -> None:
    second = hiring.create_job(actor=cast.olga, team=cast.team, fields={"title": "Second", "use_case": "cms"})
    email = application.candidate.email
    hiring.apply(job=second, name=NAME, email=email, lane="django-ready")
    hiring.apply(job=cast.other_job, name=NAME, email=email, lane="django-ready")
    erase(application.candidate)
    assert list(Application.objects.filter(candidate__email=email).values_list("job", flat=True)) == [cast.other_job.pk]
    assert Message.objects.filter(to=email).values_list("team", flat=True).distinct().get() == cast.other_job.team_id
    cache.clear()
