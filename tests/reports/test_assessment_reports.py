"""The report of an assessment: its first line, what was not tested as large beside it, and nothing hostile in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.reports.sample_assessments import ALL, SHOP, expert, in_part, models, nasty, python_strong, weak
from tests.reports.sample_reports import broken, good, ours

from djudge.engine.reports.assessment_building import build_assessment
from djudge.engine.reports.assessment_document import AssessmentReport
from djudge.engine.reports.assessment_page import render_assessment
from djudge.engine.reports.assessment_terminal import render_assessment_terminal
from djudge.engine.values import Outcome

DRAWN = (render_assessment, lambda report: render_assessment_terminal(report, width=4000))


def bullet(report: AssessmentReport, name: str) -> Outcome:
    return next(each.outcome for each in report.bullets if each.bullet == name)


def test_the_first_line_is_the_level_with_its_coverage() -> None:
    report = expert()
    assert report.headline.text.startswith("Level 2 indicated on 4 of 9 bullets; not tested: admin, forms, REST APIs")
    assert (report.level, report.confirmed, report.minimum) == (2, 0, "yes")
    for draw in DRAWN:
        assert "Level 2 indicated on 4 of 9 bullets" in draw(report)


def test_what_was_not_tested_stands_as_large_beside_the_level() -> None:
    page = render_assessment(expert())
    big = page.split('class="big"')[1:3]
    assert "Level 2 indicated" in big[0]
    assert "of the guide's 17 bullets" in big[1].replace("&#39;", "'")
    assert "Admin, forms" in page


def test_each_level_says_what_it_lacks() -> None:
    levels = {level.level: level for level in weak().levels}
    assert levels[1].lacking == ()
    assert levels[2].lacking == (
        "More than one bullet is only partly shown: ORM queries, migrations and database design.",
    )
    assert levels[3].lacking[:2] == ("Level 2 is not satisfied.", "Not shown: query optimisation.")
    assert "senior/staff territory" in levels[3].name
    assert weak().minimum == "no"
    assert "admin" in {level.level: level for level in expert().levels}[2].unconfirmed


def test_a_task_that_was_not_handed_in_is_not_tested_and_never_not_shown() -> None:
    report = in_part()
    assert {task.id: task.state for task in report.tasks} == {
        "SH1": "graded",
        "SH4": "not_handed_in",
        "PY1": "not_handed_in",
    }
    assert bullet(report, "orm-queries") is Outcome.NOT_TESTED
    assert report.minimum == "not_enough_evidence"
    for draw in DRAWN:
        assert "not handed in" in draw(report)


def test_a_submission_that_stops_shows_nothing_and_a_fault_of_ours_costs_nothing() -> None:
    stopped = build_assessment(SHOP, {"SH1": models(Outcome.SHOWN), "SH4": broken()})
    assert bullet(stopped, "orm-queries") is Outcome.NOT_SHOWN
    faulty = build_assessment(SHOP, {"SH1": models(Outcome.SHOWN), "SH4": ours()})
    assert bullet(faulty, "orm-queries") is Outcome.INFRASTRUCTURE_ERROR
    assert [task.state for task in faulty.tasks] == ["graded", "fault_on_our_side", "not_handed_in"]
    assert (stopped.minimum, faulty.minimum) == ("no", "not_enough_evidence")


def test_python_strong_has_three_results_and_no_level() -> None:
    report = python_strong()
    assert report.headline.text == "2 of 3 Python results shown"
    assert (report.level, report.levels, report.minimum) == (0, (), "not_asked")
    assert report.learning is Outcome.NOT_TESTED
    for draw in DRAWN:
        assert "How quickly they learn: " in draw(report).replace("<b>", "")
        assert "Level 2 indicated" not in draw(report)


def test_red_flags_and_what_did_not_fit_name_their_task() -> None:
    report = weak()
    assert [(each.task, each.flag.kind) for each in report.red_flags] == [("SH1", "relationships-misunderstood")]
    for draw in DRAWN:
        assert "elationships misunderstood" in draw(report)
        assert "A list may be read whole" in draw(report)


def test_a_persons_rating_stands_beside_what_was_measured() -> None:
    report = expert()
    orm = next(each for each in report.bullets if each.bullet == "orm-queries")
    assert [(each.source, each.kind.value) for each in orm.evidence] == [("Ada Lund", "person"), ("SH4", "task")]
    assert orm.independent
    for draw in DRAWN:
        assert "Ada Lund" in draw(report)


def test_the_document_is_the_same_whenever_the_same_was_measured() -> None:
    one, other = expert(), expert()
    assert one.canonical_sha256 == other.canonical_sha256
    assert one.canonical_sha256 != weak().canonical_sha256
    again = build_assessment(SHOP, {"SH1": models(Outcome.SHOWN)}, djudge="another")
    assert again.canonical_sha256 == in_part().canonical_sha256
    assert AssessmentReport.model_validate_json(one.to_json()) == one


@pytest.mark.parametrize("name", ALL)
def test_nothing_that_a_candidate_chose_gets_out_of_its_place(name: str) -> None:
    report = ALL[name]()
    json.loads(report.to_json().encode("ascii"))
    page, printed = render_assessment(report), render_assessment_terminal(report)
    assert "<script" not in page
    assert page.count("</style>") == 1
    for hostile in ("\x1b", "\u202e", "\u2066", "\x00", "\x07"):
        assert hostile not in page
        assert hostile not in printed
    render_assessment_terminal(report, unicode=False).encode("ascii", "replace")


def test_links_lead_to_files_beside_the_page_and_nowhere_else() -> None:
    assert 'href="all-SH4.html"' in render_assessment(expert())
    links = [part.partition('"')[0] for part in render_assessment(nasty()).split('href="')[1:]]
    assert links
    assert all(link.startswith(("#", "%")) for link in links), links


@pytest.mark.browser
@pytest.mark.parametrize("name", ALL)
def test_the_page_fits_every_width_and_runs_nothing(browser: Browser, tmp_path: Path, name: str) -> None:
    file = tmp_path / "assessment.html"
    file.write_text(render_assessment(ALL[name]()), encoding="utf-8")
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    page.close()


def test_one_report_at_least_is_needed() -> None:
    assert build_assessment(SHOP, {"SH4": good()}).run.started_at == good().run.started_at
    with pytest.raises(ValueError, match="empty"):
        build_assessment(SHOP, {})
