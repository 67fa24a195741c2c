"""What the hiring guide asks of a set of tasks, as pure checks: levels (lines 31, 44) and usual mistakes (73-81)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from djudge.engine.packs.model import Guard, Lane, Task
from djudge.engine.values import BULLETS

#: Asked of the minimum before a level can be placed on it.
_FEWEST: Final = 2
_MINIMUM: Final = 2

#: Bullets that are measured in the database.
_MEASURED: Final = frozenset({"orm-queries", "query-optimization"})

#: Tasks in which somebody learns what they don't know yet. None is built.
_LEARNING: Final = frozenset({"PY7"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """A guard that does not hold for a set of tasks, with the guide's line and what it means for the result."""

    guard: Guard
    guide_line: int
    says: str


def unmet(lane: Lane, tasks: Sequence[Task]) -> tuple[Unmet, ...]:
    """The guards that some tasks leave open."""
    return tuple(each for guard in _GUARDS[lane] for each in guard(tasks))


def untested(tasks: Sequence[Task], *, python: bool) -> tuple[str, ...]:
    """The guide's bullets that no task serves: those of its Python, or the others."""
    served = {bullet for task in tasks for bullet in task.bullets}
    return tuple(name for name, level in BULLETS.items() if name not in served and python is (level == 0))


def _every_bullet(tasks: Sequence[Task]) -> Iterator[Unmet]:
    if missing := untested(tasks, python=False):
        says = f"Nobody tests {', '.join(missing)}; these will be reported as not tested."
        yield Unmet(guard=Guard.BULLETS, guide_line=31, says=says)


def _minimum(tasks: Sequence[Task]) -> Iterator[Unmet]:
    served = {bullet for task in tasks for bullet in task.bullets if BULLETS[bullet] == _MINIMUM}
    if len(served) < _FEWEST:
        says = "Fewer than two bullets of level 2 are asked for, so it can't be said whether the minimum is met."
        yield Unmet(guard=Guard.MINIMUM, guide_line=44, says=says)


def _beyond_crud(tasks: Sequence[Task]) -> Iterator[Unmet]:
    if not any(BULLETS[bullet] >= _MINIMUM for task in tasks for bullet in task.bullets):
        says = "This set only tests CRUD: it will not tell candidates apart."
        yield Unmet(guard=Guard.BEYOND_CRUD, guide_line=75, says=says)


def _some_python(tasks: Sequence[Task]) -> Iterator[Unmet]:
    if len(untested(tasks, python=True)) == _PYTHON_BULLETS:
        says = "There is no Python part: decorators, context managers and async are not measured."
        yield Unmet(guard=Guard.PYTHON, guide_line=77, says=says)


def _all_python(tasks: Sequence[Task]) -> Iterator[Unmet]:
    if missing := untested(tasks, python=True):
        says = f"One of the three Python results will be missing: {', '.join(missing)}."
        yield Unmet(guard=Guard.PYTHON, guide_line=77, says=says)


def _measured_orm(tasks: Sequence[Task]) -> Iterator[Unmet]:
    if not any(task.pack.postgres and _MEASURED & set(task.bullets) for task in tasks):
        says = "No task measures queries."
        yield Unmet(guard=Guard.ORM, guide_line=79, says=says)


def _learning(tasks: Sequence[Task]) -> Iterator[Unmet]:
    if not any(task.id in _LEARNING for task in tasks):
        says = "No task shows how quickly somebody learns; the learning result will be “not tested”."
        yield Unmet(guard=Guard.LEARNING, guide_line=81, says=says)


_PYTHON_BULLETS: Final = sum(level == 0 for level in BULLETS.values())
_GUARDS: Final[Mapping[Lane, tuple[Callable[[Sequence[Task]], Iterator[Unmet]], ...]]] = {
    Lane.DJANGO_READY: (_every_bullet, _minimum, _beyond_crud, _some_python, _measured_orm),
    Lane.PYTHON_STRONG: (_all_python, _learning),
}
