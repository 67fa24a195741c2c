"""Observations read as measurements, leniently.

Probes write plain JSON and reports outlive probes, so what is not understood is left out and never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from djudge.engine.packs.task_checks import UNTOUCHED
from djudge.engine.values import Budget, Json, Observations

#: Larger counts are nonsense, and would overflow where they are drawn.
MOST: Final = 10**12

#: Fewer repeats than this are seldom worth a word.
REPEATED: Final = 5
_STEPS: Final = ("FETCH", "CLOSE", "DECLARE", "MOVE", "SAVEPOINT", "RELEASE")

_SELECTED: Final = re.compile(r"(\bSELECT (?:DISTINCT )?)[^'()]{24,}?( FROM )")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One size and what PostgreSQL counted there."""

    n: int
    executions: int
    rows: int = 0
    unmeasured: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Points that differ in one thing only, smallest first, never empty."""

    name: str
    points: tuple[Point, ...]

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]

    @property
    def added(self) -> int:
        """Executions that the largest point needs beyond the smallest."""
        return self.last.executions - self.first.executions


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Statements of one shape."""

    shape: str
    count: int
    rows: int = 0
    plan: Json = None

    @property
    def repeated(self) -> bool:
        """Whether it ran so often that a loop may be behind it. Steps of one cursor or savepoint are no loop."""
        return self.count >= REPEATED and not self.shape.upper().startswith(_STEPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the statements of one page grew along each axis; `groups` are those of the most expensive visit."""

    target: str = ""
    axes: tuple[Axis, ...] = ()
    groups: tuple[Group, ...] = field(default=())

    def axis(self, name: str) -> Axis | None:
        """The axis of that name, where it was measured."""
        return next((axis for axis in self.axes if axis.name == name), None)

    @property
    def steepest(self) -> Axis | None:
        """The axis that added most statements."""
        return max(self.axes, key=lambda axis: axis.added, default=None)


def references(budget: Budget) -> Mapping[str, Observations]:
    """The budget without the untouched start, which a task may measure beside its reference solutions."""
    return {name: observations for name, observations in budget.items() if name != UNTOUCHED}


def named(observations: Observations, name: str) -> Json:
    """An observation by name: what was seen first, then what was answered. Claims are not measurements."""
    return observations.seen.get(name, observations.answered.get(name))


def growth_of(value: Json) -> Growth | None:
    """A growth observation, or None where it is something else."""
    if not isinstance(value, dict) or value.get("kind") != "growth":
        return None
    return Growth(
        target=_text(value.get("target")),
        axes=tuple(axis for each in _entries(value.get("axes")) if (axis := _axis(each))),
        groups=groups_of(value),
    )


def groups_of(value: Json) -> tuple[Group, ...]:
    """The statement groups of an observation, the most frequent first."""
    entries = _entries(value.get("groups")) if isinstance(value, dict) else ()
    groups = [
        Group(
            shape=_text(entry.get("shape")),
            count=_count(entry.get("count")),
            rows=_count(entry.get("rows")),
            plan=entry.get("plan"),
        )
        for entry in entries
    ]
    return tuple(sorted(groups, key=lambda group: (-group.count, group.shape)))


def brief(shape: str) -> str:
    """A statement without its list of columns, which says least and is longest."""
    return _SELECTED.sub(r"\1…\2", shape, count=1)


def _axis(entry: Mapping[str, Json]) -> Axis | None:
    points = [
        Point(
            n=_count(point.get("n")),
            executions=_count(point.get("executions")),
            rows=_count(point.get("rows")),
            unmeasured=_count(point.get("unmeasured")),
        )
        for point in _entries(entry.get("points"))
    ]
    ordered = tuple(sorted(points, key=lambda point: point.n))
    return Axis(name=_text(entry.get("axis")), points=ordered) if ordered else None


def _entries(value: Json) -> Iterator[dict[str, Json]]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _count(value: Json) -> int:
    return min(max(0, value), MOST) if isinstance(value, int) and not isinstance(value, bool) else 0


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
