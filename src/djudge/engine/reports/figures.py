"""The figures behind a finding: the submission's growth beside the reference solutions' on the same data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from djudge.engine.packs.task_checks import UNTOUCHED
from djudge.engine.reports.document import FindingFacts, ObservationFacts, Report
from djudge.engine.scoring.measurements import Axis, Group, Growth, Point, groups_of, growth_of, named
from djudge.engine.values import Json, Observations

#: What is counted at a size: statements that PostgreSQL executed, or rows that it sent.
Measure = Literal["statements", "rows"]

_ROW_CURVES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One axis: what was measured, what each reference solution needed, and what the untouched start did."""

    measured: Axis
    budgets: tuple[tuple[str, Axis], ...]
    start: Axis | None = None

    @property
    def unmeasured(self) -> int:
        """Statements without a plan, at all sizes together."""
        return sum(point.unmeasured for point in self.measured.points)

    def rows(self) -> Iterator[tuple[Point, int | None]]:
        """Each point with the most that a reference solution needed there (None: not measured)."""
        for point in self.measured.points:
            allowed = [at.executions for _, axis in self.budgets for at in axis.points if at.n == point.n]
            yield point, max(allowed, default=None)

    def budget(self, measure: Measure) -> tuple[tuple[int, int], ...]:
        """The most that a reference solution needed, by size; sizes that none measured are left out."""
        known = [counted(axis.points, measure) for _, axis in self.budgets]
        sizes = [point.n for point in self.measured.points]
        most = {n: max((value for each in known for at, value in each if at == n), default=None) for n in sizes}
        return tuple((n, value) for n, value in most.items() if value is not None)

    def climbs(self, measure: Measure) -> bool:
        """Whether it adds more from the smallest size to the largest than the budget does."""
        allowed = self.budget(measure)
        return _added(counted(self.measured.points, measure)) > (_added(allowed) if allowed else 0)

    @property
    def excess(self) -> int:
        """Rows added beyond those that the budget adds."""
        return _added(counted(self.measured.points, "rows")) - _added(self.budget("rows"))


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthFigure:
    """A growth observation, ready to be drawn."""

    name: str
    target: str
    curves: tuple[Curve, ...]
    groups: tuple[Group, ...]
    references: tuple[str, ...] = ()

    def drawn(self, measure: Measure) -> tuple[Curve, ...]:
        """The curves worth a picture; the others are flat and told in the table.

        Of statements those that climb, or the first where none does, so that flatness is seen as well. Of rows the
        two that climb most beyond a known budget.
        """
        climbing = [curve for curve in self.curves if curve.climbs(measure)]
        if measure == "statements":
            return tuple(climbing) or self.curves[:1]
        weighed = [curve for curve in climbing if curve.budget("rows")]
        most = sorted(weighed, key=lambda curve: -curve.excess)[:_ROW_CURVES]
        return tuple(curve for curve in self.curves if curve in most)


def counted(points: Sequence[Point], measure: Measure) -> tuple[tuple[int, int], ...]:
    """Sizes with what was counted there."""
    return tuple((point.n, point.executions if measure == "statements" else point.rows) for point in points)


def growth_figure(report: Report, name: str) -> GrowthFigure | None:
    """The growth observation of that name beside its budgets; None where it is of another kind."""
    growth = growth_of(_named(report.observations, name))
    if growth is None:
        return None
    known = {solution: each for solution, facts in report.budget.items() if (each := growth_of(_named(facts, name)))}
    start = known.pop(UNTOUCHED, None)
    return GrowthFigure(
        name=name,
        target=growth.target,
        curves=tuple(
            Curve(measured=axis, budgets=_budgets(known, axis), start=start.axis(axis.name) if start else None)
            for axis in growth.axes
        ),
        groups=growth.groups,
        references=tuple(known),
    )


def statement_groups(report: Report, name: str) -> tuple[Group, ...]:
    """The statement groups of any observation that has some."""
    return groups_of(_named(report.observations, name))


def growth_figures(report: Report, finding: FindingFacts) -> tuple[GrowthFigure, ...]:
    """Those of a finding's evidence that are growth."""
    every = (growth_figure(report, name) for name in finding.evidence)
    return tuple(figure for figure in every if figure)


def _budgets(references: dict[str, Growth], axis: Axis) -> tuple[tuple[str, Axis], ...]:
    """Reference solutions that measured the same are told once, under both their names."""
    merged: dict[tuple[Point, ...], list[str]] = {}
    for solution, growth in references.items():
        reference = growth.axis(axis.name)
        if reference:
            key = tuple(Point(n=point.n, executions=point.executions, rows=point.rows) for point in reference.points)
            merged.setdefault(key, []).append(solution)
    return tuple((", ".join(names), Axis(name=axis.name, points=points)) for points, names in merged.items())


def _added(points: Sequence[tuple[int, int]]) -> int:
    return points[-1][1] - points[0][1] if points else 0


def _named(facts: ObservationFacts, name: str) -> Json:
    return named(Observations(seen=facts.seen, answered=facts.answered), name)
