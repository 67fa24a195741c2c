"""What a check says about access: things to look at, with whom they were shown to."""

from __future__ import annotations

from djudge.engine.reports.check_document import CheckReport


def test_people_are_a_guest_one_without_rights_and_those_of_the_data(report: CheckReport) -> None:
    assert [each.called for each in report.people] == ["guest", "djudge-nobody", "chief", "anna", "bob"]
    assert [each.called for each in report.people if each.made] == ["djudge-nobody"]
    assert [each.called for each in report.people if each.powerful] == ["chief"]


def test_an_object_of_one_person_that_opens_to_all_is_named_and_a_guarded_one_is_not(report: CheckReport) -> None:
    (letter,) = (each for each in report.looks if each.kind == "object")
    assert letter.view == "press.views.letter"
    assert letter.address == "/letters/1/"
    assert letter.people == ("guest", "djudge-nobody", "bob")
    assert letter.led == ("anna",)


def test_a_page_for_members_that_opens_to_guests_is_named(report: CheckReport) -> None:
    (page,) = (each for each in report.looks if each.kind == "page")
    assert (page.address, page.people) == ("/forgotten/", ("guest",))
    assert "guest" not in page.led


def test_every_route_stands_beside_what_each_person_got(report: CheckReport) -> None:
    statuses = {each.address: each.statuses for each in report.routes}
    assert statuses["/board/"] == ("302", "200", "200", "200", "200")
    assert statuses["/guarded/1/"] == ("302", "404", "404", "200", "404")
    assert statuses["/sign-in/"] == ("200, asks a password",) * 5


def test_a_page_that_signs_people_out_is_noticed_and_they_go_on_signed_in(report: CheckReport) -> None:
    assert report.signing_out == ("/sign-out/",)
    board = next(each for each in report.addresses if each.address == "/board/")
    assert board.before > 0


def test_an_exception_is_told_with_its_type_and_the_line_of_the_project(report: CheckReport) -> None:
    (failure,) = report.failures
    assert (failure.address, failure.status, failure.exception) == ("/broken/", 500, "ZeroDivisionError")
    assert failure.place.startswith("press/views.py:")
    assert failure.people == ("guest", "djudge-nobody", "chief", "anna", "bob")


def test_a_page_that_writes_when_it_is_only_asked_for_is_told_with_the_table(report: CheckReport) -> None:
    (written,) = report.writes
    assert written.address == "/clear/"
    assert "DELETE press_article" in written.what


def test_what_such_a_page_wrote_is_taken_back_before_the_next_one_is_asked_for(report: CheckReport) -> None:
    statuses = {each.address: each.statuses for each in report.routes}
    assert statuses["/clear/"] == statuses["/articles/article-0/"] == ("200",) * 5
    assert not report.unmeasured
