"""A bundle: a folder with one submission a task, each a folder or a zip that is named by the task's slug or id."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from djudge.engine.errors import OperatorFault
from djudge.engine.packs.model import Assessment, Task
from djudge.engine.packs.names import is_ignored_file, is_ignored_folder, show


def submissions_in(bundle: Path, assessment: Assessment) -> Mapping[str, Path]:
    """Where the submission of each task lies, by the task's id; a task that was not handed in is not among them.

    Nothing is opened here. Raises OperatorFault for a bundle that is no folder, holds nothing of the assessment, holds
    a task twice, or something that is none of its tasks: a slip of the pen in a name would read as "not handed in".
    """
    if not bundle.is_dir():
        raise OperatorFault(f"{bundle} is no folder.", "A bundle is a folder with one folder or zip a task.")
    found: dict[str, Path] = {}
    for place in sorted(bundle.iterdir()):
        if _is_left_alone(place):
            continue
        task = _task_of(place, assessment)
        if task.id in found:
            raise OperatorFault(f"{task.name} is in the bundle twice.", f"Keep one of {_both(found[task.id], place)}.")
        found[task.id] = place
    if not found:
        raise OperatorFault(f"There is nothing of {assessment.id} in {bundle}.", _named(assessment))
    return found


def _is_left_alone(place: Path) -> bool:
    return is_ignored_folder(place.name) or is_ignored_file(place.name)


def _task_of(place: Path, assessment: Assessment) -> Task:
    name = place.name.removesuffix(".zip").lower()
    for task in assessment.tasks:
        if name in (task.slug, task.id.lower()):
            return task
    raise OperatorFault(f"{show(place.name)} is no task of {assessment.id}.", _named(assessment))


def _named(assessment: Assessment) -> str:
    names = ", ".join(f"{task.slug} (or {task.id})" for task in assessment.tasks)
    return f"Name folders or zips after its tasks: {names}."


def _both(one: Path, other: Path) -> str:
    return f"{show(one.name)} and {show(other.name)}"
