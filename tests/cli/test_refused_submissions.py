"""What is no submission is refused before anything runs: `djudge grade` says what is wrong with it and what to do."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Called, changed_by

from djudge.engine.errors import SubmissionRefused
from djudge.engine.packs.model import Task
from djudge.engine.packs.submission import read_submission

type Djudge = Callable[..., Called]

VIEWS = "catalogue/views.py"


def empty(work: Path, task: Task) -> Path:
    return work


def foreign(work: Path, task: Task) -> Path:
    for number in range(5):
        (work / f"photo-{number}.txt").write_text("the sea")
    return work


def outside(work: Path, task: Task) -> Path:
    (work / "catalogue").mkdir()
    (work / VIEWS).write_bytes(changed_by(task, "expert")[VIEWS])
    (work / "stallhouse").mkdir()
    for name in ("stallhouse/wsgi.py", "notes.txt"):
        (work / name).write_text("mine = True\n")
    return work


def link_to_a_file(work: Path, task: Task) -> Path:
    (work / "catalogue").mkdir()
    (work / VIEWS).symlink_to("/etc/passwd")
    return work


def link_to_a_folder(work: Path, task: Task) -> Path:
    (work / "catalogue").symlink_to(task.pack.system / "catalogue")
    return work


def climbing(work: Path, task: Task) -> Path:
    return packed(work / "work.zip", {"../../catalogue/views.py": b"x = 1\n"})


def bomb(work: Path, task: Task) -> Path:
    return packed(work / "work.zip", {VIEWS: b"#" * 200_000_000})


def no_archive(work: Path, task: Task) -> Path:
    file = work / "work.zip"
    file.write_bytes(b"Rar!" + bytes(100))
    return file


def latin(work: Path, task: Task) -> Path:
    (work / "catalogue").mkdir()
    (work / VIEWS).write_bytes("# Zürich\n".encode("latin-1") + changed_by(task, "expert")[VIEWS])
    return work


def packed(file: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return file


@pytest.mark.parametrize(
    ("make", "kind", "what", "cure"),
    [
        (empty, "empty", "There is nothing in it.", "Hand in the project, or the files you changed: catalogue/**"),
        (foreign, "foreign", "This is not the project of SH4", "Start from `djudge start SH4`"),
        (
            outside,
            "outside_editable",
            "outside of what this task lets you edit: notes.txt, stallhouse/wsgi.py.",
            "Undo or remove it.",
        ),
        (link_to_a_file, "link", "catalogue/views.py is a link", "Put a copy of the file in its place."),
        (link_to_a_folder, "link", "catalogue is a link", "Put a copy of the file in its place."),
        (climbing, "name", "The name of ../../catalogue/views.py has", "Pack it again with relative names."),
        (bomb, "too_large", "catalogue/views.py is larger than 1 MB.", "Hand in source text only"),
        (no_archive, "not_an_archive", "work.zip is no ZIP archive.", "Hand in a folder or a .zip file."),
        (latin, "encoding", "catalogue/views.py is not UTF-8", "Save it as UTF-8."),
    ],
    ids=lambda value: value.__name__.replace("_", " ") if callable(value) else "",
)
def test_it_is_refused_in_words(
    djudge: Djudge, tmp_path: Path, task: Task, make: Callable[[Path, Task], Path], kind: str, what: str, cure: str
) -> None:
    place = make(tmp_path, task)
    with pytest.raises(SubmissionRefused) as caught:
        read_submission(task, place)
    told = djudge("grade", "SH4", place)
    assert (told.status, told.out, caught.value.kind) == (2, "", kind)
    assert told.err.startswith("In the submission: ")
    assert what in told.err.splitlines()[0]
    assert told.err.splitlines()[-1].startswith(f"What to do: {cure}")


def test_what_can_be_read_is_graded_whatever_tools_left_beside_it(tmp_path: Path, task: Task) -> None:
    outside(tmp_path, task)
    for name in ("stallhouse/wsgi.py", "notes.txt"):
        (tmp_path / name).unlink()
    for junk in (".git/config", ".venv/bin/python", "catalogue/__pycache__/views.pyc"):
        (tmp_path / junk).parent.mkdir(parents=True)
        (tmp_path / junk).write_text("x")
    assert list(read_submission(task, tmp_path).changed) == [VIEWS]
