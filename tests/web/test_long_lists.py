"""Lists that are longer than a page: nobody is lost between two pages, counts end, what is typed is found."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from django.test import Client

from djudge.web.common import counting
from djudge.web.hiring.models import Application, Candidate, Stage
from djudge.web.hiring.selectors import COLUMN, applications_of, board, job_list
from djudge.web.mail import actions as mail
from tests.web.cast import Cast

NAMES = re.compile(r'<th scope="row"><a href="/applications/[^"]+"><bdi>([^<]+)')


def applicants(cast: Cast, count: int, stage: str = Stage.APPLIED) -> None:
    """Many who share a few days: the order has to go on within a day."""
    people = Candidate.objects.bulk_create(
        Candidate(team=cast.team, name=f"Person {number:04}", email=f"{number}@people.example")
        for number in range(count)
    )
    Application.objects.bulk_create(
        Application(job=cast.job, candidate=person, stage=stage, reply_by=date(2026, 1, 1) + timedelta(days=number % 3))
        for number, person in enumerate(people)
    )


def link(page: str, rel: str) -> str:
    found = re.search(rf'<a href="([^"]+)" rel="{rel}"', page)
    return html.unescape(found[1]) if found else ""


def walk(client: Client, address: str, rel: str) -> list[list[str]]:
    pages, query = [], address
    while query:
        page = client.get(query).content.decode()
        pages.append(NAMES.findall(page))
        following = link(page, rel)
        query = address.partition("?")[0] + following if following else ""
    return pages


@pytest.fixture
def olga(cast: Cast, client: Client) -> Client:
    client.force_login(cast.olga, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_everybody_is_on_one_page_of_the_table_whichever_way_it_is_read(cast: Cast, olga: Client) -> None:
    applicants(cast, 120)
    address = f"/jobs/{cast.job.pk}/?as=table"
    there = walk(olga, address, "next")
    assert [len(page) for page in there] == [50, 50, 21]
    expected = [each.candidate.name for each in applications_of(cast.job)]
    assert [name for page in there for name in page] == expected
    last = link(olga.get(address).content.decode(), "next")
    second = olga.get(f"/jobs/{cast.job.pk}/{last}").content.decode()
    assert NAMES.findall(olga.get(f"/jobs/{cast.job.pk}/{link(second, 'prev')}").content.decode()) == there[0]


def test_whoever_comes_meanwhile_moves_nobody_over_the_edge_of_a_page(cast: Cast, olga: Client) -> None:
    applicants(cast, 60)
    address = f"/jobs/{cast.job.pk}/?as=table"
    first = olga.get(address).content.decode()
    newcomer = Candidate.objects.create(team=cast.team, name="Newcomer", email="new@people.example")
    Application.objects.create(job=cast.job, candidate=newcomer, reply_by=date(2025, 12, 1))
    second = olga.get(f"/jobs/{cast.job.pk}/{link(first, 'next')}").content.decode()
    assert not set(NAMES.findall(first)) & set(NAMES.findall(second))
    assert len(NAMES.findall(first) + NAMES.findall(second)) == 61


@pytest.mark.parametrize(
    "place", ["", "~", "x~y", "2026-01-01", "2026-99-01~x", "9" * 5000, "-1", "99999999999999999999999", "\x00~\x00"]
)
@pytest.mark.parametrize("address", ["/jobs/{job}/?as=table&", "/team/outbox/?", "/team/audit/?"])
def test_an_address_that_names_no_place_of_a_list_is_answered(
    address: str, place: str, cast: Cast, olga: Client
) -> None:
    for way in ("after", "before"):
        answer = olga.get(address.format(job=cast.job.pk), {"as": "table", way: place})
        assert answer.status_code == 200


def test_the_outbox_and_the_audit_log_go_on_and_come_back(cast: Cast, olga: Client) -> None:
    for number in range(60):
        mail.write(to="somebody@example.org", subject=f"Mail {number:02}", body="text", team=cast.team.pk)
    first = olga.get("/team/outbox/").content.decode()
    second = olga.get(f"/team/outbox/{link(first, 'next')}").content.decode()
    assert "Mail 59" in first
    assert "Mail 10" in first
    assert "Mail 09" not in first
    assert "Mail 09" in second
    assert link(second, "next") == ""
    assert "Mail 59" in olga.get(f"/team/outbox/{link(second, 'prev')}").content.decode()
    assert link(olga.get("/team/audit/").content.decode(), "next") == ""


def test_the_board_shows_the_first_of_every_stage_says_how_many_there_are_and_leads_to_all(
    cast: Cast, olga: Client
) -> None:
    applicants(cast, COLUMN + 5, Stage.INTERVIEW)
    columns = {column["stage"]: column for column in board(cast.job, frozenset())}
    assert len(columns[Stage.INTERVIEW]["cards"]) == COLUMN
    assert columns[Stage.INTERVIEW]["count"] == COLUMN + 5
    assert [each.candidate.name for each, _ in columns[Stage.APPLIED]["cards"]] == ["Ada Applicant"]
    assert Stage.HIRED not in columns
    page = olga.get(f"/jobs/{cast.job.pk}/").content.decode()
    assert page.count("stage=interview") == 1
    assert len(NAMES.findall(olga.get(f"/jobs/{cast.job.pk}/?as=table&stage=interview").content.decode())) == COLUMN + 5


def test_counts_end_at_a_thousand_and_say_so(cast: Cast, olga: Client) -> None:
    applicants(cast, counting.MOST + 1)
    membership = cast.team.memberships.get(user=cast.olga)
    counted = job_list(membership).get(pk=cast.job.pk)
    assert (counted.candidates, counted.waiting, counted.overdue) == (counting.MOST,) * 3
    assert "1000+" in olga.get("/jobs/").content.decode()
    Application.objects.filter(stage=Stage.APPLIED, reply_by__lt=date(2026, 1, 3)).update(stage=Stage.REJECTED)
    counted = job_list(membership).get(pk=cast.job.pk)
    assert counted.candidates == counting.MOST
    assert counted.waiting == 1 + (counting.MOST + 1) // 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ada", ["Ada Applicant"]),
        ("PPLI", ["Ada Applicant"]),
        ("example.org", ["Ada Applicant"]),
        ("ap", ["Ada Applicant"]),
        ("a", ["Ada Applicant"]),
        ("pp", []),
        ("zzz", []),
        ("%", []),
        ("100%_", []),
    ],
)
def test_three_letters_are_found_anywhere_and_fewer_where_a_word_begins(
    text: str, found: list[str], cast: Cast
) -> None:
    applicants(cast, 3)
    assert [each.candidate.name for each in applications_of(cast.job, text=text)] == found
