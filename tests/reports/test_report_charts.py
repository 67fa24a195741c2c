"""Growth curves: the budget is drawn, points are inside, nothing covers anything, and it can be heard."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reports.sample_reports import NASTY, junior

from djudge.engine.reports.charts import (
    BOTTOM,
    FLOOR,
    HEIGHT,
    LABEL_HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Chart,
    Series,
    curve_chart,
    described,
    growth_chart,
    svg,
)
from djudge.engine.reports.figures import growth_figure

LOOP = Series(label="junior", points=((6, 20), (12, 38), (24, 74)))
BUDGET = Series(label="budget", points=((6, 5), (12, 5), (24, 5)), kind="budget")


def drawn(chart: Chart, title: str = "Statements") -> ElementTree.Element:
    return ElementTree.fromstring(svg(chart, key="k", title=title, description=described(chart)))


SERIES = st.lists(
    st.builds(
        Series,
        label=st.text(max_size=5),
        points=st.lists(
            st.tuples(st.integers(0, 10**12), st.integers(0, 10**12)), max_size=6, unique_by=lambda point: point[0]
        ).map(tuple),
        kind=st.sampled_from(["measured", "budget"]),
    ),
    max_size=4,
)


@given(SERIES)
def test_every_point_label_and_tick_is_inside_the_picture(series: list[Series]) -> None:
    chart = growth_chart(series, x_title="products")
    for line in chart.lines:
        for x, y in line.spots:
            assert LEFT <= x <= WIDTH - RIGHT
            assert TOP - 0.1 <= y <= HEIGHT - BOTTOM + 0.1
        assert TOP <= line.end[1] <= HEIGHT - BOTTOM
    assert all(LEFT <= tick.at <= WIDTH - RIGHT for tick in chart.x_ticks)
    assert all(TOP - 0.1 <= tick.at <= HEIGHT - BOTTOM + 0.1 for tick in chart.y_ticks)
    drawn(chart)


@given(SERIES)
def test_labels_of_lines_never_cover_each_other(series: list[Series]) -> None:
    heights = sorted(line.end[1] for line in growth_chart(series, x_title="n").lines)
    assert all(below - above >= LABEL_HEIGHT - 0.11 for above, below in pairwise(heights))


def test_a_loop_rises_and_the_budget_below_it_is_flat_and_dashed() -> None:
    chart = growth_chart([LOOP, BUDGET], x_title="products")
    loop, budget = chart.lines
    assert [y for _, y in loop.spots] == sorted((y for _, y in loop.spots), reverse=True)
    assert len({y for _, y in budget.spots}) == 1
    assert budget.spots[0][1] > loop.spots[0][1]

    picture = drawn(chart)
    kinds = [path.get("class") for path in picture.iter("path") if "line" in str(path.get("class"))]
    assert kinds == ["line measured over", "line budget"]
    assert "budget 5" in "".join(picture.itertext())


def test_points_carry_their_values_where_there_is_room() -> None:
    line = growth_chart([LOOP, BUDGET], x_title="n").lines[0]
    assert [tick.label for tick in line.told] == ["20", "38"]
    crowded = growth_chart([Series(label="", points=tuple((n, n) for n in range(40, 80))), BUDGET], x_title="n")
    assert {tick.label for tick in crowded.lines[0].told} == {""}
    several = growth_chart([LOOP, Series(label="expert", points=((6, 4), (24, 4)))], x_title="n")
    assert [line.told for line in several.lines] == [(), ()]


def test_only_a_line_that_climbs_above_its_budget_is_marked() -> None:
    def over(*points: tuple[int, int]) -> bool:
        return growth_chart([Series(label="", points=points), BUDGET], x_title="n").lines[0].over

    assert over((6, 20), (24, 74))
    assert not over((6, 14), (24, 14)), "flat, above the budget: a figure, and no warning"
    assert not over((6, 1), (24, 4)), "climbing below the budget"
    assert not over((7, 20), (25, 74)), "no budget is known there"


def test_the_budget_line_is_drawn_even_where_only_one_size_was_measured() -> None:
    one = Series(label="budget", points=((6, 5),), kind="budget")
    paths = [path.get("d") for path in drawn(growth_chart([one], x_title="n")).iter("path")]
    assert any(re.fullmatch(rf"M{LEFT} [\d.]+H{WIDTH - RIGHT}", str(path)) for path in paths)


def test_the_axis_is_linear_until_a_line_would_lie_on_the_floor() -> None:
    near = growth_chart([LOOP, BUDGET], x_title="n")
    assert not near.logarithmic

    far = growth_chart([Series(label="", points=((6, 600), (24, 2_400))), BUDGET], x_title="n")
    assert far.logarithmic
    assert "logarithmic" in far.y_title
    for chart in (near, far):
        for line in chart.lines:
            assert HEIGHT - BOTTOM - line.spots[-1][1] >= FLOOR


def test_a_page_without_any_statement_is_drawn_on_a_linear_axis() -> None:
    chart = growth_chart([Series(label="", points=((1, 0), (2, 0)))], x_title="n")
    assert not chart.logarithmic
    assert [y for _, y in chart.lines[0].spots] == [HEIGHT - BOTTOM] * 2


@pytest.mark.parametrize("most", [0, 1, 4, 5, 9, 10, 74, 99, 100, 101, 1_000])
def test_marks_are_round_and_reach_the_largest_value(most: int) -> None:
    chart = growth_chart([Series(label="", points=((1, most), (2, most)))], x_title="n")
    marks = [int(tick.label.replace(",", "")) for tick in chart.y_ticks]
    assert marks[-1] >= most
    assert 2 <= len(marks) <= 7
    assert marks == sorted(set(marks))


def test_lines_are_told_apart_by_shape_and_not_by_colour_alone() -> None:
    chart = growth_chart([LOOP, Series(label="expert", points=((6, 4), (24, 4))), BUDGET], x_title="n")
    spots = {
        path.get("class"): str(path.get("d")) for path in drawn(chart).iter("path") if "spot" in str(path.get("class"))
    }
    assert re.sub(r"[\d.-]+", "", spots["spot measured over"]) != re.sub(r"[\d.-]+", "", spots["spot measured"])


def test_a_screen_reader_hears_what_the_picture_shows() -> None:
    picture = drawn(growth_chart([LOOP, BUDGET], x_title="products on the page"), title="Statements by products")
    assert picture.get("role") == "img"
    named = str(picture.get("aria-labelledby")).split()
    heard = {each.get("id"): each.text for each in picture if each.tag in ("title", "desc")}
    assert set(named) == set(heard)
    assert "products on the page, 6 to 24" in str(heard[named[1]])
    assert "junior 74 (line), budget 5 (dashed)" in str(heard[named[1]])


def test_hostile_names_stay_text() -> None:
    chart = growth_chart([Series(label=NASTY, points=((1, 1),))], x_title=NASTY)
    picture = drawn(chart, title=NASTY)
    assert {each.tag for each in picture.iter()} == {"svg", "title", "desc", "path", "text"}


def test_a_reports_growth_is_drawn_with_the_most_that_any_reference_needed() -> None:
    figure = growth_figure(junior(), "growth")
    assert figure is not None
    assert figure.references == ("competent", "expert")
    lines = curve_chart(figure.curves[0]).lines
    assert [(line.label, line.over) for line in lines] == [("74", True), ("budget 5", False), ("before 98", False)]
    assert growth_figure(junior(), "page") is None


def test_rows_are_drawn_against_the_rows_of_the_reference() -> None:
    figure = growth_figure(junior(), "growth")
    assert figure is not None
    assert [curve.measured.name for curve in figure.drawn("rows")] == ["products on the page", "reviews per product"]
    chart = curve_chart(figure.drawn("rows")[0], "rows")
    assert chart.y_title.startswith("rows")
    assert [line.label for line in chart.lines] == ["1,480", "budget 112", "before 1,480"]
