"""What a candidate hands in: a folder or a ZIP archive, read once, as bytes, and held against the start.

Two layouts are right: the whole project as it was laid out, or only the changed files in their places.
Whatever else comes in is refused with a sentence that says what is wrong and what to do, and nothing of it is
run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from djudge.engine.errors import SubmissionRefused, TaskFault
from djudge.engine.packs.archive_reading import read_archive
from djudge.engine.packs.difference import unified
from djudge.engine.packs.folder_reading import read_folder
from djudge.engine.packs.intake import Intake
from djudge.engine.packs.manifests import glob_to_pattern
from djudge.engine.packs.model import Task
from djudge.engine.packs.names import collision_key, show
from djudge.engine.packs.task_checks import UNTOUCHED
from djudge.engine.packs.tree import Tree, solution_files, start_tree

#: Laid out beside the system for the candidate; whatever becomes of it counts for nothing.
BRIEF_FILE: Final = "BRIEF.md"
TESTS_FOLDER: Final = "visible_tests"
TASK_FILE: Final = ".djudge"

_ENTRY: Final = "manage.py"
_TEXT: Final = re.compile(
    r".*\.(py|pyi|html?|txt|md|rst|css|js|mjs|json|toml|cfg|ini|ya?ml|xml|svg|csv|po|sql|sh|jinja2?|j2)",
    re.IGNORECASE,
)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_NAMED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The files that a candidate changed. `tree` is the whole project with them, ready for a guest.

    `changed` holds the new content by path, None for a deleted file; `diffs` the unified difference to the
    start for the same paths. Texts are the candidate's own: hostile until escaped.
    """

    changed: Mapping[str, bytes | None]
    diffs: Mapping[str, str]
    tree: Tree


def read_submission(task: Task, path: Path) -> Submission:
    """The submission in a folder or an archive.

    Raises SubmissionRefused for anything that is no submission of this task. Work folders of tools (`.git`,
    `.venv`, `__pycache__`, editors) are left alone. At most some megabytes are read; nothing is written and
    nothing run.
    """
    files = _unwrapped(_read(path), start_tree(task))
    return submission_of_files(task, files)


def submission_of_solution(task: Task, name: str) -> Submission:
    """One of the task's own solutions (`expert`, `wrong/page-cache`), or `start`: nothing changed at all.

    Raises TaskFault where the author's files would be refused from a candidate, KeyError for an unknown name.
    """
    if name == UNTOUCHED:
        return submission_of_files(task, start_tree(task))
    solution = task.solution(name)
    try:
        return submission_of_files(task, solution_files(solution))
    except SubmissionRefused as refusal:
        raise TaskFault(
            f"The solution {name!r} of {task.name} would be refused: {refusal.what}",
            refusal.cure,
            path=solution.folder,
        ) from refusal


def submission_of_files(task: Task, files: Tree) -> Submission:
    """A submission from files that are at hand already (an upload, an editor), under the same rules."""
    start = start_tree(task)
    files = _without_extras(_admitted(files), start)
    if not files:
        raise SubmissionRefused(
            "There is nothing in it.",
            f"Hand in the project, or the files you changed: {_editable(task)}.",
            kind="empty",
        )
    whole = _is_whole(task, files, start)
    changed = _changes(task, files, start, whole=whole)
    _refuse_foreign(task, changed, files, start, whole=whole)
    _refuse_outside(task, changed)
    _refuse_wrong_text(changed)
    tree = {path: content for path, content in {**start, **changed}.items() if content is not None}
    _refuse_clashes(tree)
    diffs = {path: unified(path, start.get(path), content) for path, content in changed.items()}
    return Submission(changed=MappingProxyType(changed), diffs=MappingProxyType(diffs), tree=MappingProxyType(tree))


def _read(path: Path) -> Tree:
    if not os.path.exists(path):
        raise SubmissionRefused(f"There is no {show(path.name)}.", "Name a folder or a .zip file.", kind="missing")
    return read_folder(path) if os.path.isdir(path) else read_archive(path)


def _admitted(files: Tree) -> Tree:
    """The files under the rules of every way in: plain names, few enough, small enough."""
    intake = Intake()
    for path, content in files.items():
        intake.count_entry()
        admitted = intake.admit(path)
        if admitted is not None:
            intake.add(admitted, content)
    return dict(sorted(intake.files.items()))


def _unwrapped(files: Tree, start: Tree) -> Tree:
    """Without the one folder that archivers and downloads put around a project."""
    for _ in range(2):
        tops = {path.partition("/")[0] for path in files}
        if len(tops) != 1 or tops & _tops(start) or any("/" not in path for path in files):
            break
        files = {path.partition("/")[2]: content for path, content in files.items()}
    return files


def _tops(start: Tree) -> set[str]:
    return {path.partition("/")[0] for path in start} | {TESTS_FOLDER}


def _without_extras(files: Tree, start: Tree) -> Tree:
    """Without what we laid beside the system ourselves."""
    return {
        path: content
        for path, content in files.items()
        if path in start or (path not in {BRIEF_FILE, TASK_FILE} and not path.startswith(f"{TESTS_FOLDER}/"))
    }


def _is_whole(task: Task, files: Tree, start: Tree) -> bool:
    """Whether this is the whole project, so that what is missing was deleted; else only changed files."""
    if _ENTRY in start:
        return _ENTRY in files
    return 2 * len(files.keys() & start.keys()) >= len(start)


def _changes(task: Task, files: Tree, start: Tree, *, whole: bool) -> dict[str, bytes | None]:
    changed: dict[str, bytes | None] = {
        path: content for path, content in files.items() if not _is_same(content, start.get(path))
    }
    if whole:
        gone = start.keys() - files.keys()
        changed |= dict.fromkeys(path for path in gone if _may_change(task, path))
    return dict(sorted(changed.items()))


def _is_same(content: bytes, before: bytes | None) -> bool:
    """Equal, or equal but for the line ends that another system writes."""
    return before is not None and (content == before or content.replace(b"\r\n", b"\n") == before)


def _may_change(task: Task, path: str) -> bool:
    return any(glob_to_pattern(glob).fullmatch(path) for glob in task.editable)


def _refuse_foreign(task: Task, changed: Mapping[str, bytes | None], files: Tree, start: Tree, *, whole: bool) -> None:
    known = files.keys() & start.keys()
    fits = 2 * len(known) >= len(start) if whole else bool(known) or any(_may_change(task, path) for path in changed)
    if not fits:
        raise SubmissionRefused(
            f"This is not the project of {task.id} ({task.pack.title}): "
            f"{len(known)} of its {len(start)} files are there.",
            f"Start from `djudge start {task.id}`, and hand in that folder or the files you changed in it.",
            kind="foreign",
        )


def _refuse_outside(task: Task, changed: Iterable[str]) -> None:
    outside = [path for path in changed if not _may_change(task, path)]
    if outside:
        named = ", ".join(show(path) for path in outside[:_NAMED])
        more = f" and {len(outside) - _NAMED} more" if len(outside) > _NAMED else ""
        raise SubmissionRefused(
            f"Changed or added outside of what this task lets you edit: {named}{more}.",
            f"Undo or remove it. You may edit {_editable(task)}.",
            kind="outside_editable",
            file=show(outside[0]),
        )


def _refuse_wrong_text(changed: Mapping[str, bytes | None]) -> None:
    for path, content in changed.items():
        if content is None or not _TEXT.fullmatch(path):
            continue
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            found = "UTF-16" if content.startswith(_UTF16) else f"not UTF-8 (byte {error.start})"
            raise SubmissionRefused(
                f"{show(path)} is {found}.", "Save it as UTF-8.", kind="encoding", file=show(path)
            ) from error


def _refuse_clashes(tree: Tree) -> None:
    """Two names that one of many systems takes for the same, or a name that is a file and a folder."""
    spellings: dict[str, str] = {}
    for path in tree:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            part = "/".join(parts[:depth])
            known = spellings.setdefault(collision_key(part), part)
            if known != part:
                raise SubmissionRefused(
                    f"{show(part)} and {show(known)} differ only in upper and lower case.",
                    "Rename one of the two.",
                    kind="case_collision",
                    file=show(part),
                )
            if depth < len(parts) and part in tree:
                raise SubmissionRefused(
                    f"{show(part)} is a file and a folder.",
                    "Rename one of the two.",
                    kind="name",
                    file=show(part),
                )


def _editable(task: Task) -> str:
    return ", ".join(task.editable)
