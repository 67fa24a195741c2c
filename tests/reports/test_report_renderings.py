"""Renderings: true, complete, and harmless whatever a submission put into its strings (G01, G02, G03)."""

from __future__ import annotations

import io
import re
import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from rich.console import Console
from tests.reports.sample_reports import (
    ALL,
    CHECKS,
    broken,
    competent,
    fast_but_empty,
    good,
    hostile_fault,
    junior,
    large,
    ours,
)

from djudge.engine.reports.assembling import candidate_view
from djudge.engine.reports.document import Report
from djudge.engine.reports.html import render_html
from djudge.engine.reports.junit import render_junit
from djudge.engine.reports.templating import style_policy
from djudge.engine.reports.terminal import print_report, render_terminal, sparkline
from djudge.engine.reports.words import in_order
from djudge.engine.values import Outcome

NAMES = sorted(ALL)
HOSTILE = ("hostile", "hostile-fault")


class Page(HTMLParser):
    """The tags, attributes, ids and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def every(self, name: str) -> list[str]:
        return [value for attribute, value in self.attributes if attribute == name]


def invisible(text: str) -> list[str]:
    return [
        repr(each)
        for each in text
        if each not in "\n\t" and unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_rendering_holds_an_invisible_character(name: str) -> None:
    report = ALL[name]()
    for text in (render_html(report), render_junit(report), render_terminal(report)):
        assert invisible(text) == []
        text.encode()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_runs_nothing_loads_nothing_and_styles_only_by_its_own_sheet(name: str) -> None:
    text = render_html(ALL[name]())
    page = Page(text)
    assert not page.tags & {"script", "iframe", "img", "object", "embed", "form", "base", "link", "input"}
    assert not [
        attribute
        for attribute, _ in page.attributes
        if attribute.startswith("on") or attribute in ("style", "src", "srcdoc")
    ]
    assert text.count("<style>") == text.count("</style>") == 1
    assert style_policy() in page.every("content")
    assert all(
        link.startswith(("#", "https://docs.", "https://www.django-rest-framework.org/")) for link in page.every("href")
    )


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_every_link_within_the_page_leads_somewhere(name: str) -> None:
    page = Page(render_html(ALL[name]()))
    ids = page.every("id")
    assert len(ids) == len(set(ids))
    wanted = [link[1:] for link in page.every("href") if link.startswith("#")]
    wanted += [name for names in page.every("aria-labelledby") for name in names.split()]
    assert set(wanted) <= set(ids)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_are_shown_as_text(name: str) -> None:
    page = Page(render_html(ALL[name]()))
    assert "<script>alert(1)</script>" in page.text
    assert r"\x1b[31mred" in page.text
    assert r"\u202eevil" in page.text
    assert "{{7*7}}" in page.text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_are_not_markup_on_a_terminal(name: str) -> None:
    buffer = io.StringIO()
    console = Console(file=buffer, force_terminal=True, width=100, color_system="truecolor", legacy_windows=False)
    print_report(ALL[name](), console)
    printed = buffer.getvalue()

    assert "[bold]x[/bold]:smile:" in re.sub(r"\x1b\[[0-9;]*m|\s", "", printed)
    assert set(re.findall(r"\x1b.", printed)) <= {"\x1b["}
    assert re.findall(r"\x1b\[[0-9;]*[^0-9;m]", printed) == []
    assert invisible(printed.replace("\x1b", "")) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_are_well_formed_in_junit_and_no_formula(name: str) -> None:
    root = ElementTree.fromstring(render_junit(ALL[name]()))
    values = [value for each in root.iter() for value in each.attrib.values()]
    assert any("<script>" in value for value in values)
    assert not [value for value in values if value.startswith(("=", "+", "@", "-"))]


@pytest.mark.parametrize("name", NAMES)
def test_every_rendering_is_bounded(name: str) -> None:
    report = ALL[name]()
    assert len(render_html(report)) < 400_000
    assert len(render_junit(report)) < 200_000
    assert len(render_terminal(report)) < 100_000


def test_of_a_very_large_change_the_first_files_are_shown_and_the_others_counted() -> None:
    text = render_html(large())
    assert len(text) < 1_500_000
    assert "Its text is not shown here." in text
    assert text.count('<article class="diff"') == len(large().submission.files)
    assert "Its text is not shown here." not in render_html(junior())


def test_a_megabyte_of_traceback_keeps_its_last_line() -> None:
    last = "ImportError: the reason"
    fault = hostile_fault().fault
    assert fault is not None
    report = hostile_fault().model_copy(
        update={"fault": fault.model_copy(update={"detail": "x" * 10**6 + f"\n{last}"})}
    )
    for text in (render_html(report), render_junit(report), render_terminal(report)):
        assert last in text


def test_the_page_says_what_was_measured_against_what_and_what_was_not_tested_as_large() -> None:
    text = render_html(junior())
    page = Page(text)
    assert "20 statements with 6 products, 74 with 24" in page.text
    assert "at most 5 statements at every size" in page.text
    assert text.count('<p class="big">') == 2
    assert "REST APIs with DRF" in page.text
    assert "not tested" in page.text
    assert "×24" in page.text
    assert "Index Scan on catalog_image by catalog_image_product_id" in page.text
    assert "select_related(" in page.text


def test_the_submitted_lines_carry_their_numbers_and_findings_point_at_them() -> None:
    page = Page(render_html(junior()))
    assert "file-1-12" in page.every("id")
    assert "#file-1-12" in page.every("href")


def test_the_weakest_finding_comes_first_and_a_lowered_one_says_why() -> None:
    text = Page(render_html(junior())).text
    assert text.index("Does the number of statements") < text.index("Does the page leave counting")
    assert (
        "it counts as not shown because of “The page still shows what it showed”"
        in Page(render_html(fast_but_empty())).text
    )
    assert "because of" not in Page(render_html(good())).text.partition("To ask in")[0]


def test_findings_stand_in_the_order_of_what_they_change() -> None:
    def titles(report: Report) -> list[str]:
        return [each.title for each in in_order(report)]

    page, growth, rows = (check.title for check in CHECKS)
    assert titles(junior()) == [growth, rows, page]
    assert titles(competent()) == [rows, growth, page]
    assert titles(fast_but_empty())[0] == page, "a gate that was not passed lowers all others"


def test_a_cause_stands_before_what_follows_from_it_within_a_bullet() -> None:
    first, second = (
        finding.model_copy(update={"bullet": "orm-queries", "outcome": outcome})
        for finding, outcome in zip(junior().findings[1:], (Outcome.PARTLY, Outcome.NOT_SHOWN), strict=True)
    )
    report = junior().model_copy(update={"findings": (first, second)})
    assert in_order(report) == (first, second)


def test_every_axis_stands_in_one_table_and_only_what_climbs_is_drawn() -> None:
    text = render_html(junior())
    page = Page(text)
    assert "products on the page 6 → 12 → 24 20 → 38 → 74 5 26 → 50 → 98" in page.text
    assert "tags per product 0 → 3 → 8 74 5 98" in page.text
    assert text.count(">Statements by ") == 1
    assert ">Statements by products on the page<" in text
    assert text.count(">Rows by ") == 2


def test_a_flat_page_is_drawn_once_to_be_seen_flat() -> None:
    text = render_html(good())
    assert text.count(">Statements by ") == 1
    assert ">Rows by " not in text
    assert 'class="line measured over"' not in text


def test_the_plan_of_the_costliest_statement_is_open_and_the_others_are_not() -> None:
    text = render_html(junior())
    assert text.count("<details open>") == 1
    opened = text.partition("<details open>")[2].partition("</details>")[0]
    assert "the costliest of this visit" in opened
    assert "48 loops, 144 blocks" in opened, "210 blocks at once are more than 24 times 3"


def test_a_bullets_row_says_what_was_measured_and_links_to_it() -> None:
    text = render_html(junior()).partition('class="levels"')[2].partition("</section>")[0]
    assert '<a href="#finding-2">Statements don&#39;t grow with the page</a>' in text
    assert "20 statements with 6 products, 74 with 24" in text


def test_what_was_not_tested_is_named_as_large_as_the_rest_where_it_is_short() -> None:
    few = ("admin", "caching")
    headline = junior().headline.model_copy(update={"not_tested": "admin, caching"})
    report = junior().model_copy(update={"not_tested": few, "headline": headline})
    assert '<p class="big">Admin, caching</p>' in render_html(report)
    assert "15 of the guide&#39;s 17 bullets" in render_html(junior())


def test_a_fault_says_whose_it_is_what_happened_and_what_to_do() -> None:
    for text in (Page(render_html(broken())).text, render_terminal(broken())):
        assert "In the submission" in text
        assert "cannot import name 'Average'" in text
        assert "What to do: Run the visible tests" in text
        assert "catalog/views.py:1" in text
    for text in (Page(render_html(ours())).text, render_terminal(ours())):
        assert "In Djudge itself" in text
        assert "not shown" not in text.partition("To ask in")[0].replace("“not shown”", "")


def test_code_that_ran_without_the_jail_is_marked_in_every_rendering() -> None:
    for render in (render_html, render_terminal, render_junit):
        assert "without the jail" in render(fast_but_empty())
        assert "without the jail" not in render(good())


def test_claims_are_marked_as_the_codes_own_words() -> None:
    assert (
        "What the code says of itself (1); it decided nothing optimised=True"
        in Page(render_html(fast_but_empty())).text
    )
    assert "decides nothing" in render_terminal(fast_but_empty())


def test_integrity_findings_stand_beside_their_innocent_explanation() -> None:
    for text in (Page(render_html(fast_but_empty())).text, render_terminal(fast_but_empty())):
        assert "1,200 rows more" in text
        assert "A cursor that was closed early" in text


def test_the_candidates_page_shows_no_observation_no_budget_and_no_interview_question() -> None:
    operator, candidate = Page(render_html(junior())).text, Page(render_html(candidate_view(junior()))).text
    for hidden in (
        "catalog_image",
        "Copper kettle",
        "To ask in the interview",
        "In plain words",
        junior().environment.seed,
    ):
        assert hidden in operator + str(junior().observations)
        assert hidden not in candidate
    assert "20 statements with 6 products" in candidate
    assert "select_related" in candidate


def test_the_candidates_page_draws_no_curve_and_says_why_and_what_to_do_about_a_wrong_finding() -> None:
    text = render_html(candidate_view(junior()))
    page = Page(text)
    assert 'class="chart"' not in text
    assert "budget:" not in page.text
    assert "at most 5 statements at every size" in page.text
    assert "they are not in your copy" in page.text
    assert "If you think that a finding is wrong" in page.text
    assert "What you handed in" in page.text
    assert "If you think that a finding is wrong" not in Page(render_html(junior())).text


def test_of_a_long_traceback_the_end_is_open_and_the_rest_is_one_step_away() -> None:
    fault = broken().fault
    assert fault is not None
    detail = "\n".join(f"frame {number}" for number in range(40)) + "\nImportError: the reason"
    text = render_html(broken().model_copy(update={"fault": fault.model_copy(update={"detail": detail})}))
    seen, _, folded = text.partition("<summary>All 41 lines")
    assert "ImportError: the reason" in seen
    assert "frame 0\n" not in seen
    assert "frame 0\n" in folded


def test_junit_has_a_case_a_check_with_failures_errors_and_properties() -> None:
    suite = ElementTree.fromstring(render_junit(junior()))[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")) == (
        "3",
        "1",
        "0",
        "0",
    )
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "20 statements with 6 products" in str(failure.get("message"))
    outcomes = [each.get("value") for each in suite.iterfind("testcase/properties/property[@name='outcome']")]
    assert outcomes == ["shown", "not_shown", "partly"]

    for faulty, kind in ((broken(), "import_error"), (ours(), "server_died")):
        suite = ElementTree.fromstring(render_junit(faulty))[0]
        assert (suite.get("failures"), suite.get("errors")) == ("0", "3")
        assert {error.get("type") for error in suite.iterfind("testcase/error")} == {kind}


def test_a_terminal_without_unicode_still_reads_the_report() -> None:
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, encoding="ascii"), width=90)
    print_report(junior(), console)
    console.file.flush()
    text = raw.getvalue().decode("ascii")
    assert "[ ] not shown" in text
    assert "74" in text


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_terminal_report_fits_its_width(width: int) -> None:
    lines = render_terminal(junior(), width=width).splitlines()
    assert max(len(line) for line in lines) <= width
    assert any("74" in line for line in lines)


def test_sparklines_rise_with_their_values_and_stay_flat_without_growth() -> None:
    assert sparkline([20, 38, 74]) == "▃▅█"
    assert len(set(sparkline([4, 4, 4]))) == 1
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == "▁▁"
