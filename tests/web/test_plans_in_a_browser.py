"""Planning an interview in a real browser: with and without JavaScript, by keyboard, and in one's own time zone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from djudge.web.interviews.models import Interview, Rating
from djudge.web.mail.models import Message
from tests.reports import sample_reports
from tests.web.browsing import bring_session
from tests.web.cast import Cast, graded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WITHOUT_SCRIPT = [pytest.param({"java_script_enabled": False}, id="without JavaScript"), pytest.param({}, id="with it")]


@pytest.fixture
def address(page: Page, live_server: LiveServer, cast: Cast) -> str:
    application = graded(cast, "Gina Graded", sample_reports.junior())
    bring_session(page.context, live_server, cast.rita)
    return live_server.url + reverse("debriefs:plan", args=[application.pk])


@pytest.mark.parametrize("page", WITHOUT_SCRIPT, indirect=True)
def test_from_the_proposal_to_the_kit_in_the_listeners_hand(
    page: Page, live_server: LiveServer, address: str, cast: Cast, complaints: list[str]
) -> None:
    page.goto(address)
    page.get_by_label("45 minutes").check()
    page.get_by_label("Design a product catalogue and a shopping cart.").uncheck()
    page.get_by_label("Where", exact=True).fill("Room 4")
    page.wait_for_load_state("networkidle")  # else the browser complains of what we leave behind
    page.get_by_role("button", name="Work out the minutes").click()
    expect(page.get_by_text("To the minute, 45 in all.")).to_be_visible()
    assert "csrf" not in page.url, "the token stands in no address"
    expect(page.get_by_label("Where", exact=True)).to_have_value("Room 4")
    own = page.get_by_role("group", name="About their own work").get_by_role("checkbox")
    own.first.check()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    expect(own.first).to_be_checked()
    page.get_by_label("Ines Name (Interviewer)").check()
    page.get_by_role("button", name="Plan it").click()
    page.wait_for_url("**/kit/")
    expect(page.get_by_role("heading", name="Agenda")).to_be_visible()
    assert Rating.objects.count() == 5
    told = Message.objects.get(to=cast.ines.email)
    bring_session(page.context, live_server, cast.ines)
    page.goto(live_server.url + reverse("debriefs:kit", args=[Interview.objects.get().pk]))
    assert page.url.partition("/interviews/")[2] in told.body
    page.get_by_role("link", name="Your scorecard").click()
    expect(page.get_by_role("button", name="File it")).to_be_visible()
    assert complaints == []


def test_the_agenda_follows_each_tick_and_the_focus_stays(page: Page, address: str, complaints: list[str]) -> None:
    page.goto(address)
    page.get_by_label("Where", exact=True).fill("Room 4")
    agenda = page.locator("#minutes")
    box = page.get_by_label("This query is slow. How would you optimise it?")
    expect(agenda.get_by_text("This query is slow")).to_be_visible()
    box.focus()
    page.keyboard.press("Space")
    expect(agenda.get_by_text("This query is slow")).to_have_count(0)
    expect(box).to_be_focused()
    for name in ("Design Django models", "Write a Django REST Framework endpoint", "What is Django, and why"):
        page.get_by_label(name).uncheck()
    expect(agenda.get_by_text("What is Django")).to_have_count(0)
    expect(agenda.locator("li")).to_have_count(3)
    page.get_by_label("Interview of an architect").check()
    expect(agenda.get_by_text("How would you handle background tasks?")).to_be_visible()
    expect(page.get_by_label("How would you handle background tasks?")).to_be_checked()
    expect(page.get_by_label("Where", exact=True)).to_have_value("Room 4")
    page.get_by_label("What are its questions about?").wait_for(state="detached")
    assert page.locator("[id=minutes]").count() == page.locator("[id=what]").count() == 1
    assert complaints == []


def test_ticks_that_are_quicker_than_our_answers_stay_as_they_were_made(page: Page, address: str) -> None:
    page.route("**/interviews/new/?*", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.goto(address)
    boxes = page.get_by_role("group", name="What is asked?").get_by_role("checkbox")
    page.get_by_label("45 minutes").check()
    for at in (0, 1, 2, 0):
        boxes.nth(at).click()
    expect(page.locator("#minutes li")).to_have_count(5)
    page.wait_for_load_state("networkidle")
    assert [boxes.nth(at).is_checked() for at in range(5)] == [True, False, False, True, True]
    expect(page.get_by_label("45 minutes")).to_be_checked()
    expect(page.get_by_text("To the minute, 45 in all.")).to_be_visible()


def test_the_gap_is_filled_while_one_types_what_it_is_about(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("What are its questions about?").fill("beds of a hospital")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Design Django models for beds of a hospital.")).to_be_checked()
    expect(page.locator("#minutes").get_by_text("Design Django models for beds of a hospital.")).to_be_visible()


def test_an_interview_is_planned_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Hamid Name (Hiring manager)").focus()
    page.keyboard.press("Space")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Plan it":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/kit/")
    assert Interview.objects.get().scorecards.get().rater.email == "hamid@example.org"


@pytest.fixture
def in_tokyo(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[Page]:
    context = browser.new_context(timezone_id="Asia/Tokyo")
    bring_session(context, live_server, cast.rita)
    yield context.new_page()
    context.close()


def test_the_zone_in_which_somebody_sits_is_proposed_until_they_have_chosen_one(
    in_tokyo: Page, live_server: LiveServer, cast: Cast
) -> None:
    address = live_server.url + reverse("debriefs:plan", args=[cast.application.pk])
    in_tokyo.goto(address)
    zone = in_tokyo.get_by_label("Time zone")
    expect(zone).to_have_value("Asia/Tokyo")
    zone.select_option("Europe/Berlin")
    in_tokyo.get_by_label("Hamid Name (Hiring manager)").check()
    in_tokyo.get_by_role("button", name="Plan it").click()
    in_tokyo.wait_for_url("**/kit/")
    in_tokyo.goto(address)
    expect(in_tokyo.get_by_label("Time zone")).to_have_value("Europe/Berlin")
