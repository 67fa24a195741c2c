"""The workspace that a candidate receives: one commit, nothing of the answers, nothing of this machine."""

from __future__ import annotations

import os
import subprocess
import zlib
from pathlib import Path

import pytest

from djudge.engine.errors import OperatorFault
from djudge.engine.packs.loading import discover
from djudge.engine.packs.model import Task
from djudge.engine.packs.submission import read_submission
from djudge.engine.packs.workspace import lay_out, task_of_workspace


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", f"safe.directory={folder}", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def objects(folder: Path) -> bytes:
    found = b""
    for file in (folder / ".git").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found += zlib.decompress(content) if content.startswith(b"\x78") else content
    return found


def test_a_workspace_is_one_clean_commit_with_brief_start_and_visible_tests(task: Task, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "work"
    lay_out(task, folder)
    assert git(folder, "rev-list", "--all", "--count").strip() == "1"
    assert git(folder, "status", "--porcelain", "--ignored") == ""
    assert git(folder, "branch", "--show-current").strip() == "main"
    assert (folder / "BRIEF.md").read_text() == task.brief
    assert (folder / "visible_tests" / "test_stalls.py").is_file()
    assert "'start'" in (folder / "stalls" / "views.py").read_text()
    assert (folder / "manage.py").is_file()


def test_no_solution_and_no_check_is_anywhere_in_it(task: Task, tmp_path: Path) -> None:
    lay_out(task, tmp_path / "work")
    everything = objects(tmp_path / "work") + b"".join(
        file.read_bytes() for file in (tmp_path / "work").rglob("*") if file.is_file()
    )
    assert b"return 'start'" in everything
    for secret in (
        b"the expert way",
        b"the wrong way",
        b"not_shown",
        b"def observe",
        b"def judge",
        b"bullets",
    ):
        assert secret not in everything


def test_the_same_task_gives_the_same_commit_by_anyone_anywhere(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(task, tmp_path / "one")
    config = tmp_path / "config"
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "post-commit", "prepare-commit-msg"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/hooked\n")
        (hooks / name).chmod(0o755)
    config.write_text(f"[user]\nname = Alice\nemail = alice@example.com\n[core]\nhooksPath = {hooks}\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name, value in {
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_DIR": str(elsewhere),
        "GIT_AUTHOR_NAME": "Bob",
        "GIT_TEMPLATE_DIR": str(hooks),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.hooksPath",
        "GIT_CONFIG_VALUE_0": str(hooks),
    }.items():
        monkeypatch.setenv(name, value)
    lay_out(task, tmp_path / "two")
    monkeypatch.undo()
    assert git(tmp_path / "one", "rev-parse", "HEAD") == git(tmp_path / "two", "rev-parse", "HEAD")
    said = git(tmp_path / "two", "log", "--format=%an %ae %cn %ce %aI")
    assert said == "Djudge workspace@djudge.invalid Djudge workspace@djudge.invalid 2020-01-01T00:00:00+00:00\n"
    assert not (tmp_path / "hooked").exists()
    assert not os.listdir(elsewhere)
    assert b"alice" not in objects(tmp_path / "two").lower()


def test_a_folder_that_holds_anything_is_refused_and_left_as_it_is(task: Task, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.txt").write_text("mine")
    with pytest.raises(OperatorFault, match="not an empty folder"):
        lay_out(task, tmp_path / "work")
    assert os.listdir(tmp_path / "work") == ["thesis.txt"]
    with pytest.raises(OperatorFault, match="not an empty folder"):
        lay_out(task, tmp_path / "work" / "thesis.txt")
    with pytest.raises(OperatorFault, match="can't be made"):
        lay_out(task, tmp_path / "work" / "thesis.txt" / "below")


def test_an_empty_folder_is_used(task: Task, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    lay_out(task, tmp_path / "work")
    assert (tmp_path / "work" / ".git").is_dir()


def test_without_git_nothing_is_left_behind(task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OperatorFault, match="git is not installed"):
        lay_out(task, tmp_path / "work")
    assert not (tmp_path / "work").exists()
    (tmp_path / "there").mkdir()
    with pytest.raises(OperatorFault, match="git is not installed"):
        lay_out(task, tmp_path / "there")
    assert os.listdir(tmp_path / "there") == []


def test_a_workspace_knows_its_task(task: Task, packs: Path, tmp_path: Path) -> None:
    lay_out(task, tmp_path / "work")
    assert task_of_workspace(discover(packs), tmp_path / "work") == task
    assert not read_submission(task, tmp_path / "work").changed


def test_a_folder_that_names_no_task_is_no_workspace(task: Task, packs: Path, tmp_path: Path) -> None:
    library = discover(packs)
    with pytest.raises(OperatorFault, match="is no workspace"):
        task_of_workspace(library, tmp_path)
    for content in (b"", b"\xff\x1b[31m", b"../../etc", b"a" * 100_000):
        (tmp_path / ".djudge").write_bytes(content)
        with pytest.raises(OperatorFault, match="is no workspace"):
            task_of_workspace(library, tmp_path)
    (tmp_path / ".djudge").write_text("fair/another")
    with pytest.raises(OperatorFault, match="no task 'fair/another'"):
        task_of_workspace(library, tmp_path)
    (tmp_path / ".djudge").unlink()
    os.mkfifo(tmp_path / ".djudge")
    with pytest.raises(OperatorFault, match="is no workspace"):
        task_of_workspace(library, tmp_path)
