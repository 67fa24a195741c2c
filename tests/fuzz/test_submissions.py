"""What candidates hand in, as folders, archives and uploads; and the words that make a seed."""

from __future__ import annotations

import io
import os
import shutil
import stat
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import strategies as st
from tests.fuzz.mutating import FUZZED, fuzz, mutated

from djudge.engine.cli.library import named_task
from djudge.engine.errors import SubmissionRefused
from djudge.engine.packs.archive_reading import read_archive
from djudge.engine.packs.folder_reading import read_folder
from djudge.engine.packs.intake import ENTRIES, FILE_BYTES, TOTAL_BYTES
from djudge.engine.packs.manifests import glob_to_pattern
from djudge.engine.packs.seeds import Seed, local_seed
from djudge.engine.packs.submission import read_submission, submission_of_files

TASK = named_task("SH4")
NAMES = (
    "catalogue/views.py", "catalogue/views.py/x", "catalogue/Views.py", "../views.py", "/etc/passwd", "a\\b.py", "con",
    "catalogue/\u202etxt.py", "catalogue/é.py", "catalogue/e\u0301.py", "x" * 300, "a/" * 20 + "b", "", ".",
    "catalogue//views.py", "visible_tests/test_x.py", ".git/config", "BRIEF.md", "catalogue/ ", "manage.py",
    "work/catalogue/urls.py",
)  # fmt: skip
CONTENTS = (b"", b"x = 1\n", b"\xff\xfe", b"\0" * 100, b"# \xc3\xa9\n" * 50, b"<<<<<<<\n")


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """An archive with odd names, kinds and sizes; then some bytes of it changed."""
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as archive:
        warnings.simplefilter("ignore")  # of two entries with one name, which is what is tried here
        for _ in range(draw(st.integers(0, 5))):
            entry = zipfile.ZipInfo(draw(st.sampled_from(NAMES)) or "x")
            entry.compress_type = draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)))
            entry.external_attr = draw(st.sampled_from((0o100644, stat.S_IFLNK | 0o777, stat.S_IFIFO, 0o40755))) << 16
            with suppress(ValueError):
                archive.writestr(entry, draw(st.sampled_from(CONTENTS)))
    return draw(mutated([target.getvalue()], (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x07"), most=3))


@FUZZED
def test_an_archive_is_files_within_bounds_or_refused(tmp_path: Path, examples: int) -> None:
    file = tmp_path / "work.zip"

    def read(content: bytes) -> None:
        file.write_bytes(content)
        with suppress(SubmissionRefused):
            assert_within_bounds(read_archive(file))
        with suppress(SubmissionRefused):
            submission = read_submission(TASK, file)
            assert all(".." not in path.split("/") for path in submission.tree)

    fuzz(examples, archives(), read)


def assert_within_bounds(files: dict[str, bytes]) -> None:
    assert len(files) <= ENTRIES
    assert sum(map(len, files.values())) <= TOTAL_BYTES
    assert all(len(content) <= FILE_BYTES for content in files.values())
    assert all(path and not path.startswith("/") and ".." not in path.split("/") for path in files)


@FUZZED
def test_uploaded_files_are_a_submission_or_refused(examples: int) -> None:
    editable = [glob_to_pattern(glob) for glob in TASK.editable]

    def read(files: dict[str, bytes]) -> None:
        with suppress(SubmissionRefused):
            submission = submission_of_files(TASK, files)
            assert_within_bounds(dict(submission.tree))
            assert all(any(glob.fullmatch(path) for glob in editable) for path in submission.changed)

    names = st.one_of(st.sampled_from(NAMES), st.text(max_size=12).map(lambda one: f"catalogue/{one}"))
    fuzz(examples, st.dictionaries(names, st.sampled_from(CONTENTS), max_size=5), read)


def lay(folder: Path, entries: list[tuple[str, str]], secret: Path) -> None:
    """Whatever of these can be made."""
    makers: dict[str, Callable[[Path], object]] = {
        "file": lambda place: write_new(place, b"x = 1\n"),
        "bytes": lambda place: write_new(place, b"\xff\0" * 50),
        "link": lambda place: place.symlink_to(secret),
        "loop": lambda place: place.symlink_to("."),
        "pipe": os.mkfifo,
        "closed": lambda place: place.touch(mode=0, exist_ok=False),
        "folder": lambda place: place.mkdir(),
        "hard link": lambda place: os.link(secret, place),
    }
    for name, kind in entries:
        with suppress(OSError, ValueError):
            place = folder / name.lstrip("/").replace("..", "up")
            place.parent.mkdir(parents=True, exist_ok=True)
            makers[kind](place)


def write_new(place: Path, content: bytes) -> None:
    """Never into what is there already: a pipe would wait for a reader, and a link leads elsewhere."""
    with place.open("xb") as file:
        file.write(content)


@FUZZED
def test_a_folder_is_files_within_bounds_or_refused(tmp_path: Path, examples: int) -> None:
    kinds = st.sampled_from(("file", "file", "bytes", "link", "loop", "pipe", "closed", "folder", "hard link"))
    names = st.one_of(st.sampled_from(NAMES), st.text(max_size=8).map(lambda one: f"catalogue/{one}"))
    place, secret = tmp_path / "work", tmp_path / "secret"
    secret.write_text("not the candidate's")

    def read(entries: list[tuple[str, str]]) -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        lay(place, entries, secret)
        with suppress(SubmissionRefused):
            files = read_folder(place)
            assert_within_bounds(files)
            assert b"not the candidate" not in b"".join(files.values())

    fuzz(examples, st.lists(st.tuples(names, kinds), max_size=6), read)
    assert secret.read_text() == "not the candidate's"


@FUZZED
def test_any_words_make_a_seed_and_the_same_words_the_same(examples: int) -> None:
    anything = st.text(st.characters(codec=None), max_size=50)  # lone surrogates too, as terminals send them

    def draw(given: tuple[str, str]) -> None:
        words, label = given
        seed = local_seed(TASK, words)
        assert seed == local_seed(TASK, words)
        assert 0 <= seed.number(label) < 2**256
        assert seed.random(label).random() == Seed(seed.hex, "x").random(label).random()
        assert local_seed(TASK, f"{words}.").hex != seed.hex

    fuzz(examples, st.tuples(anything, anything), draw)
