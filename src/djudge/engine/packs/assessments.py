"""Finds assessments beside the packs and reads them: `assessments/<id>.toml`, each a list of tasks.

There is no list to keep here either: a file that is there is an assessment. One that can't be used is named with its
line and stops no other.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from djudge.engine.errors import OperatorFault, TaskFault
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.guards import unmet
from djudge.engine.packs.loading import Library
from djudge.engine.packs.manifests import AssessmentFile
from djudge.engine.packs.model import Assessment, Task
from djudge.engine.packs.reading import read_manifest
from djudge.engine.packs.toml_lines import line_of

FOLDER: Final = "assessments"

#: Longer, and people who have work to do decline.
MOST_MINUTES: Final = 90


def discover_assessments(library: Library, diagnostics: Diagnostics) -> tuple[Assessment, ...]:
    """The usable assessments beside the packs of a library, in the order of their names."""
    found = (load_assessment(file, library, diagnostics) for file in _files(library))
    return tuple(each for each in found if each)


def find_assessment(library: Library, name: str) -> Assessment:
    """An assessment by its id. An unknown name is the operator's fault; one that is there and broken its author's."""
    diagnostics = Diagnostics()
    file = next((file for file in _files(library) if file.stem == name), None)
    if file is None:
        raise _unknown(name, [file.stem for file in _files(library)])
    found = load_assessment(file, library, diagnostics)
    if found is None:
        raise next((entry.as_fault() for entry in diagnostics.errors), TaskFault("It can't be used.", path=file))
    return found


def load_assessment(file: Path, library: Library, diagnostics: Diagnostics) -> Assessment | None:
    """One assessment, or None and the reasons."""
    known = len(diagnostics.errors)
    read = read_manifest(AssessmentFile, file, diagnostics)
    if not read:
        return None
    wanted, text = read
    if wanted.id != file.stem:
        message = f"The id is {wanted.id!r} and the file {file.name!r}."
        diagnostics.error(file, line_of(text, ["id"]), message, "Give both the same name.")
    tasks = tuple(_tasks(file, wanted, text, library, diagnostics))
    _check_length(file, text, tasks, diagnostics)
    if len(diagnostics.errors) > known:
        return None
    _check_guards(file, wanted, text, tasks, diagnostics)
    answers = MappingProxyType(dict(wanted.answers))
    return Assessment(file=file, id=wanted.id, title=wanted.title, lane=wanted.lane, tasks=tasks, answers=answers)


def _files(library: Library) -> list[Path]:
    return sorted((library.root / FOLDER).glob("*.toml"))


def _tasks(file: Path, wanted: AssessmentFile, text: str, library: Library, diagnostics: Diagnostics) -> Iterator[Task]:
    known = {task.name: task for task in library.tasks}
    for index, name in enumerate(wanted.tasks):
        line = line_of(text, ["tasks", index])
        if name not in known:
            diagnostics.error(file, line, f"There is no task {name!r} that could be used.", _nearest(name, known))
        elif Counter(wanted.tasks[:index])[name]:
            diagnostics.error(file, line, f"{name!r} is asked twice.", "Name each task once.")
        else:
            yield known[name]


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Perhaps you mean {near[0]}." if near else "`djudge tasks` lists what there is."


def _check_length(file: Path, text: str, tasks: tuple[Task, ...], diagnostics: Diagnostics) -> None:
    minutes = sum(task.minutes for task in tasks)
    if minutes > MOST_MINUTES:
        told = ", ".join(f"{task.id} {task.minutes}" for task in tasks)
        message = f"The tasks take {minutes} minutes together ({told})."
        diagnostics.error(file, line_of(text, ["tasks"]), message, f"Leave some out: {MOST_MINUTES} are the most.")


def _check_guards(
    file: Path, wanted: AssessmentFile, text: str, tasks: tuple[Task, ...], diagnostics: Diagnostics
) -> None:
    """Guards that don't hold and are not answered; answers to guards that do hold."""
    open_guards = unmet(wanted.lane, tasks)
    for each in open_guards:
        if each.guard not in wanted.answers:
            cure = f'Add a task, or say why under [answers]: {each.guard} = "…" (guide, line {each.guide_line}).'
            diagnostics.warn(file, line_of(text, ["tasks"]), each.says, cure)
    for guard in wanted.answers:
        if guard not in {each.guard for each in open_guards}:
            line = line_of(text, ["answers", guard])
            diagnostics.warn(file, line, f"{guard} holds here and needs no reason.", "Leave the answer out.")


def _unknown(name: str, known: list[str]) -> OperatorFault:
    cure = f"There are: {', '.join(known)}." if known else "None is there at all."
    return OperatorFault(f"There is no assessment {name!r}.", cure)
