"""Many candidates at once: a table of which the good rows are taken; filters that somebody keeps."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from djudge.web.hiring import spreadsheets
from djudge.web.hiring.models import Application, SavedFilter, Stage
from djudge.web.mail.models import Message
from tests.web.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

TABLE = """name,email,lane
Carl Good,carl@example.org,django-ready
Dora Good,DORA@example.org,"Python-strong, new to Django"
,nobody@example.org,
No Address,not an address,
Carl Again,carl@EXAMPLE.org,

Lena Lane,lena@example.org,seniors only
Ada Applicant,ada@example.org,
"""


def sent(client: Client, cast: Cast, content: bytes, **fields: str) -> HttpResponse:
    client.force_login(cast.rita, backend=BACKEND)
    table = SimpleUploadedFile("people.csv", content)
    answer: HttpResponse = client.post(
        reverse("hiring:job", args=[cast.job.pk]) + "candidates/table/", {"table": table, **fields}
    )
    return answer


def test_good_rows_are_entered_and_invited_and_bad_ones_are_listed_with_their_line(cast: Cast, client: Client) -> None:
    page = sent(client, cast, TABLE.encode(), invite="on").content.decode()
    assert "3 rows were taken" in page
    assert "4 rows were not" in page
    for line, said in ((4, "required"), (5, "valid email"), (6, "twice"), (8, "seniors only")):
        row = page[page.index(f'<td class="figure">{line}</td>') :]
        assert said in row[: row.index("</tr>")], line
    assert "was a candidate already" in page
    lanes = dict(Application.objects.filter(job=cast.job).values_list("candidate__email", "lane"))
    assert lanes == {
        "ada@example.org": "django-ready", "carl@example.org": "django-ready", "dora@example.org": "python-strong",
    }  # fmt: skip
    assert Application.objects.get(candidate__email="carl@example.org").stage == Stage.INVITED
    assert Application.objects.get(candidate__email="dora@example.org").stage == Stage.APPLIED
    assert "no assessment for this lane yet" in page, "why Dora was not invited"
    assert Application.objects.get(candidate__email="ada@example.org").stage == Stage.APPLIED, "as she was"
    assert not Message.objects.filter(to__in=["nobody@example.org", "lena@example.org"]).exists()


def test_without_the_wish_nobody_is_invited(cast: Cast, client: Client) -> None:
    sent(client, cast, b"Full name;E-Mail\r\nCarl;carl@example.org\r\n")
    assert Application.objects.get(candidate__email="carl@example.org").stage == Stage.APPLIED


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Carl,carl@example.org\n", "name the columns"),
        (b"name,email\n", "nobody in this table"),
        (b"\xff\xfen\x00a\x00", "no text in UTF-8"),
        (b"name,email\n\0,x\n", "no text"),
        (b"name,email\n" + b"x,x@example.org\n" * 201, "At most 200 rows"),
        (b"name,email\n" + b"x" * 500_001, "too large"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(cast: Cast, client: Client, content: bytes, said: str) -> None:
    answer = sent(client, cast, content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Application.objects.filter(job=cast.job).count() == 1


def test_a_spreadsheets_own_habits_are_understood() -> None:
    for text in ("name\temail\nÅsa\tasa@example.org\n", "\ufeffname;email\r\nÅsa;asa@example.org\r\n"):
        (row,) = spreadsheets.read_candidates(text.encode())
        assert (row.number, row.name, row.email, row.faults) == (2, "Åsa", "asa@example.org", [])
    assert len(spreadsheets.read_candidates("\n".join(spreadsheets.sample()).encode())) == 2, "the sample is a table"


def test_a_filter_is_kept_under_a_name_used_and_forgotten_by_its_owner_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.rita, backend=BACKEND)
    job = reverse("hiring:job", args=[cast.job.pk])
    assert "Keep this filter as" not in client.get(job).content.decode(), "nothing is filtered"
    assert "Keep this filter as" in client.get(job, {"q": "ada"}).content.decode()
    fields = {"name": "Ada & co", "q": "ada&x=1", "stage": "applied", "table": "on"}
    answer = client.post(f"{job}filters/", fields)
    assert answer["Location"] == f"{job}?q=ada%26x%3D1&stage=applied&as=table"
    assert "Ada &amp; co" in client.get(job).content.decode()
    client.post(f"{job}filters/", {**fields, "stage": "invited"})
    kept = SavedFilter.objects.get()
    assert "stage=invited" in kept.query
    client.force_login(cast.olga, backend=BACKEND)
    assert "Ada &amp; co" not in client.get(job).content.decode()
    client.post(f"{job}filters/{kept.pk}/forget/")
    assert SavedFilter.objects.exists(), "somebody else's stays"
    client.force_login(cast.rita, backend=BACKEND)
    client.post(f"{job}filters/{kept.pk}/forget/")
    assert not SavedFilter.objects.exists()


def test_a_filter_without_a_name_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.rita, backend=BACKEND)
    answer = client.post(reverse("hiring:save-filter", args=[cast.job.pk]), {"q": "ada"}, follow=True)
    assert "short name" in answer.content.decode()
    assert not SavedFilter.objects.exists()
