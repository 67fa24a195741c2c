"""What a check says of pages that ask more as the data grows, with the line that does it."""

from __future__ import annotations

from tests.checking.conftest import PROJECT

from djudge.engine.reports.check_document import AddressFacts, CheckReport


def address(report: CheckReport, path: str) -> AddressFacts:
    return next(each for each in report.addresses if each.address == path)


def line_of(file: str, text: str) -> str:
    """`press/views.py:15`, counted in the file itself."""
    lines = (PROJECT / file).read_text().splitlines()
    return f"{file}:{next(number for number, line in enumerate(lines, 1) if text in line)}"


def test_a_list_with_a_query_for_each_row_is_named_and_a_flat_one_is_not(report: CheckReport) -> None:
    growing = [each.address for each in report.growing]
    assert growing == ["/slow/", "/articles/article-0/"]
    quick = address(report, "/quick/")
    assert quick.before == quick.after
    assert quick.rows_after > quick.rows_before


def test_it_is_told_from_how_many_to_how_many_as_postgresql_counts(report: CheckReport) -> None:
    # Six articles, each with a query for its author and one for its last comment, and the list itself.
    assert (address(report, "/slow/").before, address(report, "/slow/").after) == (1 + 2 * 6, 1 + 2 * 30)
    authors, comments = address(report, "/slow/").growing
    assert {authors.before, comments.before, authors.after, comments.after} == {6, 30}


def test_the_line_of_the_template_and_of_the_view_are_named(report: CheckReport) -> None:
    template = "press/" + line_of("press/templates/press/list.html", "author.name").rpartition("press/")[2]
    view = line_of("press/views.py", 'render(request, "press/list.html"')
    authors = next(each for each in address(report, "/slow/").growing if '"press_author"' in each.shape)
    (origin,) = authors.origins
    assert (origin.line, origin.template, origin.at) == (view, template, template)


def test_a_method_of_a_model_that_a_template_calls_is_named_by_its_own_line(report: CheckReport) -> None:
    comments = next(each for each in address(report, "/slow/").growing if '"press_comment"' in each.shape)
    (origin,) = comments.origins
    assert origin.at == origin.line == line_of("press/models.py", "order_by")


def test_the_page_of_a_single_object_grows_with_what_belongs_to_it(report: CheckReport) -> None:
    found = address(report, "/articles/article-0/")
    assert [(each.before, each.after) for each in found.growing] == [(2, 6)]
    assert found.growing[0].origins[0].at == line_of("press/views.py", "comment.writer.username")


def test_a_full_page_with_a_loop_is_told_as_a_repeat(report: CheckReport) -> None:
    (full,) = report.repeating
    assert full.address == "/full/"
    assert [(each.before, each.after) for each in full.repeated] == [(5, 5)]


def test_a_place_behind_growth_is_told_once_with_where_it_is_worst(report: CheckReport) -> None:
    places = {cause.at: cause for cause in report.causes}
    author = "press/" + line_of("press/templates/press/list.html", "author.name").rpartition("press/")[2]
    assert (places[author].address, places[author].before, places[author].after) == ("/slow/", 6, 30)
    assert len(places) == len(report.causes) == 3


def test_routes_that_no_link_leads_to_are_filled_from_the_data(report: CheckReport) -> None:
    assert "/authors/1/" in {each.address for each in report.routes}
    assert not report.unreached


def test_the_admin_is_left_out_unless_it_is_asked_for(report: CheckReport) -> None:
    assert not any(each.route.startswith("admin/") for each in report.routes)


def test_nothing_of_the_projects_own_database_is_touched(report: CheckReport) -> None:
    assert report.project.postgres
    assert not (PROJECT / "never-made.sqlite3").exists()
