"""Kits: minutes that add up whatever is chosen, what a listener reads before an interview, and one sheet of paper."""

from __future__ import annotations

import io
import unicodedata
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import BrowserContext, Page
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from djudge.web.accounts.models import User
from djudge.web.hiring.models import UseCase
from djudge.web.interviews import actions, kits
from djudge.web.interviews.actions import Planned
from djudge.web.interviews.bank import questions
from djudge.web.interviews.models import Interview, Kit, Rating
from tests.reports import sample_reports
from tests.web.browsing import BACKEND, bring_session
from tests.web.cast import Cast, filed, graded, planned

LENGTHS = [(kit, minutes) for kit in Kit.values for minutes in kits.MINUTES[kit]]
OWN = Planned(text="Why prefetch here?", because="101 statements.", listen_for="The loop.", minutes=kits.OWN_MINUTES)

chosen = st.lists(st.sampled_from(list(questions())), unique=True)


@given(length=st.sampled_from(LENGTHS), names=chosen, own=st.integers(0, 3), domain=st.text(max_size=120))
def test_an_agenda_adds_up_to_the_minute_whatever_is_chosen_or_says_how_much_fits(
    length: tuple[str, int], names: list[str], own: int, domain: str
) -> None:
    kit, minutes = length
    asked = [kits.as_asked(questions()[name], domain) for name in names] + [OWN] * own
    room = (minutes - kits.OPENING[kit] - kits.THEIRS[kit]) // kits.LEAST
    if len(asked) > room:
        with pytest.raises(kits.TooManyError, match=f"room for {room}"):
            kits.agenda(kit, minutes, asked)
        asked = asked[:room]
    parts = kits.agenda(kit, minutes, asked)
    assert sum(part.minutes for part in parts) == minutes
    assert [part.start for part in parts[1:]] == [part.end for part in parts[:-1]], "one after the other"
    assert all(part.minutes >= kits.LEAST for part in parts if part.question)
    assert [part.question for part in parts if part.question] == asked, "in the order in which they were chosen"
    again = kits.in_time(kit, minutes, asked)
    assert [part.minutes for part in kits.agenda(kit, minutes, again)] == [part.minutes for part in parts], "read again"


@given(minutes=st.integers(0, 300), weights=st.lists(st.integers(0, 60), min_size=1))
def test_shares_add_up_and_no_weight_is_more_than_a_minute_away_from_its_part(minutes: int, weights: list[int]) -> None:
    shares = kits.spread(minutes, weights)
    assert sum(shares) == minutes
    whole = sum(weights)
    if whole:
        assert all(abs(share - minutes * each / whole) < 1 for share, each in zip(shares, weights, strict=True))


def test_a_question_that_gets_far_less_than_it_is_made_for_is_marked() -> None:
    every = [kits.as_asked(each, "beds") for each in kits.questions_of(Kit.DEVELOPER, UseCase.SHOP)]
    assert not any(part.is_tight for part in kits.agenda(Kit.DEVELOPER, 60, every))
    assert any(part.is_tight for part in kits.agenda(Kit.DEVELOPER, 45, every))


def _as(client: Client, who: User) -> Client:
    client.force_login(who, backend=BACKEND)
    return client


def _kit(interview: Interview) -> str:
    return reverse("debriefs:kit", args=[interview.pk])


def test_a_listener_reads_everything_before_the_interview_on_one_page(cast: Cast, client: Client) -> None:
    cast.job.domain = "visits to a clinic"
    cast.job.save()
    page = _as(client, cast.ines).get(_kit(planned(cast, cast.application, cast.ines, kit=Kit.DEVELOPER)))
    text = page.content.decode()
    question = questions()["model-a-domain"]
    for told in (
        "Ada Applicant", cast.job.title, "Design Django models for visits to a clinic.", question.anchors["senior"],
        question.boxes[0].label, question.follow_ups[1].split(",")[0], "sorted directory", "Level asked for",
    ):  # fmt: skip
        assert told in text, told
    assert reverse("interviews:museum") in text, "something slow to bring along"
    assert "0–3" in text
    assert "55–60" in text


def test_a_question_about_their_own_work_leads_to_the_report_it_came_from(cast: Cast, client: Client) -> None:
    application = graded(cast, "Gina Graded", sample_reports.junior())
    plan = reverse("debriefs:plan", args=[application.pk])
    fields = {"kit": "developer", "minutes": "45", "who": [cast.ines.pk], "zone": "UTC", "ask": ["own-1", "slow-query"]}
    page = _as(client, cast.rita).post(plan, fields, follow=True)
    text = unescape(page.content.decode())
    rating = Rating.objects.get(question_id="")
    assert rating.because in text
    submission = application.sitting.works.get(position=1).submission_id
    assert reverse("workspace:team-report", args=[submission]) in text
    assert "Says why it is so and what it costs" in text, "its anchors"


#: What somebody wrote into a scorecard, and never stands on anybody else's kit.
QUOTE = "Everything is kept for some minutes, said loudly."


def test_what_others_ask_is_told_by_title_and_never_what_they_heard(cast: Cast, client: Client) -> None:
    other = planned(cast, cast.application, cast.hamid, kit=Kit.ARCHITECT)
    mine = planned(cast, cast.application, cast.ines)
    _as(client, cast.hamid).post(
        reverse("interviews:interview", args=[other.pk]), {"quote-1": QUOTE, "skip-2": "on", "save": "1"}
    )
    before = _as(client, cast.ines).get(_kit(mine)).content.decode()
    assert "will ask" in before
    assert "Design a caching strategy for a Django application." in before, (
        "what an open card skips is its rater's alone"
    )
    filed(other.scorecards.get(), "junior", QUOTE)
    for viewer in (cast.ines, cast.rita, cast.olga):
        for address in (_kit(mine), _kit(other), reverse("debriefs:coverage", args=[cast.application.pk])):
            text = _as(client, viewer).get(address).content.decode()
            assert QUOTE not in text
            assert "Cache everything for some minutes." not in text or address == _kit(other), "the bank's own anchor"
    after = _as(client, cast.ines).get(_kit(mine)).content.decode()
    assert ("will ask" in after, "Hamid Name" in after) == (False, True)


def test_the_page_asks_for_no_rating_at_all(cast: Cast, client: Client, django_assert_max_num_queries: Any) -> None:
    talk = planned(cast, cast.application, cast.ines, cast.hamid, kit=Kit.DEVELOPER)
    filed(talk.scorecards.get(rater=cast.hamid), "junior", QUOTE)
    _as(client, cast.ines)
    with django_assert_max_num_queries(12) as captured:
        client.get(_kit(talk))
    asked = [each["sql"] for each in captured.captured_queries if "interviews_rating" in each["sql"]]
    assert asked
    for sql in asked:
        for column in ('"quote"', '"anchor"', '"anchor_text"', '"ticked"', '"remarks"'):
            assert column not in sql, "what is not fetched can't be shown"


def test_who_is_not_of_the_job_finds_no_kit(cast: Cast, client: Client) -> None:
    talk = planned(cast, cast.application, cast.ines)
    for who, status in ((cast.ines, 200), (cast.hamid, 200), (cast.ida, 404), (cast.eve, 404)):
        assert _as(client, who).get(_kit(talk)).status_code == status


def test_more_than_fits_was_planned_by_other_ways_and_can_still_be_read(cast: Cast, client: Client) -> None:
    every = [kits.as_asked(each, "beds") for each in questions().values()]
    talk = actions.plan(
        actor=cast.rita, application=cast.application, kit=Kit.PHONE, minutes=15, questions=every, raters=[cast.ines]
    )
    page = _as(client, cast.ines).get(_kit(talk))
    assert page.status_code == 200
    assert page.context["agenda"][-1].end == kits.least(Kit.PHONE, len(every))


def test_scorecards_to_file_and_the_scorecard_itself_lead_to_the_kit(cast: Cast, client: Client) -> None:
    talk = planned(cast, cast.application, cast.ines)
    _as(client, cast.ines)
    for address in (reverse("interviews:to-file"), reverse("interviews:interview", args=[talk.pk])):
        assert _kit(talk) in client.get(address).content.decode()


@pytest.mark.parametrize(("kit", "minutes"), LENGTHS)
@pytest.mark.parametrize("use", UseCase.values)
def test_the_kits_in_general_have_each_use_with_its_minutes(
    kit: str, minutes: int, use: str, cast: Cast, client: Client
) -> None:
    page = _as(client, cast.ida).get(reverse("interviews:kits"), {"kit": kit, "use": use, "minutes": minutes})
    assert page.context["agenda"][-1][0].end == minutes
    assert kits.questions_of(kit, use)[0].anchors["senior"].replace("'", "&#x27;") in page.content.decode()


def test_a_kind_that_nobody_knows_shows_what_is_proposed(cast: Cast, client: Client) -> None:
    page = _as(client, cast.ida).get(reverse("interviews:kits"), {"kit": "x", "use": "'", "minutes": "-1"})
    assert (page.status_code, page.context["kit"], page.context["minutes"]) == (200, "developer", 60)


@pytest.fixture
def context(browser: Any) -> Any:
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def _sheets(page: Page) -> list[str]:
    return [each.extract_text() for each in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("use", UseCase.values)
def test_a_developers_kit_of_an_hour_is_one_sheet(
    use: str, cast: Cast, context: BrowserContext, live_server: LiveServer
) -> None:
    cast.job.use_case = use
    cast.job.save()
    talk = planned(cast, cast.application, cast.ines, kit=Kit.DEVELOPER)
    planned(cast, cast.application, cast.hamid, kit=Kit.ARCHITECT)
    sheets = _printed(context, live_server, cast, talk)
    assert len(sheets) == 1
    for question in kits.questions_of(Kit.DEVELOPER, use):
        for told in (question.anchors["junior"], question.boxes[-1].label, question.follow_ups[-1]):
            assert _plain(told) in _plain(sheets[0]), told


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kit", [Kit.PHONE, Kit.ARCHITECT])
def test_the_other_kits_are_one_sheet_too(
    kit: str, cast: Cast, context: BrowserContext, live_server: LiveServer
) -> None:
    assert len(_printed(context, live_server, cast, planned(cast, cast.application, cast.ines, kit=kit))) == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_with_three_questions_about_their_own_work_it_is_two_sheets_at_most(
    cast: Cast, context: BrowserContext, live_server: LiveServer
) -> None:
    every = [kits.as_asked(each, "beds") for each in kits.questions_of(Kit.DEVELOPER, UseCase.SHOP)] + [OWN] * 3
    talk = actions.plan(
        actor=cast.rita, application=cast.application, kit=Kit.DEVELOPER, minutes=60, questions=every,
        raters=[cast.ines],
    )  # fmt: skip
    assert len(_printed(context, live_server, cast, talk)) <= 2


def _printed(context: BrowserContext, live_server: LiveServer, cast: Cast, talk: Interview) -> list[str]:
    bring_session(context, live_server, cast.ines)
    page = context.new_page()
    page.goto(live_server.url + _kit(talk))
    return _sheets(page)


def _plain(text: str) -> str:
    """Lines, hyphens and ligatures of the sheet are no part of what it says."""
    return "".join(each for each in unicodedata.normalize("NFKC", text) if each.isalnum())
