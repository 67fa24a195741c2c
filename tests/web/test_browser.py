"""In a real browser: the way from the sign-in to a report, with and without JavaScript, and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from djudge.web.grading import actions as grading
from djudge.web.grading.models import Trial
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import Application, Job
from djudge.web.interviews.models import Kit
from djudge.web.mail.models import Message
from djudge.web.workspace import access, actions, editing
from djudge.web.workspace.models import Sitting, Work
from tests.web.browsing import sign_in
from tests.web.cast import Cast, planned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WITHOUT_SCRIPT = [pytest.param({"java_script_enabled": False}, id="without JavaScript"), pytest.param({}, id="with it")]


@pytest.mark.parametrize("page", WITHOUT_SCRIPT, indirect=True)
def test_from_the_application_to_the_decision(
    page: Page, live_server: LiveServer, cast: Cast, complaints: list[str]
) -> None:
    page.goto(live_server.url + reverse("workspace:apply", args=[cast.job.pk]))
    page.get_by_label("Your name").fill("Carla")
    page.get_by_label("E-mail address").fill("carla@example.org")
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    link = re.search(r"/status/\S+", Message.objects.get(to="carla@example.org").body)
    assert link is not None
    page.goto(live_server.url + link[0])
    expect(page.get_by_text("You hear from us by")).to_be_visible()
    application = Application.objects.get(candidate__email="carla@example.org")
    sitting = actions.invite(actor=cast.rita, application=application)
    page.goto(live_server.url + reverse("workspace:sitting", args=[access.token_of(sitting)]))
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Begin now").click()
    expect(page.get_by_role("heading", name="Your work sample")).to_be_visible()
    page.get_by_role("link", name="A retry that tells the truth").click()
    expect(page.get_by_role("heading", name="A retry that tells the truth")).to_be_visible()
    sign_in(page, live_server, "hamid")
    page.goto(live_server.url + reverse("workspace:application", args=[application.pk]))
    page.get_by_label("Decision", exact=True).select_option("reject")
    page.get_by_label("Reason").fill("Wanted another job.")
    page.get_by_label("Message to the candidate").fill("Thank you, and good luck.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Wanted another job.")).to_be_visible()
    page.goto(live_server.url + reverse("workspace:status", args=[token_of(application)]))
    expect(page.get_by_text("Thank you, and good luck.")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("page", WITHOUT_SCRIPT, indirect=True)
def test_try_a_task_change_a_file_hand_it_in_and_read_the_report(
    page: Page, live_server: LiveServer, db: None, complaints: list[str]
) -> None:
    page.goto(live_server.url + "/try/")
    page.get_by_role("button", name="Open the workspace").click()
    page.wait_for_url("**/work/**")
    page.goto(page.url + "?file=catalogue/views.py&plain")
    area = page.locator("textarea#text")
    area.fill(area.input_value() + "\n# looked at\n")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("saved")).to_be_visible()
    page.get_by_role("button", name="Hand in and see the report").click()
    expect(page.get_by_text("Next in the queue")).to_be_visible()
    work = Work.objects.get()
    assert work.submission is not None
    grading.grade(work.submission.pk)
    page.goto(page.url)
    page.get_by_role("link", name="Read the report").click()
    expect(page.get_by_role("heading", name="Findings")).to_be_visible()
    assert page.locator("svg.chart").count() >= 1, "the growth is drawn"
    assert complaints == []


def test_the_editor_saves_by_itself_and_shows_what_was_changed(
    page: Page, live_server: LiveServer, cast: Cast, complaints: list[str]
) -> None:
    assert finders.find("built/editor.js"), "the editor is bundled at set-up"
    sitting = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    address = live_server.url + reverse("workspace:work", args=[access.token_of(sitting), 1])
    page.goto(f"{address}?file=toolbelt/retrying.py")
    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nTRIES = 3\n")
    expect(page.locator("[data-saved]")).to_contain_text("saved")
    work = Work.objects.get(sitting=sitting, position=1)
    assert work.files["toolbelt/retrying.py"].endswith("\nTRIES = 3\n")
    page.get_by_role("button", name="What I changed").click()
    expect(page.locator(".cm-changedLine, .cm-insertedLine").first).to_be_visible()
    page.goto(f"{address}?file=toolbelt/retrying.py")
    expect(page.locator(".cm-content")).to_contain_text("TRIES = 3")
    assert complaints == []


def test_a_job_is_made_by_keyboard_alone(page: Page, live_server: LiveServer, cast: Cast) -> None:
    sign_in(page, live_server)
    page.goto(live_server.url + "/jobs/new/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_label("Title of the job").focus()
    page.keyboard.type("Made by keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    assert Job.objects.filter(title="Made by keyboard").exists()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_is_wider_than_the_screen(browser: Browser, live_server: LiveServer, cast: Cast, width: int) -> None:
    cast.job.title = "A very long title for a job that nobody would ever read to its end, not even here"[:119]
    cast.job.save()
    sitting = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    talk = planned(cast, cast.application, cast.ines, kit=Kit.DEVELOPER)
    context: BrowserContext = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, live_server)
    pages = [
        "/jobs/", "/jobs/new/", "/team/", "/team/audit/", "/team/outbox/", "/tasks/", "/assessments/new/", "/guide/",
        reverse("hiring:job", args=[cast.job.pk]), reverse("workspace:application", args=[cast.application.pk]),
        reverse("debriefs:plan", args=[cast.application.pk]), reverse("debriefs:coverage", args=[cast.application.pk]),
        reverse("debriefs:kit", args=[talk.pk]), reverse("interviews:change", args=[talk.pk]),
        reverse("interviews:kits"),
        reverse("workspace:apply", args=[cast.job.pk]), reverse("workspace:status", args=[token_of(cast.application)]),
        reverse("workspace:work", args=[access.token_of(sitting), 1]),
    ]  # fmt: skip
    for address in pages:
        page.goto(live_server.url + address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} wide"
    context.close()


def test_the_builder_shows_coverage_as_tasks_are_chosen(
    page: Page, live_server: LiveServer, cast: Cast, complaints: list[str]
) -> None:
    sign_in(page, live_server)
    page.goto(live_server.url + "/assessments/new/")
    page.get_by_label("Title").fill("Mine")
    page.get_by_label("This query is slow: the product list").check()
    expect(page.get_by_text("25 of at most 90 minutes")).to_be_visible()
    expect(page.get_by_text("There is no Python part")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    assert page.locator(".errorlist").count() > 0, "a wish without a reason stops it"
    for field in page.get_by_label(re.compile("Guide, line")).all():
        field.fill("The interview asks about it.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Mine")).to_be_visible()
    assert Sitting.objects.count() == 0
    assert complaints == []


def test_files_are_opened_beside_each_other_and_what_was_typed_stays(
    page: Page, live_server: LiveServer, cast: Cast, complaints: list[str]
) -> None:
    sitting = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    page.goto(live_server.url + reverse("workspace:work", args=[access.token_of(sitting), 2]))
    page.locator(".files a[data-path='workshops/models.py']").click()
    expect(page.locator("code[data-path]")).to_have_text("workshops/models.py")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n# first\n")
    page.locator(".files a[data-path='workshops/__init__.py']").click()
    expect(page.locator("code[data-path]")).to_have_text("workshops/__init__.py")
    work = Work.objects.get(sitting=sitting, position=2)
    assert work.files["workshops/models.py"].endswith("# first\n"), "leaving a file saves it"
    tabs = page.get_by_role("navigation", name="Open files")
    tabs.get_by_role("link", name="models.py").click()
    expect(page.locator(".cm-content")).to_contain_text("# first")
    expect(page.locator(".cm-editor")).to_have_class(re.compile("cm-focused"))
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(page.locator(".cm-content")).not_to_contain_text("# first")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saved]")).to_contain_text("saved")
    page.go_back()
    expect(page.locator("code[data-path]")).to_have_text("workshops/__init__.py")
    tabs.get_by_role("button", name="Close workshops/__init__.py").click()
    expect(tabs.get_by_role("link", name="__init__.py")).to_have_count(0)
    page.reload()
    expect(tabs.get_by_role("link", name="models.py")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("page", WITHOUT_SCRIPT, indirect=True)
def test_a_new_file_is_made_in_the_browser(
    page: Page, live_server: LiveServer, cast: Cast, complaints: list[str]
) -> None:
    sitting = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    page.goto(live_server.url + reverse("workspace:work", args=[access.token_of(sitting), 2]))
    page.get_by_text("A new file").click()
    page.locator("#to").fill("workshops/prices.py")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator("code[data-path]")).to_have_text("workshops/prices.py")
    assert Work.objects.get(sitting=sitting, position=2).files == {"workshops/prices.py": ""}
    page.get_by_text("Rename, delete or restore this file").click()
    page.locator("#name").fill("workshops/costs.py")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("code[data-path]")).to_have_text("workshops/costs.py")
    assert complaints == []


def test_of_two_windows_the_second_one_is_told_and_may_keep_its_text(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    sitting = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    address = live_server.url + reverse("workspace:work", args=[access.token_of(sitting), 2])
    page.goto(f"{address}?file=workshops/models.py")
    other = Work.objects.get(sitting=sitting, position=2)
    other.sitting = sitting
    editing.save(other, path="workshops/models.py", text="# the other window\n", version=0)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("# this window\n")
    expect(page.locator("[data-saved]")).to_contain_text("another window")
    assert Work.objects.get(pk=other.pk).files["workshops/models.py"] == "# the other window\n"
    page.get_by_role("button", name="Keep what stands here").click()
    expect(page.locator("[data-saved]")).to_contain_text("saved")
    assert Work.objects.get(pk=other.pk).files["workshops/models.py"].endswith("# this window\n")


def test_run_shows_the_statements_without_leaving_the_editor(
    page: Page, live_server: LiveServer, cast: Cast, complaints: list[str]
) -> None:
    sitting = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    page.goto(live_server.url + reverse("workspace:work", args=[access.token_of(sitting), 2]))
    page.locator(".cm-content").click()
    page.keyboard.type("# run\n")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="The visible tests")).to_be_visible()
    trial = Trial.objects.get()
    assert any(text and "# run" in text for text in trial.files.values()), "what was typed was saved before"
    grading.run_trial(trial.pk)
    expect(page.get_by_text("They count for nothing")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(page.locator(".cm-content")).not_to_contain_text("# run")
    assert complaints == []


def test_a_card_is_dragged_to_where_its_menu_leads(
    page: Page, live_server: LiveServer, cast: Cast, complaints: list[str]
) -> None:
    sign_in(page, live_server, "hamid")
    board = live_server.url + reverse("hiring:job", args=[cast.job.pk])
    card = page.locator("article.card")
    page.goto(board)
    card.drag_to(page.get_by_role("region", name="Handed in"))
    expect(page.get_by_text("Ada Applicant is in “Handed in” now.")).to_be_visible()
    assert Application.objects.get().stage == "submitted"
    card.drag_to(page.get_by_role("region", name="Interview"))
    expect(page.get_by_label("Decision", exact=True)).to_have_value("advance")
    assert Application.objects.get().stage == "submitted", "a decision needs a reason first"
    page.goto(board)
    page.get_by_label("Next step for Ada Applicant").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="To “Applied”").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ada Applicant is in “Applied” now.")).to_be_visible()
    card.drag_to(page.get_by_role("region", name="Invited"))
    expect(page.get_by_role("button", name="Invite Ada Applicant by mail")).to_be_visible()
    assert complaints == []


def test_whoever_may_not_move_anybody_has_no_cards_to_drag(page: Page, live_server: LiveServer, cast: Cast) -> None:
    sign_in(page, live_server, "ines")
    page.goto(live_server.url + reverse("hiring:job", args=[cast.job.pk]))
    expect(page.get_by_role("link", name="Ada Applicant")).to_be_visible()
    assert page.locator("[draggable=true], .steps").count() == 0
