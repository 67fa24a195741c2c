"""How commands find what was named: packs, tasks, seeds. Wrong names are the caller's, and get the right ones told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from djudge.engine.errors import OperatorFault
from djudge.engine.folders import packs_folder
from djudge.engine.packs.loading import Library, discover, find_task
from djudge.engine.packs.model import Pack, Task
from djudge.engine.packs.seeds import Seed, local_seed


def library() -> Library:
    """All packs and tasks, and what is wrong with those that could not be read."""
    return discover(packs_folder())


def named_task(name: str) -> Task:
    """A task by id, slug or `pack/slug`. Raises OperatorFault that lists what there is."""
    return find_task(library(), name)


def named_pack(name: str) -> Pack:
    """A pack by name. Raises OperatorFault that lists what there is."""
    packs = {pack.name: pack for pack in library().packs}
    if name not in packs:
        raise OperatorFault(f"There is no pack {name!r}.", f"There are: {', '.join(sorted(packs))}.")
    return packs[name]


def named_tasks(names: Sequence[str]) -> tuple[Task, ...]:
    """The tasks of the packs and tasks named; all of them where nothing is named."""
    found = library()
    if not names:
        return found.tasks
    packs = {pack.name for pack in found.packs}
    chosen: dict[str, Task] = {}
    for name in names:
        of_pack = [task for task in found.tasks if task.pack.name == name]
        chosen |= {task.name: task for task in (of_pack if name in packs else [find_task(found, name)])}
    return tuple(chosen.values())


def existing(directory: Path) -> Path:
    """The folder or file, if it is there. Raises OperatorFault otherwise: a mistyped name is nobody's submission."""
    if not directory.exists():
        raise OperatorFault(f"There is no {directory}.", "Name a folder or a zip file that is there.")
    return directory


def seed_of(task: Task, seed: str | None) -> Seed:
    """The seed of the assessment `local`, or the one that was named by `--seed`."""
    return local_seed(task, seed)
