"""Commands called in this process or as a person would; submissions of SH4; what others can be held against."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.plain_user import GID, UID

from djudge.engine.cli.library import named_task
from djudge.engine.cli.main import cli, run
from djudge.engine.folders import data_folder
from djudge.engine.packs.model import Task
from djudge.engine.packs.tree import solution_tree, start_tree


@dataclass(frozen=True, slots=True)
class Called:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


@pytest.fixture
def djudge(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Called]:
    """Calls `djudge` with these arguments in this process, as its entry point does."""
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: object) -> Called:
        monkeypatch.setattr(sys, "argv", ["djudge", *map(str, arguments)])
        capfd.readouterr()
        status = run(cli)
        said = capfd.readouterr()
        assert "Traceback" not in said.err, said.err
        return Called(status, said.out, said.err)

    return call


@pytest.fixture(scope="session")
def task() -> Task:
    return named_task("SH4")


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Mapping[str, bytes]], Path]:
    """Writes files into a new folder called `work`."""

    def write(files: Mapping[str, bytes]) -> Path:
        for path, content in files.items():
            place = tmp_path / "work" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return tmp_path / "work"

    return write


def changed_by(task: Task, solution: str) -> dict[str, bytes]:
    """The files of a solution that differ from the start: a small submission."""
    start = start_tree(task)
    tree = solution_tree(task, task.solution(solution))
    return {path: content for path, content in tree.items() if start.get(path) != content}


@pytest.fixture(scope="session")
def fresh_budgets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the packages and clusters of the real one, and no budgets."""
    data = tmp_path_factory.mktemp("data")
    for name in ("environments", "postgres"):
        (data / name).symlink_to(data_folder() / name)
    return data


@pytest.fixture(scope="session")
def plain_data() -> Iterator[Path]:
    """A data folder of an ordinary user: the packages are those of the real one, everything else they make."""
    if os.geteuid() != 0:
        pytest.skip("needs root to begin with")
    data = Path(tempfile.mkdtemp(prefix="cli-data-", dir="/tmp"))
    (data / "environments").symlink_to(data_folder() / "environments")
    os.chown(data, UID, GID)
    yield data
    shutil.rmtree(data)
