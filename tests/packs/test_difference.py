"""Differences are right for ordinary texts, and bounded for texts that were made to be hard."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from djudge.engine.packs.difference import SHOWN_CHARACTERS, unified

LINE = st.sampled_from(["", "a", "b", "    return 1", "x = 'é'"])
TEXT = st.lists(LINE, max_size=12).flatmap(
    lambda lines: st.sampled_from(["\n".join(lines), "".join(f"{line}\n" for line in lines)])
)


@settings(max_examples=25, deadline=None)
@given(before=TEXT, after=TEXT)
def test_a_difference_turns_one_text_into_the_other(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str
) -> None:
    folder: Path = tmp_path_factory.mktemp("apply")
    (folder / "f.txt").write_text(before)
    text = unified("f.txt", before.encode(), after.encode())
    if "@@" in text:
        command = ["git", "apply", "--unsafe-paths", "--whitespace=nowarn", "-"]
        subprocess.run(command, input=text.encode(), cwd=folder, check=True, capture_output=True)
    assert (folder / "f.txt").read_text() == after


def test_context_is_three_lines_and_far_changes_are_apart() -> None:
    before = [f"line {number}" for number in range(40)]
    after = [*before]
    after[5], after[30] = "five", "thirty"
    text = unified("a.py", "\n".join(before).encode(), "\n".join(after).encode())
    assert text.count("@@ -") == 2
    assert "@@ -3,7 +3,7 @@" in text


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (None, b"\0", "Binary file a.bin added\n"),
        (b"\xff", None, "Binary file a.bin deleted\n"),
        (b"a", b"\0", "Binary file a.bin changed\n"),
    ],
)
def test_what_is_no_text_is_said_to_be_binary(before: bytes | None, after: bytes | None, text: str) -> None:
    assert unified("a.bin", before, after) == text


def test_texts_made_to_be_hard_take_no_long_time() -> None:
    draw = random.Random(1)
    few = ["".join(draw.choices("ab", k=2)) for _ in range(1900)]
    shuffled = [f"line {number}" for number in range(1900)]
    for lines in (few, shuffled, ["x"] * 1900):
        other = draw.sample(lines, len(lines))
        started = time.process_time()
        unified("a.py", "\n".join(lines).encode(), "\n".join(other).encode())
        assert time.process_time() - started < 5


def test_a_long_difference_is_cut_and_says_so() -> None:
    text = unified("a.py", b"", b"x = 1\n" * 100_000)
    assert len(text) < SHOWN_CHARACTERS + 200
    assert "too long to be shown" in text
