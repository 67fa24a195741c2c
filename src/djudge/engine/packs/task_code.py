"""Loads the Python of a task (`observe.py`, `judge.py`) as modules with names of their own.

Nothing is added to `sys.path`, so no file of a pack can stand in for a module of the judge or of another
pack. Code that several tasks of a pack share is reached relatively: `from ..data import catalogue` reads
`data.py` beside `pack.toml`, `from .shelves import Shelf` a file beside `observe.py`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import cast

from djudge.engine.errors import DjudgeError, TaskFault
from djudge.engine.packs.model import Task
from djudge.engine.packs.trusted_frames import author_place
from djudge.engine.values import Budget, Judgement, Observations


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFunctions:
    """What a task's code offers. `arrange` is None where the system's own data is all that is needed."""

    observe: Callable[..., Observations]
    judge: Callable[[Observations, Budget], Judgement]
    arrange: Callable[..., None] | None


def load_functions(task: Task) -> TaskFunctions:
    """A task's functions, from files that are read and executed now. Raises TaskFault with the line that is
    at fault.

    Runs the author's top-level code in this process: call it in a child (`observing` does).
    """
    observing = _load(task, "observe")
    return TaskFunctions(
        observe=cast(Callable[..., Observations], _function(observing, "observe", task)),
        judge=cast(Callable[[Observations, Budget], Judgement], _function(_load(task, "judge"), "judge", task)),
        arrange=getattr(observing, "arrange", None),
    )


def load_judge(task: Task) -> Callable[[Observations, Budget], Judgement]:
    """The judge function alone: nothing of `observe.py` is executed."""
    return cast(Callable[[Observations, Budget], Judgement], _function(_load(task, "judge"), "judge", task))


def _function(module: ModuleType, name: str, task: Task) -> object:
    found = getattr(module, name, None)
    if not callable(found):
        raise TaskFault(f"No function `{name}` is defined.", "Define it.", path=task.folder / f"{name}.py")
    return found


def _load(task: Task, stem: str) -> ModuleType:
    file = task.folder / f"{stem}.py"
    name = f"{_package_of(task)}.{stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise TaskFault(f"{file} can't be loaded.", path=file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with _without_byte_code():
            exec(compile(file.read_bytes(), str(file), "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    except DjudgeError:
        raise
    except Exception as error:
        path, line = author_place(error, task.pack.folder)
        raise TaskFault(
            f"{file.name} can't be loaded: {type(error).__name__}: {error}.",
            "Mend the line.",
            path=path,
            line=line,
        ) from error
    return module


def _package_of(task: Task) -> str:
    """The name of the task's package. Makes it and the pack's: empty, each with its folder to look in."""
    place = hashlib.sha256(str(task.pack.folder).encode()).hexdigest()[:8]
    pack = f"djudge_pack_{task.pack.name.replace('-', '_')}_{place}"
    name = f"{pack}.{task.slug.replace('-', '_')}"
    for package, folder in ((pack, task.pack.folder), (name, task.folder)):
        _package(package, folder)
    return name


def _package(name: str, folder: Path) -> None:
    if name not in sys.modules:
        module = ModuleType(name)
        module.__path__ = [str(folder)]
        sys.modules[name] = module


@contextmanager
def _without_byte_code() -> Iterator[None]:
    """A pack's folder is read and never written to."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
