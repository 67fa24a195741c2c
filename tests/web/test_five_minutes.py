"""The first five minutes of somebody who has just cloned this: one command, then what the home page leads to.

The real command, the real judge, a real browser. The pictures are kept in `build/screenshots`, to be looked at.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from djudge.engine.folders import data_folder

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "build" / "screenshots"

#: Nine submissions are graded one after another at a first start, here beside other tests.
PATIENCE = 280


@dataclass(frozen=True)
class Started:
    """What `make run` printed, and where it answers."""

    said: str
    address: str
    password: str

    @classmethod
    def read(cls, said: str) -> Started:
        address, hamid = re.search(r"http://\S+/", said), re.search(r"hamid@sample.example / (\S+)", said)
        assert address, said
        assert hamid, said
        return cls(said, address[0].rstrip("/"), hamid[1])


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """The command, as `make run` calls it, in a folder of its own where nobody started anything yet."""
    data = tmp_path_factory.mktemp("first")
    for folder in (data, *data.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    for name in ("environments", "built"):
        (data / name).symlink_to(data_folder() / name)
    printed = data / "printed"
    with (
        printed.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", "djudge.launch", "--port", "0"],
            env={**os.environ, "DJUDGE_DATA": str(data)},
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        ) as process,
    ):
        try:
            end = time.monotonic() + PATIENCE
            while "Ctrl-C" not in printed.read_text() and process.poll() is None and time.monotonic() < end:
                time.sleep(0.2)
            yield Started.read(printed.read_text())
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
    assert "Stopped. Nothing was left running." in printed.read_text()


@pytest.fixture
def page(browser: Browser, started: Started) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=started.address)
    yield context.new_page()
    context.close()


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    file = PICTURES / f"{name}.png"
    page.screenshot(path=file, full_page=True)
    assert file.stat().st_size > 10_000, "there is something in the picture"


def sign_in(page: Page, started: Started) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("hamid@sample.example")
    page.get_by_label("Password", exact=True).fill(started.password)
    page.get_by_role("button", name="Sign In").click()
    page.wait_for_url("**/jobs/")


def test_one_command_shows_how_far_it_is_and_at_last_one_address_with_the_sign_ins(
    started: Started, page: Page
) -> None:
    steps = ["PostgreSQL", "Valkey", "Web server", "Worker grading", "Djudge: http"]
    places = [started.said.index(step) for step in steps]
    assert places == sorted(places), "each step is said before the next one"
    assert started.said.count("http://") == 1
    assert len(re.findall(r"\S+@sample.example / \S{8,}", started.said)) == 4
    page.goto("/")
    expect(page.get_by_role("heading", name="At which level does a Django developer work?")).to_be_visible()
    expect(page.get_by_role("link", name="Stallhouse")).to_be_visible()
    picture(page, "1-home")


def test_the_guide_is_read_line_by_line_and_each_line_leads_to_where_it_acts_or_says_not_yet(page: Page) -> None:
    page.goto("/guide/")
    lines = page.locator("ol.guide > li[id^=line-]")
    assert lines.count() > 80
    for line in lines.all():
        assert line.locator("a").count() or line.get_by_text("not yet").count(), line.inner_text()
    picture(page, "2-guide")


def test_the_shop_is_looked_at_broken_in_the_editor_and_the_report_says_what_where_and_how_it_grows(
    page: Page,
) -> None:
    page.goto("/")
    page.goto(str(page.get_by_role("link", name="Stallhouse").get_attribute("href")))
    expect(page.locator("article.product").first).to_be_visible()
    picture(page, "3-shop")
    page.goto("/try/")
    page.get_by_role("button", name="Open the workspace").click()
    page.locator(".files a[data-path='catalogue/views.py']").click()
    line = page.locator(".cm-line", has_text='category = form.cleaned_data.get("category")').first
    line.click()
    page.keyboard.press("Home")
    page.keyboard.type("[product.refresh_from_db() for product in page]\n")
    expect(page.locator("[data-saved]")).to_contain_text("saved")
    picture(page, "3-workspace")
    page.get_by_role("button", name="Hand in and see the report").click()
    page.get_by_role("link", name="Read the report").click(timeout=PATIENCE * 1000)
    said = page.inner_text("main")
    assert re.search(r"\d+ statements", said), "how many statements"
    assert "reference solution needs" in said, "the budget"
    assert re.search(r"catalogue/views\.py\W+\d+", said), "the file and the line"
    assert "refresh_from_db" in said, "the line itself"
    assert page.locator("svg.chart").count() >= 1, "the growth is drawn"
    picture(page, "3-report")


def test_three_candidates_stand_on_levels_with_reasons_and_what_was_not_tested(started: Started, page: Page) -> None:
    sign_in(page, started)
    page.get_by_role("link", name="Django developer for a shop").click()
    job = page.url
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        page.goto(f"{job}compare/")
        if page.locator("table.compare thead a").count() == 3 and page.get_by_text("why").count() >= 15:
            break
        time.sleep(2)
    assert page.locator("table.compare thead a").all_inner_texts() == ["Carla Competente", "Emre Usta", "Jun Ito"]
    placed = page.locator("tbody.summary tr").first.locator("td").all_inner_texts()
    assert placed[0].startswith("Level 2 indicated"), placed
    assert placed[1].startswith("Level 2 indicated"), placed
    assert placed[2].startswith("No level indicated"), placed
    row = page.locator("tr", has=page.get_by_role("rowheader", name="query optimisation"))
    assert [text.split("\n")[0] for text in row.locator("td").all_inner_texts()] == ["partly", "shown", "partly"]
    row.get_by_text("why").first.click()
    expect(row.get_by_text("rows fetched").first).to_be_visible()
    expect(page.get_by_text("not tested").first).to_be_visible()
    picture(page, "4-side-by-side")


def test_somebody_new_makes_a_job_and_invites_a_candidate_within_five_pages(page: Page) -> None:
    page.goto("/accounts/signup/")
    page.get_by_label("Name of your team").fill("Five minutes")
    page.get_by_label("Your name").fill("Nora New")
    page.get_by_label("Email").fill("nora@example.org")
    page.get_by_label("Password", exact=True).fill("a long good password")
    page.get_by_role("button", name="Sign Up").click()
    page.get_by_role("link", name="A new job").first.click()
    page.get_by_label("Title of the job").fill("Backend developer")
    page.get_by_label("REST APIs").check()
    page.get_by_label("Backend of apps and pages").check()
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url("**/change/")
    page.locator("main").get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Enter a candidate").click()
    page.get_by_label("Name", exact=True).fill("Carl Candidate")
    page.get_by_label("E-mail address").fill("carl@example.org")
    page.get_by_role("button", name="Enter", exact=True).click()
    page.get_by_role("button", name="Invite Carl Candidate by mail").click()
    expect(page.get_by_text("The invitation is on its way to Carl Candidate.")).to_be_visible()
    picture(page, "5-invited")
    page.goto("/team/outbox/")
    expect(page.get_by_text("carl@example.org").first).to_be_visible()
