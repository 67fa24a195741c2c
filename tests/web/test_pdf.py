"""The recruiter's report as PDF: it says what the page says, and whatever somebody is called comes out as text."""

from __future__ import annotations

import io
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from djudge.web.hiring.models import Application, Candidate, EvidenceView, Job
from tests.reports import sample_reports
from tests.web.browsing import BACKEND
from tests.web.cast import Cast, graded

HOSTILE = (
    '#eval("1+1")', "\\input{/etc/passwd}", "#import \"@preview/x:1.0.0\": *", "*bold* _it_ `code` $x^2$ <b>",
    "= Title",
    '#read("/etc/passwd")', "\"]; #panic()", "{{ 7|add:7 }} {% now 'Y' %}", "https://evil.example/ @ref <label>",
)  # fmt: skip


@pytest.fixture
def application(cast: Cast) -> Application:
    return graded(cast, "Ada Applicant-Graded", sample_reports.junior())


def fetched(client: Client, application: Application) -> HttpResponse:
    return client.get(reverse("insights:report-as-pdf", args=[application.pk]))


def words_of(answer: HttpResponse) -> str:
    """All text of all pages, on one line; places where a long word may break are nothing."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def test_it_says_what_the_page_says(application: Application, cast: Cast, client: Client) -> None:
    client.force_login(cast.rita, backend=BACKEND)
    page = client.get(reverse("workspace:level", args=[application.pk]))
    assert reverse("insights:report-as-pdf", args=[application.pk]) in page.content.decode()
    answer = fetched(client, application)
    assert answer["Content-Disposition"] == 'attachment; filename="ada-applicant-graded.pdf"'
    told, plain = words_of(answer).replace("- ", "").replace("-", ""), page.context["plain"]
    assert "guide's minimum" in told.replace("’", "'")
    said = [each.says for _, found in plain.findings for each in found] + [each.text for each in plain.questions]
    assert said
    for text in ["Ada ApplicantGraded", cast.job.title, page.context["placed"].headline.not_tested, *said]:
        assert " ".join(text.split()).replace("- ", "").replace("-", "") in told


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_come_out_as_text(text: str, application: Application, cast: Cast, client: Client) -> None:
    Candidate.objects.filter(pk=application.candidate_id).update(name=text)
    Job.objects.filter(pk=application.job_id).update(title=text)
    client.force_login(cast.rita, backend=BACKEND)
    told = words_of(fetched(client, application)).replace("’", "'").replace("”", '"').replace("“", '"')
    assert told.count(text) >= 2
    assert "root:" not in told


def test_a_hostile_report_comes_out_as_text(cast: Cast, client: Client) -> None:
    client.force_login(cast.rita, backend=BACKEND)
    assert words_of(fetched(client, graded(cast, "Hostile", sample_reports.hostile())))


@pytest.mark.parametrize(
    "name",
    [
        "محمد عبد الرحمن بن علي", "N" * 60, "Wolfeschlegelsteinhausen" * 5, "王小明",
        "Z\u0335\u0321a\u0300lgo \u202eabc\u202c", "👩‍💻 Dev", " ",
    ],
)  # fmt: skip
def test_any_name_makes_a_document_that_stays_within_its_pages(
    name: str, application: Application, cast: Cast, client: Client
) -> None:
    Candidate.objects.filter(pk=application.candidate_id).update(name=name)
    client.force_login(cast.rita, backend=BACKEND)
    answer = fetched(client, application)
    assert len(words_of(answer)) > 500
    if name.isascii() and name.strip():
        assert name in words_of(answer).replace(" ", "").replace("\n", "")
    for page in PdfReader(io.BytesIO(answer.content)).pages:
        places: list[float] = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size, at=places: at.append(tm[4]) if text.strip() else None
        )
        assert all(0 <= place <= page.mediabox.right for place in places)


def test_names_in_other_writings_stand_in_the_files_name(application: Application, cast: Cast, client: Client) -> None:
    Candidate.objects.filter(pk=application.candidate_id).update(name='محمد "علي"\r\nX: y')
    client.force_login(cast.rita, backend=BACKEND)
    assert fetched(client, application)["Content-Disposition"] == "attachment; filename*=utf-8''" + quote(
        "محمد-علي-x-y.pdf"
    )


def test_taking_it_is_opening_the_evidence_and_without_a_report_there_is_none(
    application: Application, cast: Cast, client: Client
) -> None:
    client.force_login(cast.hamid, backend=BACKEND)
    assert fetched(client, cast.application).status_code == 404
    assert not EvidenceView.objects.filter(user=cast.hamid).exists()
    assert fetched(client, application).status_code == 200
    assert EvidenceView.objects.filter(user=cast.hamid, application=application).count() == 1
    client.force_login(cast.eve, backend=BACKEND)
    assert fetched(client, application).status_code == 404
