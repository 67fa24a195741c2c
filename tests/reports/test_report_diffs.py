"""Diffs: the right numbers beside the right lines, excerpts around places, hostile text bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.reports.sample_reports import JUNIOR, NASTY, START

from djudge.engine.packs.difference import unified
from djudge.engine.reports.diffs import COLUMNS, LINES, changes, diff_lines, excerpts
from djudge.engine.reports.document import PlaceFacts

LINE = st.sampled_from(["a", "b", "-- sql", "++ i", "@@ -1 +1 @@", "", "é", "\\ back"])
TEXT = st.lists(LINE, max_size=12).map(lambda lines: "".join(f"{each}\n" for each in lines))


@given(TEXT, TEXT)
def test_each_line_has_the_number_that_it_has_in_the_file(before: str, after: str) -> None:
    old, new = before.split("\n"), after.split("\n")
    for each in diff_lines(unified("x.py", before.encode(), after.encode())):
        if each.old is not None:
            assert each.text == old[each.old - 1]
        if each.new is not None:
            assert each.text == new[each.new - 1]


@given(TEXT, TEXT)
def test_added_and_removed_lines_account_for_the_whole_change(before: str, after: str) -> None:
    added, removed = changes(diff_lines(unified("x.py", before.encode(), after.encode())))
    assert added - removed == after.count("\n") - before.count("\n")


def test_an_excerpt_shows_the_lines_around_a_place_and_marks_the_one_that_is_meant() -> None:
    lines = diff_lines(unified("catalog/views.py", START.encode(), JUNIOR.encode()))
    place = PlaceFacts(file="catalog/views.py", line=12)

    (excerpt,) = excerpts([place], {"catalog/views.py": lines})

    assert [each.number for each in excerpt.lines if each.meant] == [12]
    assert 'select_related("brand")' in next(each.text for each in excerpt.lines if each.meant)
    assert excerpts([PlaceFacts(file="elsewhere.py", line=12)], {"catalog/views.py": lines}) == ()
    assert excerpts([PlaceFacts(file="catalog/views.py", line=-5)], {"catalog/views.py": lines}) == ()


def test_places_near_each_other_share_an_excerpt() -> None:
    after = "".join(f"line {number}\n" for number in range(1, 60))
    files = {"x.py": diff_lines(unified("x.py", None, after.encode()))}
    near = [PlaceFacts(file="x.py", line=number) for number in (10, 12, 40)]
    found = excerpts(near, files)
    assert [[each.number for each in excerpt.lines] for excerpt in found] == [list(range(8, 15)), list(range(38, 43))]


def test_a_diff_without_end_is_cut_and_says_so() -> None:
    endless = diff_lines(unified("x.py", None, b"x\n" * 50_000))
    assert len(endless) == LINES + 1
    assert endless[-1].kind == "note"
    wide = diff_lines(unified("x.py", None, b"y" * 100_000))
    assert all(len(each.text) <= COLUMNS for each in wide)


def test_what_is_no_diff_has_no_lines() -> None:
    assert diff_lines("") == ()
    assert diff_lines("Binary file x changed\n") == ()
    assert diff_lines(NASTY) == ()
    assert all("\x1b" not in each.text for each in diff_lines(f"@@ -1 +1 @@\n+{NASTY}"))
