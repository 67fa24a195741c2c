"""Lays a task out for a candidate: a git workspace of one commit with the brief, the start and the visible
tests.

What is laid out is written from trees in memory, so neither a solution nor a check can come along. Git runs
without any configuration of the machine or the user, and the commit has a fixed author and date: the same
task gives the same commit everywhere.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from djudge.engine.errors import InfrastructureError, OperatorFault
from djudge.engine.packs.loading import Library, find_task
from djudge.engine.packs.model import Task
from djudge.engine.packs.submission import BRIEF_FILE, TASK_FILE, TESTS_FOLDER
from djudge.engine.packs.tree import Tree, start_tree, visible_tests

_GIT_SECONDS: Final = 60
_NAME_BYTES: Final = 200
_NAME: Final = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
_VERSION: Final = re.compile(r"version ([0-9]{1,9})")

_IGNORED: Final = b"__pycache__/\n*.pyc\n.venv/\nvenv/\n.idea/\n.vscode/\n.DS_Store\n*.sqlite3\n"

#: Nothing that this machine has set for git may reach the workspace: no hooks, filters, signatures, names.
_GIT: Final = (
    "git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.autocrlf=false",
    "-c", "core.attributesFile=/dev/null", "-c", "core.excludesFile=/dev/null", "-c", "commit.gpgSign=false",
    "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "init.defaultBranch=main",
)  # fmt: skip

_AUTHOR: Final = {
    name: value
    for role in ("AUTHOR", "COMMITTER")
    for name, value in (
        (f"GIT_{role}_NAME", "Djudge"),
        (f"GIT_{role}_EMAIL", "workspace@djudge.invalid"),
        (f"GIT_{role}_DATE", "2020-01-01T00:00:00+00:00"),
    )
}


def lay_out(task: Task, folder: Path) -> None:
    """Writes the workspace into a folder that is empty or not there yet.

    Raises OperatorFault where the folder holds anything, can't be written, or git is missing; then the folder
    is left as it was found.
    """
    files = workspace_tree(task)
    existed = _make_room(folder)
    try:
        _write(files, folder)
        _commit(folder)
    except BaseException:
        _clear(folder, keep=existed)
        raise


def workspace_tree(task: Task) -> Tree:
    """What a candidate receives, as files: for a workspace on disk or in an editor."""
    tests = {f"{TESTS_FOLDER}/{path}": content for path, content in visible_tests(task).items()}
    return {
        **start_tree(task),
        **tests,
        BRIEF_FILE: task.brief.encode(),
        TASK_FILE: mark_text(Mark(task.name)).encode(),
        ".gitignore": _IGNORED,
    }


@dataclass(frozen=True, slots=True)
class Mark:
    """What `.djudge` in a workspace says: for which task it was laid out, and, where it was downloaded from a platform,
    at which version of what was saved there."""

    task: str
    version: int | None = None


def mark_text(mark: Mark) -> str:
    """As it lies in the folder."""
    return f"{mark.task}\n" if mark.version is None else f"{mark.task}\nversion {mark.version}\n"


def read_mark(text: str) -> Mark:
    """What a folder says of itself. It is anybody's: what can't be read is empty, and what is wrong finds nothing."""
    name, _, rest = text.partition("\n")
    said = _VERSION.fullmatch(rest.strip())
    return Mark(name.strip() if _NAME.fullmatch(name.strip()) else "", int(said[1]) if said else None)


def task_of_workspace(library: Library, folder: Path) -> Task:
    """The task that a workspace was laid out for. Raises OperatorFault for a folder that says none.

    What stands in the folder is anybody's: it is read as a name, and a wrong one finds another task or none.
    """
    name = read_mark(_read_text(folder / TASK_FILE)).task
    if not name:
        raise OperatorFault(
            f"{folder} is no workspace: it has no {TASK_FILE} that names a task.",
            "Name a folder that `djudge start` laid out.",
        )
    return find_task(library, name)


def _read_text(file: Path) -> str:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as opened:
            return opened.read(_NAME_BYTES).decode("ascii", "replace")
    except OSError:
        return ""


def _make_room(folder: Path) -> bool:
    """Whether the folder was there. It is made where it was not, and refused where anything is in it."""
    try:
        folder.mkdir(parents=True)
        return False
    except FileExistsError:
        pass
    except OSError as error:
        raise OperatorFault(f"{folder} can't be made ({error.strerror}).", "Name another folder.") from error
    if not folder.is_dir() or any(folder.iterdir()):
        raise OperatorFault(f"{folder} is not an empty folder.", "Name a new or an empty one.")
    return True


def _write(files: Tree, folder: Path) -> None:
    try:
        for path, content in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("xb") as opened:
                opened.write(content)
    except OSError as error:
        raise OperatorFault(
            f"The workspace could not be written ({error.strerror}: {error.filename}).",
            "Is there room on the disk?",
        ) from error


def _commit(folder: Path) -> None:
    _git(folder, "init", "--quiet", "--template=")
    _git(folder, "add", "--all", "--force")
    _git(folder, "commit", "--quiet", "--no-verify", "--message", "The system as you find it")


def _git(folder: Path, *arguments: str) -> None:
    try:
        done = subprocess.run(
            [*_GIT, *arguments],
            cwd=folder,
            env=_environ(),
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
        )
    except FileNotFoundError as error:
        raise OperatorFault("git is not installed.", "Install git; it lays out the workspace.") from error
    except subprocess.TimeoutExpired as error:
        raise InfrastructureError(f"git {arguments[0]} did not end within {_GIT_SECONDS} s.") from error
    if done.returncode:
        raise InfrastructureError(f"git {arguments[0]} failed: {done.stderr.strip()[-500:]}")


def _environ() -> dict[str, str]:
    """An environment made from nothing, so that no GIT_… of the caller points elsewhere."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "HOME": "/nonexistent",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        **_AUTHOR,
    }


def _clear(folder: Path, *, keep: bool) -> None:
    for place in folder.iterdir():
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)
    if not keep:
        folder.rmdir()
