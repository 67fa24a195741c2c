"""A check is told on a terminal, as JSON and as one page that carries nothing of the project's into a browser."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from tests.checking.conftest import PROJECT, Called
from tests.checking.test_wrong_use import Djudge

from djudge.engine.reports.check_document import CheckReport, LookFacts
from djudge.engine.reports.check_page import render_check
from djudge.engine.reports.check_terminal import render_check_terminal

FEW = ("--pages", "20")
HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e"


def test_the_terminal_names_findings_places_and_limits(report: CheckReport) -> None:
    told = render_check_terminal(report, width=200)
    assert "2 of 13 measured routes ask more as the data grows, 2 to look at for access, 1 exception" in told
    assert "1 route writes when only asked for" in told
    assert "/slow/ as guest: 13 statements, then 61" in told
    assert "press_section: 0 of 4 copies: its rows are a tree, kept in numbers or paths" in told
    assert "guest is shown it; only pages of anna, bob, chief and djudge-nobody lead there" in told


def test_the_page_asks_for_nothing_and_runs_nothing(report: CheckReport) -> None:
    page = render_check(report)
    assert "default-src 'none'" in html.unescape(page)
    assert not re.search(r"<(?:script|link|img|iframe)|\ssrc=|https?://", page)
    assert "/slow/" in page
    assert 'aria-label="13 statements with the data as it is, 61 with 5 times the rows"' in page


def test_what_the_project_says_is_escaped_and_made_visible(report: CheckReport) -> None:
    look = LookFacts(kind="object", address=HOSTILE, route=HOSTILE, view=HOSTILE, people=(HOSTILE,), led=(HOSTILE,))
    failures = tuple(
        each.model_copy(update={"message": HOSTILE, "address": HOSTILE, "place": HOSTILE}) for each in report.failures
    )
    addresses = tuple(
        each.model_copy(update={"address": HOSTILE, "view": HOSTILE, "person": HOSTILE}) for each in report.addresses
    )
    hostile = report.model_copy(
        update={"looks": (look,), "failures": failures, "addresses": addresses, "notes": (HOSTILE,)}
    )
    for told in (render_check(hostile), render_check_terminal(hostile)):
        assert "\x1b" not in told
        assert "\u202e" not in told
    assert "<script" not in render_check(hostile)


def test_json_holds_what_the_page_shows(report: CheckReport) -> None:
    told = json.loads(report.to_json())
    assert CheckReport.model_validate(told) == report
    assert {each["address"] for each in told["addresses"]} == {each.address for each in report.addresses}


@pytest.mark.usefixtures("installed")
def test_the_command_writes_both_and_ends_with_0(djudge: Djudge, tmp_path: Path) -> None:
    told: Called = djudge(
        "check", PROJECT, "--html", tmp_path / "c.html", "--json", "-", "--times", "3", "--admin", *FEW
    )
    assert told.status == 0
    document = json.loads(told.out)
    assert document["data"]["times"] == 3
    assert any(each["route"].startswith("admin/") for each in document["routes"])
    assert "Djudge" in (tmp_path / "c.html").read_text()
