"""Hostile text: nothing invisible stays invisible, nothing grows without end, honest text stays as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from djudge.engine.reports.safe_text import BLOCK, LINE, cell, line, shorten, storable, visible

ANY = st.text(st.characters(exclude_categories=()), max_size=200)
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
#: Format characters of living scripts that have a picture: signs written under or around Arabic, Syriac, Kaithi digits.
PICTURED = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}


def hidden(text: str) -> list[str]:
    return [each for each in text if unicodedata.category(each) in INVISIBLE and ord(each) not in PICTURED]


@given(ANY)
def test_nothing_invisible_is_left_in_a_line_or_a_block(text: str) -> None:
    assert hidden(line(text)) == []
    assert hidden(visible(text).replace("\n", "").replace("\t", "")) == []


def test_no_character_of_unicode_hides() -> None:
    every = [chr(code) for code in range(0x110000)]
    assert [hex(ord(each)) for each in every if hidden(line(each))] == []


@given(ANY, st.integers(1, 300))
def test_stored_text_is_bounded_encodable_and_stays_the_same_when_stored_again(text: str, most: int) -> None:
    once = storable(text, most)
    assert len(once) <= most
    assert "\0" not in once
    once.encode()
    assert storable(once, most) == once


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM \"Ärzte\" WHERE name = 'O''Brien' -- ok",
        "def größe(): return 1 < 2 and 3 > 2  # → ok",
        "أحمد عبد الله",
        "नमस्ते",
        "こんにちは 世界",
        "C:\\temp\\new",
        "100 % · “quoted” — dash … ×24",
    ],
)
def test_honest_text_is_left_alone(text: str) -> None:
    assert line(text) == text
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07", r"\x1b[2J\x1b]0;owned\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("access\u202e}fi\u2066", r"access\u202e}fi\u2066"),
        ("a\0b", r"a\x00b"),
        ("\ud800", r"\ud800"),
        ("one\ntwo\ttab\r", r"one\ntwo\ttab\r"),
        ("pay\u200bpal\ufeff\u00ad", r"pay\u200bpal\ufeff\xad"),
        ("\U000e0041\U0010ffff", r"\U000e0041\U0010ffff"),
        ("line\u2028sep", r"line\u2028sep"),
    ],
)
def test_characters_that_hide_or_turn_text_are_spelled_out(text: str, shown: str) -> None:
    assert line(text) == shown


def test_a_block_keeps_its_lines_and_tabs_and_no_other_control_character() -> None:
    assert visible("a\r\nb\tc\rd\x0be") == "a\nb\tc\\rd\\x0be"


def test_towers_of_combining_marks_are_cut_and_accents_are_not() -> None:
    assert len(line("e" + "\u0301" * 500)) < 10
    assert line("e\u0301") == "e\u0301"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1"])
def test_what_a_spreadsheet_would_compute_is_quoted_in_a_cell(text: str) -> None:
    assert cell(text).startswith("'")
    assert not cell("SELECT 1").startswith("'")


def test_a_line_keeps_its_beginning_and_a_block_its_end_too() -> None:
    assert shorten("x" * 10_000, LINE) == "x" * (LINE - 1) + "…"
    text = "first" + "x" * 10**6 + "last"
    short = shorten(text, BLOCK)
    assert len(short) <= BLOCK
    assert short.startswith("first")
    assert short.endswith("last")
    assert "left out" in short
    assert shorten("short", BLOCK) == "short"
