"""Finds packs and tasks by their folders and reads them, leniently: what is broken is left out and named.

There is no list to keep: a folder with a `pack.toml` is a pack, a folder with a `task.toml` below its
`tasks/` is a task. One broken pack or task never stops the others.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from djudge.engine.errors import OperatorFault
from djudge.engine.folders import packs_folder
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.manifests import PackFile, TaskFile
from djudge.engine.packs.model import Check, Pack, Service, SignIn, Task
from djudge.engine.packs.reading import check_python, read_manifest, read_text
from djudge.engine.packs.solutions import read_solutions
from djudge.engine.packs.task_checks import check_editable, check_task_file, limits_from
from djudge.engine.packs.toml_lines import line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All that could be read below one folder of packs, and what could not."""

    root: Path
    packs: tuple[Pack, ...]
    tasks: tuple[Task, ...]
    diagnostics: Diagnostics


def discover(folder: Path | None = None) -> Library:
    """Reads every pack and task below a folder of packs (`packs_folder()` unless named), in the order of
    names.
    """
    root = (packs_folder() if folder is None else folder).absolute()
    diagnostics = Diagnostics()
    packs = discover_packs(root, diagnostics)
    tasks: dict[str, Task] = {}
    for pack in packs:
        for task in load_tasks(pack, diagnostics):
            _keep_unless_taken(task, tasks, diagnostics)
    return Library(root=root, packs=packs, tasks=tuple(tasks.values()), diagnostics=diagnostics)


def discover_packs(root: Path, diagnostics: Diagnostics) -> tuple[Pack, ...]:
    """The usable packs below a folder, without their tasks."""
    if not root.is_dir():
        diagnostics.error(root, None, "There is no folder of packs here.", "Name one in DJUDGE_PACKS.")
    packs = []
    for place in _folders_with("pack.toml", root):
        with _noting_the_unreadable(place, diagnostics):
            packs.append(load_pack(place, diagnostics))
    return tuple(pack for pack in packs if pack)


def find_task(library: Library, name: str) -> Task:
    """The task of an id (`SH4`), a slug, or `pack/slug`.

    An unknown or ambiguous name is the operator's fault, and says what there is; a task that is there and
    broken raises the author's.
    """
    found = [task for task in library.tasks if name.lower() in {task.id.lower(), task.slug, task.name}]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(task.name for task in found)
        raise OperatorFault(f"{name!r} is the name of several tasks.", f"Say which: {names}.")
    _raise_if_broken(name, library)
    raise _unknown(name, library)


def load_pack(folder: Path, diagnostics: Diagnostics) -> Pack | None:
    """One pack, or None and the reasons."""
    folder = folder.absolute()
    file = folder / "pack.toml"
    known = len(diagnostics.errors)
    read = read_manifest(PackFile, file, diagnostics)
    if not read:
        return None
    wanted, text = read
    if wanted.name != folder.name:
        diagnostics.error(
            file, line_of(text, ["name"]), f"The name is {wanted.name!r} and the folder {folder.name!r}.",
            "Give both the same name.",
        )  # fmt: skip
    if not (folder / wanted.system).is_dir():
        diagnostics.error(
            file, line_of(text, ["system"]), f"There is no folder {wanted.system}.", "Put the project there."
        )
    if not (folder / wanted.requirements).is_file():
        diagnostics.error(
            file, line_of(text, ["requirements"]), f"There is no file {wanted.requirements}.",
            "Write requirements.in and run `make locks`.",
        )  # fmt: skip
    if wanted.postgres != bool(wanted.settings and wanted.wsgi) or bool(wanted.settings) != bool(wanted.wsgi):
        diagnostics.error(
            file, line_of(text, ["postgres"]), "A database, `settings` and `wsgi` belong together.",
            "A Django project has all three; plain Python has `postgres = false` and neither of the others.",
        )  # fmt: skip
    return _pack(folder, wanted) if len(diagnostics.errors) == known else None


def _pack(folder: Path, wanted: PackFile) -> Pack:
    return Pack(
        folder=folder,
        name=wanted.name,
        title=wanted.title,
        system=folder / wanted.system,
        settings=wanted.settings,
        wsgi=wanted.wsgi,
        requirements=folder / wanted.requirements,
        preload=wanted.preload,
        postgres=wanted.postgres,
        people=wanted.people,
        sign_ins=tuple(SignIn(**dict(one)) for one in wanted.sign_in),
        services=tuple(Service(**dict(one)) for one in wanted.service),
    )


def load_tasks(pack: Pack, diagnostics: Diagnostics) -> Iterator[Task]:
    """The usable tasks of a pack, one after the other."""
    for folder in _folders_with("task.toml", pack.tasks_folder):
        task = None
        with _noting_the_unreadable(folder, diagnostics):
            task = load_task(pack, folder, diagnostics)
        if task:
            yield task


@contextmanager
def _noting_the_unreadable(folder: Path, diagnostics: Diagnostics) -> Iterator[None]:
    """What the file system refuses is wrong with one folder and stops no other."""
    try:
        yield
    except OSError as error:
        diagnostics.error(folder, None, f"{error.filename} can't be read ({error.strerror}).", "Make it readable.")


def load_task(pack: Pack, folder: Path, diagnostics: Diagnostics) -> Task | None:
    """One task, or None and the reasons."""
    folder = folder.absolute()
    known = len(diagnostics.errors)
    read = read_manifest(TaskFile, folder / "task.toml", diagnostics)
    brief = read_text(folder / "brief.md", diagnostics)
    check_python(folder / "observe.py", {"observe": 1}, diagnostics)
    check_python(folder / "judge.py", {"judge": 2}, diagnostics)
    if not read or brief is None:
        return None
    wanted, text = read
    solutions = read_solutions(folder, wanted, diagnostics)
    check_task_file(folder, wanted, text, brief, diagnostics)
    check_editable(folder, pack.system, wanted, text, diagnostics)
    if len(diagnostics.errors) > known:
        return None
    return Task(
        pack=pack,
        folder=folder,
        slug=folder.name,
        id=wanted.id,
        version=wanted.version,
        title=wanted.title,
        level=wanted.level,
        bullets=wanted.bullets,
        guide_lines=wanted.guide_lines,
        minutes=wanted.minutes,
        editable=wanted.editable,
        needs=wanted.needs,
        ai_policy=wanted.ai_policy,
        limits=limits_from(wanted.limits),
        checks=tuple(Check(**dict(check)) for check in wanted.check),
        budget_from=wanted.budget_from,
        brief=brief,
        solutions=solutions,
    )


def _folders_with(name: str, root: Path) -> list[Path]:
    """The folders directly below one that hold such a file; links are followed, for they are the operator's
    own.
    """
    if not root.is_dir():
        return []
    return sorted(place for place in root.iterdir() if (place / name).is_file())


def _keep_unless_taken(task: Task, tasks: dict[str, Task], diagnostics: Diagnostics) -> None:
    first = tasks.setdefault(task.id, task)
    if first is not task:
        file = task.folder / "task.toml"
        line = line_of(file.read_text(encoding="utf-8"), ["id"])
        diagnostics.error(file, line, f"{first.name} has the id {task.id} too.", "Take another id.")


def _raise_if_broken(name: str, library: Library) -> None:
    """Raises the author's fault when a folder of this name is there and could not be used."""
    slug = name.rpartition("/")[2]
    for entry in library.diagnostics.errors:
        parts = entry.file.relative_to(library.root).parts
        if slug in parts or (name.isupper() and _names_id(entry.file, name)):
            raise entry.as_fault()


def _names_id(file: Path, task_id: str) -> bool:
    manifest = next((parent / "task.toml" for parent in file.parents if (parent / "task.toml").is_file()), None)
    if not manifest:
        return False
    return f'"{task_id}"' in manifest.read_text(encoding="utf-8", errors="replace")


def _unknown(name: str, library: Library) -> OperatorFault:
    known = {word: task for task in library.tasks for word in (task.name, task.slug, task.id.lower())}
    near = [known[word].name for word in difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.4)]
    everything = [task.name for task in library.tasks]
    if near:
        cure = f"Perhaps you mean {', '.join(dict.fromkeys(near))}."
    else:
        cure = f"There are: {', '.join(everything[:12])}." if everything else "No usable task is there at all."
    return OperatorFault(f"There is no task {name!r}.", cure)
