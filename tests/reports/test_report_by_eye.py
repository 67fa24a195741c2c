"""What a person sees, in a real browser: nothing runs, nothing overflows, contrasts hold, keyboards reach."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.reports.sample_reports import ALL, competent, good, junior, large

from djudge.engine.reports.assembling import candidate_view
from djudge.engine.reports.html import render_html
from djudge.engine.reports.page import Sample, render_page

pytestmark = pytest.mark.browser

PAGES = {
    **{name: lambda make=make: render_html(make()) for name, make in ALL.items()},
    **{f"candidate-{name}": lambda make=make: render_html(candidate_view(make())) for name, make in ALL.items()},
    "large": lambda: render_html(large()),
    "page": lambda: render_page(
        [
            Sample(name=name, report=make())
            for name, make in (("expert", good), ("competent", competent), ("junior", junior))
        ]
    ),
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_loads_and_runs_nothing_and_fits_every_width(browser: Browser, tmp_path: Path, name: str) -> None:
    file = tmp_path / "report.html"
    file.write_text(PAGES[name](), encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("request", lambda request: requests.append(request.url))

    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"

    assert complaints == []
    assert set(requests) == {file.as_uri()}
    context.close()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_headings_descend_step_by_step_and_everything_has_a_name(browser: Browser, tmp_path: Path, name: str) -> None:
    file = tmp_path / "report.html"
    file.write_text(PAGES[name](), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(each => Number(each.tagName[1]))")
    nameless = page.evaluate(
        """[...document.querySelectorAll("[role=region],[role=img],article,section,nav,aside,a,summary")]
        .filter(each => !(each.getAttribute("aria-label") || each.getAttribute("aria-labelledby")
                          || (each.matches("a,summary") && each.textContent.trim())))
        .map(each => each.outerHTML.slice(0, 80))"""
    )
    small = page.evaluate(
        """[...document.querySelectorAll("summary,.parts a,.button")]
        .filter(each => each.offsetParent && each.getBoundingClientRect().height < 16).length"""
    )
    page.close()
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels)), levels
    assert nameless == []
    assert small == 0


def test_a_report_prints_on_four_pages(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render_html(junior()), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= 4


def test_the_keyboard_reaches_the_findings_and_the_scrolling_parts(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render_html(junior()), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the findings"
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
    page.close()
    assert {"A", "SUMMARY", "DIV"} <= reached


def _themes() -> dict[str, dict[str, str]]:
    sheet = (files("djudge.engine.reports") / "templates/style.css").read_text(encoding="utf-8")
    light, dark = sheet.split("@media (prefers-color-scheme: dark)", 1)
    found = re.compile(r"--([a-z-]+): (#[0-9a-f]{6})")
    return {"light": dict(found.findall(light)), "dark": dict(found.findall(dark.split("\n}\n", 1)[0]))}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "accent", "shown", "partly", "not-shown", "not-tested", "ours"])
def test_text_stands_out_on_every_ground(theme: str, ink: str) -> None:
    colours = _themes()[theme]
    grounds = ["page", "panel"] + (
        ["added", "removed", "meant", "sunk", "added-no", "removed-no"] if ink == "ink" else []
    )
    for ground in grounds:
        high, low = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, f"{ink} on {ground}, {theme}"
