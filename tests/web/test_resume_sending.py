"""The way of a file from whoever sends it to the text: queued, read by a worker, found when it was lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import Application
from djudge.web.organizations.models import AuditEvent
from djudge.web.resumes import actions, selectors, tasks
from djudge.web.resumes.documents import read_of
from djudge.web.resumes.models import Reading, State
from tests.web import resume_files as files
from tests.web.browsing import BACKEND
from tests.web.cast import Cast
from tests.web.test_resume_pages import PDF, mine, page_of, reading, rita, sent

__all__ = ["reading", "rita"]


@pytest.mark.django_db(transaction=True)
def test_whoever_applies_with_a_file_waits_for_nothing_and_a_worker_reads_it(
    cast: Cast, client: Client, broker: redis.Redis
) -> None:
    fields = {"name": "Zoe", "email": "zoe@example.org", "lane": "django-ready"}
    file = SimpleUploadedFile("zoe.pdf", PDF)
    answer = client.post(reverse("workspace:apply", args=[cast.job.pk]), fields | {"resume": file})
    assert answer.status_code == 200
    reading = Reading.objects.get(application__candidate__email="zoe@example.org")
    assert reading.state == State.WAITING
    assert str(reading.pk) in "".join(map(str, broker.lrange("default", 0, -1)))  # type: ignore[arg-type]
    tasks.read(str(reading.pk))
    reading.refresh_from_db()
    assert reading.state == State.READ
    assert len(reading.sha256) == 64
    assert reading.reader.startswith("1 pypdfium2-")
    assert "Developer, Acme  2019 – 2023" in [line.text for line in read_of(reading).lines]


def test_whom_the_team_enters_with_a_file_is_found_by_the_sweep(cast: Cast, rita: Client) -> None:
    fields = {"name": "Entered", "email": "entered@example.org", "lane": "django-ready"}
    address = reverse("hiring:new-candidate", args=[cast.job.pk])
    refused = rita.post(address, fields | {"resume": SimpleUploadedFile("cv.pdf", b"GIF89a")})
    assert refused.status_code == 422
    assert "neither a PDF nor a DOCX" in refused.content.decode()
    rita.post(address, fields | {"resume": SimpleUploadedFile("cv.docx", files.word(("Skills",), "Django"))})
    application = Application.objects.get(candidate__email="entered@example.org")
    assert not application.readings.exists()
    tasks.read_rest()
    tasks.read_rest()
    assert application.readings.count() == 1
    assert Reading.objects.filter(application=application, state=State.WAITING).exists()


def test_the_sweep_begins_with_nobody_whose_application_has_ended(cast: Cast) -> None:
    cast.application.resume.save("cv.pdf", ContentFile(PDF))
    hiring.withdraw(application=cast.application)
    tasks.read_rest()
    assert not Reading.objects.exists()


def test_a_job_too_many_does_nothing_and_a_lost_one_is_found(cast: Cast, reading: Reading) -> None:
    before = reading.finished_at
    actions.read(reading.pk)
    reading.refresh_from_db()
    assert (reading.finished_at, reading.attempts) == (before, 1)
    assert selectors.left_behind() == []
    now = timezone.now()
    Reading.objects.filter(pk=reading.pk).update(state=State.WAITING, created_at=now - timedelta(minutes=1))
    assert selectors.left_behind() == [reading.pk]
    Reading.objects.filter(pk=reading.pk).update(state=State.READING, alive_at=now)
    assert selectors.left_behind() == [], "a run is at it"
    actions.read(reading.pk)
    reading.refresh_from_db()
    assert reading.attempts == 1
    Reading.objects.filter(pk=reading.pk).update(alive_at=now - timedelta(minutes=10))
    assert selectors.left_behind() == [reading.pk], "that run is dead"
    actions.read(reading.pk)
    reading.refresh_from_db()
    assert (reading.state, reading.attempts) == (State.READ, 2)


def test_one_file_waits_once_whoever_asks(cast: Cast, reading: Reading) -> None:
    assert actions.read_soon(cast.application) is None
    Reading.objects.create(application=cast.application, file=reading.file)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(application=cast.application, file=reading.file)


def test_a_file_that_is_away_is_our_fault_tried_four_times_told_and_tried_again_by_a_person(
    cast: Cast, rita: Client
) -> None:
    reading = sent(cast.application)
    default_storage.delete(reading.file)
    for attempt in range(1, actions.MOST_ATTEMPTS + 1):
        assert reading.state == State.WAITING
        actions.read(reading.pk)
        reading.refresh_from_db()
        assert reading.attempts == attempt
    assert reading.state == State.OUR_FAULT
    text = rita.get(page_of(cast.application)).content.decode()
    assert "our fault and not the candidate" in text
    assert "our fault and not yours" in rita.get(mine(cast.application)).content.decode()
    default_storage.save(reading.file, ContentFile(PDF))
    rita.post(reverse("resumes:again", args=[cast.application.pk]))
    second = selectors.reading_of(cast.application)
    assert second is not None
    assert second.pk != reading.pk
    actions.read(second.pk)
    assert "Developer, Acme" in rita.get(page_of(cast.application)).content.decode()
    assert AuditEvent.objects.filter(verb="had the résumé read again of").exists()


def test_a_run_that_falls_silent_each_time_is_given_up(cast: Cast) -> None:
    reading = sent(cast.application)
    old = timezone.now() - timedelta(hours=1)
    Reading.objects.filter(pk=reading.pk).update(state=State.READING, alive_at=old, attempts=actions.MOST_ATTEMPTS)
    actions.read(reading.pk)
    reading.refresh_from_db()
    assert (reading.state, reading.trouble) == (State.OUR_FAULT, "Each run of it fell silent.")


def test_a_reading_that_would_be_the_same_is_not_repeated_and_one_of_another_version_is(
    cast: Cast, reading: Reading, rita: Client
) -> None:
    again = reverse("resumes:again", args=[cast.application.pk])
    assert "it would read the same" in rita.post(again, follow=True).content.decode()
    assert Reading.objects.count() == 1
    made = actions.correct(reading=reading, sections=[("Skills", "In my words")], against=reading.pk)
    Reading.objects.filter(pk=reading.pk).update(reader="0 pypdfium2-4")
    assert "Read it again" in rita.get(page_of(cast.application)).content.decode()
    rita.post(again)
    second = selectors.reading_of(cast.application)
    assert second is not None
    actions.read(second.pk)
    second.refresh_from_db()
    assert Reading.objects.count() == 2, "the former one stays"
    assert selectors.correction_of(second) == made, "what the candidate wrote is about the file"


def test_what_the_file_does_to_its_reader_is_told_and_not_tried_again(cast: Cast, rita: Client) -> None:
    reading = sent(cast.application, files.nested_forms())
    actions.read(reading.pk)
    reading.refresh_from_db()
    assert (reading.state, reading.attempts) == (State.READ, 1)
    assert "Nothing of it was read." in rita.get(page_of(cast.application)).content.decode()
    assert "could not read" in rita.get(page_of(cast.application)).content.decode()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "a\nb\r.pdf", "<svg onload=alert(1)>.pdf", "\u202efdp.exe.pdf", "x" * 300 + ".pdf",
             "$(reboot).pdf", "cv.pdf;type=x.pdf", "=cmd|' /C calc'!A0.pdf"],
)  # fmt: skip
@pytest.mark.django_db(transaction=True)
def test_a_hostile_name_of_a_file_harms_nobody(name: str, cast: Cast, client: Client) -> None:
    file = SimpleUploadedFile("x.pdf", PDF)
    file.name = name
    client.post(reverse("resumes:send", args=[token_of(cast.application)]), {"resume": file})
    cast.application.refresh_from_db()
    stored = str(cast.application.resume.name)
    assert stored.startswith("resumes/")
    assert ".." not in stored
    reading = selectors.reading_of(cast.application)
    assert reading is not None
    actions.read(reading.pk)
    reading.refresh_from_db()
    assert reading.state == State.READ
    client.force_login(cast.rita, backend=BACKEND)
    for address in (page_of(cast.application), mine(cast.application)):
        assert "<svg onload" not in client.get(address).content.decode()
