"""Trees: the files of a system, of a task's start, of a solution, as bytes under relative names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from djudge.engine.errors import SubmissionRefused, TaskFault
from djudge.engine.packs.folder_reading import read_folder
from djudge.engine.packs.model import Pack, Solution, Task
from djudge.engine.packs.names import is_ignored

type Tree = Mapping[str, bytes]

#: Lies beside a solution's files and is no part of it.
EXPECTED_FILE: Final = "expected.toml"


def system_tree(pack: Pack) -> Tree:
    """The complete project as the pack ships it."""
    return read_pack_folder(pack.system)


def start_tree(task: Task) -> Tree:
    """What the candidate receives: the system with the task's `start/` laid over it."""
    start = task.folder / "start"
    return {**system_tree(task.pack), **(read_pack_folder(start) if start.is_dir() else {})}


def solution_files(solution: Solution) -> Tree:
    """The files that a solution changes, without its `expected.toml`."""
    files = read_pack_folder(solution.folder)
    return {path: content for path, content in files.items() if path != EXPECTED_FILE}


def solution_tree(task: Task, solution: Solution) -> Tree:
    """The start with a solution laid over it."""
    return {**start_tree(task), **solution_files(solution)}


def visible_tests(task: Task) -> Tree:
    """The tests that the candidate may run; they count for nothing."""
    folder = task.folder / "visible"
    return read_pack_folder(folder) if folder.is_dir() else {}


def read_pack_folder(folder: Path) -> Tree:
    """The files of a pack's own folder, under the same rules as a submission; what breaks them is its
    author's.
    """
    try:
        return read_folder(folder)
    except SubmissionRefused as refusal:
        raise TaskFault(f"{folder}: {refusal.what}", refusal.cure, path=folder) from refusal


def task_digest(task: Task) -> str:
    """Names exactly this text of a task: sha256 over the names and bytes of its folder."""
    return digest_of(read_pack_folder(task.folder))


def pack_digest(pack: Pack) -> str:
    """Names exactly this text of a pack without its tasks and its exhibits, each of which has a digest of its own."""
    return digest_of(_files_beside_tasks(pack))


def _files_beside_tasks(pack: Pack) -> Tree:
    found: dict[str, bytes] = {}
    for place in sorted(pack.folder.iterdir()):
        if place in (pack.tasks_folder, pack.museum_folder) or is_ignored(place.name):
            continue
        if place.is_dir():
            found |= {f"{place.name}/{path}": content for path, content in read_pack_folder(place).items()}
        else:
            found[place.name] = place.read_bytes()
    return found


def digest_of(tree: Tree) -> str:
    """sha256 over names and bytes, each with its length before it, in the order of the names."""
    digest = hashlib.sha256()
    for path, content in sorted(tree.items()):
        for part in (path.encode(), content):
            digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()
