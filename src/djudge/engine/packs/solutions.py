"""Reads the solutions that prove a task. The folder of each says what it is for, its `expected.toml` what it
earns.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.manifests import ExpectedFile, TaskFile
from djudge.engine.packs.model import Expected, Solution, SolutionKind
from djudge.engine.packs.names import is_ignored
from djudge.engine.packs.reading import read_manifest
from djudge.engine.packs.toml_lines import line_of
from djudge.engine.packs.tree import EXPECTED_FILE
from djudge.engine.values import Outcome

_SINGLE: Final = (SolutionKind.EXPERT, SolutionKind.COMPETENT, SolutionKind.JUNIOR)
#: Kinds that a warning sign of the guide must not meet.
_SOUND: Final = (SolutionKind.EXPERT, SolutionKind.COMPETENT, SolutionKind.ALTERNATIVE)
_GROUPS: Final = (SolutionKind.ALTERNATIVE, SolutionKind.WRONG, SolutionKind.CHEAT)


def read_solutions(folder: Path, task: TaskFile, diagnostics: Diagnostics) -> tuple[Solution, ...]:
    """All solutions of a task in a fixed order; what is wrong with one keeps the task from being used."""
    root = folder / "solutions"
    found = []
    for kind, place in _places(root, diagnostics):
        solution = _read_solution(root, kind, place, task, diagnostics)
        if solution:
            found.append(solution)
    if not any(solution.kind is SolutionKind.EXPERT for solution in found):
        diagnostics.warn(root, None, "There is no expert solution.", "Write solutions/expert/.")
    return tuple(found)


def _places(root: Path, diagnostics: Diagnostics) -> Iterator[tuple[SolutionKind, Path]]:
    known = {kind.value for kind in SolutionKind}
    for place in sorted(root.iterdir()) if root.is_dir() else ():
        if place.name not in known and not is_ignored(place.name):
            diagnostics.warn(place, None, "This is no kind of solution.", f"Kinds are {', '.join(sorted(known))}.")
    for kind in _SINGLE:
        if (root / kind).is_dir():
            yield kind, root / kind
    for kind in _GROUPS:
        if (root / kind).is_dir():
            yield from ((kind, place) for place in sorted((root / kind).iterdir()) if place.is_dir())


def _read_solution(
    root: Path, kind: SolutionKind, place: Path, task: TaskFile, diagnostics: Diagnostics
) -> Solution | None:
    file = place / EXPECTED_FILE
    read = read_manifest(ExpectedFile, file, diagnostics)
    if not read:
        return None
    wanted, text = read
    known = [check.id for check in task.check]
    for name in wanted.outcomes:
        if name not in known:
            line = line_of(text, ["outcomes", name])
            diagnostics.error(file, line, f"The task has no check {name!r}.", f"It has {', '.join(known)}.")
    _check_kind(kind, file, wanted, known, diagnostics)
    outcomes = {check: wanted.outcomes.get(check, Outcome.SHOWN) for check in known}
    return Solution(
        folder=place,
        name=place.relative_to(root).as_posix(),
        kind=kind,
        expected=Expected(
            outcomes=MappingProxyType(outcomes),
            integrity=wanted.integrity,
            why=wanted.why,
            red_flags=wanted.red_flags,
        ),
    )


def _check_kind(
    kind: SolutionKind, file: Path, wanted: ExpectedFile, known: list[str], diagnostics: Diagnostics
) -> None:
    """That a solution expects what its kind is there to prove."""
    lost = [name for name, outcome in wanted.outcomes.items() if outcome is not Outcome.SHOWN]
    if kind is SolutionKind.CHEAT:
        if not wanted.integrity:
            diagnostics.warn(file, None, "A cheat names no integrity finding.", "Name the one it causes.")
        if missing := [name for name in known if name not in wanted.outcomes]:
            diagnostics.warn(file, None, f"A cheat says nothing of {', '.join(missing)}.", "Name each check.")
    elif wanted.integrity:
        diagnostics.warn(file, None, "Honest work causes an integrity finding here.", "Mend the task.")
    if wanted.red_flags and kind in _SOUND:
        diagnostics.warn(file, None, "Sound work raises a red flag here.", "Mend the task's detector.")
    if kind is SolutionKind.EXPERT and lost:
        diagnostics.warn(file, None, f"The expert loses {', '.join(lost)}.", "An expert shows all.")
    if kind is SolutionKind.WRONG and not lost:
        diagnostics.warn(file, None, "A wrong solution loses nothing.", "Name the checks that it loses.")
    if kind is SolutionKind.ALTERNATIVE and len(lost) > 1:
        diagnostics.warn(file, None, "A right way loses more than one check.", "One `partly` is the most.")
