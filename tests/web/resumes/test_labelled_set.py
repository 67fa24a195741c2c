"""The labelled set is what it says, and the documented figures are those of today's rules."""

from __future__ import annotations

from collections import Counter

import pytest

from djudge.web.resumes.signals import SIGNALS, find
from tests.web.resumes.figures import Count, counted
from tests.web.resumes.labelled_set import LAYOUTS, labelled
from tests.web.resumes.measure import HALVES, PAGE, counted_by_half, read_from_a_file, table


def test_there_are_enough_of_them_in_every_layout_and_none_twice() -> None:
    resumes = labelled()
    assert sum(each.half in ("tune", "test") for each in resumes) >= 120
    assert len({each.id for each in resumes}) == len(resumes)
    assert len({each.document.text for each in resumes}) == len(resumes)
    assert all(Counter(each.layout for each in resumes)[layout] >= 4 for layout in LAYOUTS)


def test_no_two_have_a_line_of_prose_in_common() -> None:
    lines = Counter(line.text for each in labelled() for line in each.lines if len(line.text) > 45)
    assert [text for text, times in lines.items() if times > 1] == []


@pytest.mark.parametrize("half", ["tune", "test"])
def test_every_sign_is_there_in_each_half_and_often_is_not(half: str) -> None:
    resumes = [each for each in labelled() if each.half == half]
    for signal in SIGNALS:
        there = sum(signal in each.signs for each in resumes)
        assert 5 <= there <= 0.75 * len(resumes), signal


def test_the_documented_figures_are_those_that_the_rules_reach_today() -> None:
    made = table(counted_by_half(lambda each: each.document))
    page = PAGE.read_text("utf-8")
    assert f"<!-- texts -->\n{made}\n<!-- end of texts -->" in page, "run python -m tests.web.resumes.measure"


@pytest.mark.parametrize("signal", list(SIGNALS))
def test_nine_of_ten_that_are_found_in_the_test_half_are_there(signal: str) -> None:
    count = counted([each for each in labelled() if each.half == "test"])[signal]
    assert count.precision >= 0.9, count.mistakes
    assert count.right >= 5


def test_the_documented_figures_of_real_files_keep_to_nine_of_ten_in_the_test_half() -> None:
    """That they are today's is for the script: it reads two hundred files."""
    rows = PAGE.read_text("utf-8").split("<!-- files -->")[1].split("<!-- end of files -->")[0].splitlines()
    column = 4 + 3 * HALVES.index("test")
    precisions = [float(row.split("|")[column]) for row in rows if "`" in row]
    assert len(precisions) == len(SIGNALS)
    assert min(precisions) >= 0.9


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_real_file_shows_what_its_text_shows(layout: str) -> None:
    resume = max((each for each in labelled() if each.layout == layout), key=lambda each: len(each.document.text))
    of_text = {each.signal: (each.state, each.weaker) for each in find(resume.document)}
    of_file = {each.signal: (each.state, each.weaker) for each in find(read_from_a_file(resume))}
    assert of_file == of_text


def test_a_count_takes_a_weak_sign_for_no_strong_one() -> None:
    count = Count(right=3, wrong=1, missed=3)
    assert (count.precision, count.recall) == (0.75, 0.5)
