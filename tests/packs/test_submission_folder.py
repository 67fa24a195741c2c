"""A folder that is handed in: what counts as changed, and everything that is refused with a sentence."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djudge.engine.errors import SubmissionRefused, TaskFault
from djudge.engine.packs.folder_reading import read_folder
from djudge.engine.packs.model import Task
from djudge.engine.packs.submission import read_submission, submission_of_files, submission_of_solution
from djudge.engine.packs.tree import start_tree
from djudge.engine.packs.workspace import lay_out

CHANGED = b"def stalls(request):\n    return 'mine'\n"


@pytest.fixture
def work(task: Task, tmp_path: Path) -> Path:
    """A workspace as the candidate finds it."""
    folder = tmp_path / "work"
    lay_out(task, folder)
    return folder


def refused(task: Task, path: Path) -> SubmissionRefused:
    with pytest.raises(SubmissionRefused) as caught:
        read_submission(task, path)
    assert caught.value.what.endswith(".")
    assert caught.value.cure.endswith(".")
    assert caught.value.phase == "submission"
    return caught.value


def test_the_workspace_as_it_was_laid_out_changes_nothing(task: Task, work: Path) -> None:
    submission = read_submission(task, work)
    assert (dict(submission.changed), dict(submission.diffs)) == ({}, {})
    assert submission.tree == start_tree(task)


def test_a_changed_file_comes_with_its_difference_to_the_start(task: Task, work: Path) -> None:
    (work / "stalls" / "views.py").write_bytes(CHANGED)
    submission = read_submission(task, work)
    assert submission.changed == {"stalls/views.py": CHANGED}
    assert submission.tree["stalls/views.py"] == CHANGED
    assert submission.tree["manage.py"] == start_tree(task)["manage.py"]
    assert submission.diffs["stalls/views.py"] == (
        "--- a/stalls/views.py\n+++ b/stalls/views.py\n@@ -1,2 +1,2 @@\n"
        " def stalls(request):\n-    return 'start'\n+    return 'mine'\n"
    )


def test_files_may_be_added_and_deleted_where_the_task_lets_them(task: Task, work: Path) -> None:
    (work / "stalls" / "cards.py").write_text("X = 1\n")
    (work / "stalls" / "views.py").unlink()
    (work / "manage.py").touch()
    (work / "fair" / "settings.py").unlink()
    submission = read_submission(task, work)
    assert submission.changed == {"stalls/cards.py": b"X = 1\n", "stalls/views.py": None}
    assert "stalls/views.py" not in submission.tree
    assert submission.tree["fair/settings.py"] == b"DEBUG = False\n"
    assert "+++ /dev/null" in submission.diffs["stalls/views.py"]
    assert "--- /dev/null" in submission.diffs["stalls/cards.py"]


def test_changed_files_alone_are_a_submission_and_delete_nothing(task: Task, tmp_path: Path) -> None:
    (tmp_path / "mine" / "stalls").mkdir(parents=True)
    (tmp_path / "mine" / "stalls" / "views.py").write_bytes(CHANGED)
    submission = read_submission(task, tmp_path / "mine")
    assert submission.changed == {"stalls/views.py": CHANGED}
    assert submission.tree.keys() == start_tree(task).keys()


def test_one_folder_around_the_project_is_no_matter(task: Task, work: Path, tmp_path: Path) -> None:
    (work / "stalls" / "views.py").write_bytes(CHANGED)
    (tmp_path / "outer").mkdir()
    work.rename(tmp_path / "outer" / "my-solution-main")
    assert read_submission(task, tmp_path / "outer").changed == {"stalls/views.py": CHANGED}


def test_what_tools_leave_behind_is_left_alone(task: Task, work: Path) -> None:
    for name in (
        ".git/hooks",
        "__pycache__",
        ".venv/bin",
        ".idea",
        "stalls/__pycache__",
        "node_modules/x",
        ".vscode",
    ):
        (work / name).mkdir(parents=True, exist_ok=True)
        (work / name / "evil.py").write_text("raise SystemExit\n")
    (work / ".venv" / "bin" / "python").symlink_to("/usr/bin/python3")
    (work / "venv").symlink_to("/usr")
    (work / "stalls" / ".views.py.swp").write_bytes(b"\0")
    (work / ".DS_Store").write_bytes(b"\0")
    (work / ".gitattributes").write_text("*.py filter=evil\n")
    (work / "BRIEF.md").write_text("notes")
    (work / "visible_tests" / "mine.py").write_text("notes")
    submission = read_submission(task, work)
    assert not submission.changed
    assert submission.tree == start_tree(task)


def test_line_ends_of_another_system_are_no_change(task: Task, work: Path) -> None:
    for file in work.rglob("*.py"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    views = work / "stalls" / "views.py"
    views.write_bytes(CHANGED.replace(b"\n", b"\r\n"))
    submission = read_submission(task, work)
    assert list(submission.changed) == ["stalls/views.py"]
    assert submission.diffs["stalls/views.py"].count("\n-") == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("nothing-here", "missing"),
        ("empty", "empty"),
        ("hollow", "empty"),
        ("foreign", "foreign"),
        ("scraps", "foreign"),
    ],
)
def test_what_is_no_submission_at_all_is_said(task: Task, tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "hollow" / ".git").mkdir(parents=True)
    (tmp_path / "hollow" / "BRIEF.md").write_text("notes")
    for file in (
        "foreign/manage.py",
        "foreign/blog/views.py",
        "foreign/blog/urls.py",
        "scraps/a.txt",
        "scraps/b/c.py",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x = 1\n")
    assert refused(task, tmp_path / name).kind == kind


def test_a_change_outside_of_what_may_be_edited_is_refused_and_named(task: Task, work: Path) -> None:
    (work / "fair" / "settings.py").write_text("DEBUG = True\n")
    (work / "db.sqlite3").write_bytes(b"SQLite")
    refusal = refused(task, work)
    assert refusal.kind == "outside_editable"
    assert "db.sqlite3, fair/settings.py" in refusal.what
    assert "stalls/*.py" in refusal.cure


def test_many_changes_outside_are_counted(task: Task, work: Path) -> None:
    for number in range(9):
        (work / f"note{number}.txt").write_text("x")
    assert "and 4 more" in refused(task, work).what


def link(folder: Path) -> None:
    (folder / "stalls" / "secret.py").symlink_to("/etc/passwd")


def link_to_folder(folder: Path) -> None:
    (folder / "stalls" / "templates" / "etc").symlink_to("/etc")


def dangling_link(folder: Path) -> None:
    (folder / "stalls" / "gone.py").symlink_to("nowhere")


def linked_folder_of_the_system(folder: Path) -> None:
    shutil.move(folder / "stalls", folder.parent / "elsewhere")
    (folder / "stalls").symlink_to(folder.parent / "elsewhere")


def hard_link(folder: Path) -> None:
    secret = folder.parent / "secret"
    secret.write_text("x = 1\n")
    os.link(secret, folder / "stalls" / "secret.py")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "stalls" / "pipe.py")


def unix_socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "stalls" / "s.py"))


def newline(folder: Path) -> None:
    (folder / "stalls" / "a\nb.py").write_text("")


def bidi(folder: Path) -> None:
    (folder / "stalls" / "a\u202eyp.b.py").write_text("")


def escape(folder: Path) -> None:
    (folder / "stalls" / "a\x1b[31m.py").write_text("")


def not_utf8_name(folder: Path) -> None:
    Path(os.fsdecode(bytes(folder / "stalls") + b"/\xff.py")).write_text("")


def backslash(folder: Path) -> None:
    (folder / "stalls" / "..\\a.py").write_text("")


def long_name(folder: Path) -> None:
    (folder / "stalls" / ("a" * 200 + ".py")).write_text("")


def deep(folder: Path) -> None:
    (folder / "stalls" / "templates" / "/".join("d" * 20)).mkdir(parents=True)


def case_collision(folder: Path) -> None:
    (folder / "stalls" / "Views.py").write_text("")


def case_collision_of_folders(folder: Path) -> None:
    (folder / "Stalls").mkdir()
    (folder / "Stalls" / "a.py").write_text("")


def large_file(folder: Path) -> None:
    with (folder / "stalls" / "big.py").open("wb") as file:
        file.truncate(10 * 1024**3)


def large_sum(folder: Path) -> None:
    for number in range(10):
        (folder / "stalls" / f"big{number}.py").write_bytes(b"#" * 900_000)


def many_files(folder: Path) -> None:
    for number in range(3100):
        (folder / "stalls" / f"f{number}.py").touch()


def latin1(folder: Path) -> None:
    (folder / "stalls" / "views.py").write_bytes("# caf\xe9\n".encode("latin-1"))


def utf16(folder: Path) -> None:
    (folder / "stalls" / "templates" / "stalls" / "list.html").write_bytes("<p>".encode("utf-16"))


@pytest.mark.parametrize(
    ("spoil", "kind", "word"),
    [
        (link, "link", "stalls/secret.py is a link"),
        (link_to_folder, "link", "stalls/templates/etc"),
        (dangling_link, "link", "stalls/gone.py"),
        (linked_folder_of_the_system, "link", "stalls is a link"),
        (hard_link, "link", "hard link"),
        (pipe, "special_file", "a pipe"),
        (unix_socket, "special_file", "a socket"),
        (newline, "name", r"a\nb.py"),
        (bidi, "name", r"a\u202eyp.b.py"),
        (escape, "name", r"a\x1b[31m.py"),
        (not_utf8_name, "name", r"\udcff.py"),
        (backslash, "name", "other systems"),
        (long_name, "name", "longer than"),
        (deep, "name", "folders deep"),
        (case_collision, "case_collision", "upper and lower case"),
        (case_collision_of_folders, "case_collision", "upper and lower case"),
        (large_file, "too_large", "stalls/big.py is larger than 1 MB"),
        (large_sum, "too_large", "All files together are larger than 8 MB"),
        (many_files, "too_many_files", "more than 3000"),
        (latin1, "encoding", "not UTF-8 (byte 5)"),
        (utf16, "encoding", "is UTF-16"),
    ],
)
def test_a_hostile_or_careless_folder_is_refused_with_the_reason(
    task: Task, work: Path, spoil: Callable[[Path], None], kind: str, word: str
) -> None:
    spoil(work)
    refusal = refused(task, work)
    assert refusal.kind == kind
    assert word in refusal.what
    assert refusal.what.isprintable()


FLIPPING = """
import os, sys
folder, secret = sys.argv[1:]
print("flipping", flush=True)
while True:
    with open(f"{folder}/new", "w") as file:
        file.write("x = 1")
    os.rename(f"{folder}/new", f"{folder}/flips.py")
    os.symlink(secret, f"{folder}/new")
    os.rename(f"{folder}/new", f"{folder}/flips.py")
"""


def test_a_file_that_turns_into_a_link_while_it_is_read_gives_no_secret_away(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret")
    folder = tmp_path / "work"
    folder.mkdir()
    command = [sys.executable, "-c", FLIPPING, str(folder), str(tmp_path / "secret")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as flipping:
        try:
            assert flipping.stdout
            flipping.stdout.readline()
            contents, kinds = read_until_both_were_seen(folder)
        finally:
            flipping.kill()
    assert contents <= {b"x = 1", b""}
    assert contents
    assert "link" in kinds
    assert kinds <= {"link", "changed_while_read"}


def read_until_both_were_seen(folder: Path) -> tuple[set[bytes], set[str]]:
    """Reads 300 times at least, and on until the name was met as a file and as a link."""
    contents: set[bytes] = set()
    kinds: set[str] = set()
    deadline, times = time.monotonic() + 30, 0
    while times < 300 or (time.monotonic() < deadline and not (contents and "link" in kinds)):
        times += 1
        try:
            contents.update(read_folder(folder).values())
        except SubmissionRefused as refusal:
            kinds.add(refusal.kind)
    return contents, kinds


def test_a_name_with_accents_stored_apart_is_the_same_name(task: Task, work: Path) -> None:
    (work / "stalls" / unicodedata.normalize("NFD", "café.py")).write_text("")
    assert list(read_submission(task, work).changed) == [unicodedata.normalize("NFC", "stalls/café.py")]


def test_a_file_where_a_folder_is_is_refused(task: Task) -> None:
    with pytest.raises(SubmissionRefused, match="a file and a folder"):
        submission_of_files(task, {"stalls/cards.py": b"", "stalls/templates/a": b"", "stalls/templates/a/b.html": b""})


@pytest.mark.parametrize("path", ["../views.py", "/stalls/views.py", "stalls//views.py", "stalls/./views.py", "s\0.py"])
def test_files_at_hand_keep_the_same_rules(task: Task, path: str) -> None:
    with pytest.raises(SubmissionRefused, match="name"):
        submission_of_files(task, {path: b""})


def test_an_unreadable_file_is_named() -> None:
    with as_nobody_if_root(), TemporaryDirectory() as name:
        folder = Path(name, "work")
        folder.mkdir()
        (folder / "secret.py").touch(mode=0)
        with pytest.raises(SubmissionRefused, match=r"secret\.py can't be read") as caught:
            read_folder(folder)
    assert caught.value.kind == "unreadable"


@contextmanager
def as_nobody_if_root() -> Iterator[None]:
    """Root reads everything, so it stops being root for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_solutions_and_the_start_are_submissions_of_the_authors(task: Task) -> None:
    assert submission_of_solution(task, "expert").changed.keys() == {"stalls/views.py"}
    assert not submission_of_solution(task, "start").changed
    with pytest.raises(KeyError):
        submission_of_solution(task, "guru")


def test_a_solution_that_a_candidate_could_not_hand_in_is_its_authors_fault(task: Task, task_folder: Path) -> None:
    (task_folder / "solutions" / "expert" / "manage.txt").write_text("x")
    with pytest.raises(TaskFault, match=r"'expert'.*outside") as caught:
        submission_of_solution(task, "expert")
    assert caught.value.path == task_folder / "solutions" / "expert"


def test_a_link_in_a_pack_is_its_authors_fault(task: Task) -> None:
    (task.pack.system / "secret.py").symlink_to("/etc/passwd")
    with pytest.raises(TaskFault, match=r"secret\.py is a link"):
        start_tree(task)


NAMES = st.text(st.characters(codec=None), min_size=1, max_size=12)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.dictionaries(PATHS.map("stalls/".__add__), st.binary(max_size=60), max_size=4))
def test_whatever_files_come_they_are_taken_as_they_are_or_refused(task: Task, files: dict[str, bytes]) -> None:
    try:
        submission, said = submission_of_files(task, files), ""
    except SubmissionRefused as refusal:
        submission, said = None, refusal.what
    assert said.isprintable()
    assert len(said) < 1200
    if submission:
        assert set(submission.tree) == set(start_tree(task)) | set(submission.changed)
        assert all(path.isprintable() and ".." not in path.split("/") for path in submission.tree)
        assert all(isinstance(text, str) for text in submission.diffs.values())
