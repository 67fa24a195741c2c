"""One observation as the things that a page shows of it: curves, their numbers, statements, exchanges, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from djudge.engine.reports import evidence
from djudge.engine.reports.charts import curve_chart, described, svg
from djudge.engine.reports.document import Report
from djudge.engine.reports.figures import Curve, GrowthFigure, Measure, counted, growth_figure, statement_groups
from djudge.engine.reports.matrices import Matrix, matrix
from djudge.engine.scoring.measurements import Group
from djudge.engine.values import Json

_GROUPS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A curve as a picture."""

    curve: Curve
    picture: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """An axis in one row of a table: what the pictures show, and what they leave out because it is flat."""

    name: str
    sizes: str
    statements: str
    budget: str
    before: str
    rows: str
    rows_budget: str
    unmeasured: int
    climbs: bool
    rows_climb: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One observation, in whichever form it can be shown; the others are empty.

    `costliest` is the group whose plan is worth reading first.
    """

    name: str
    growth: GrowthFigure | None
    statements: tuple[Drawn, ...]
    rows: tuple[Drawn, ...]
    numbers: tuple[Numbers, ...]
    groups: tuple[Group, ...]
    costliest: Group | None
    exchanges: tuple[evidence.Exchange, ...]
    table: evidence.Table | None
    uses: tuple[evidence.Use, ...]
    matrix: Matrix | None
    plain: str

    @property
    def executed(self) -> int:
        """How many statements all groups are together."""
        return sum(group.count for group in self.groups)

    @property
    def flat(self) -> bool:
        """Whether the pictures of statements are there to show that nothing climbs."""
        return bool(self.growth and not any(curve.climbs("statements") for curve in self.growth.curves))


def piece_of(report: Report, key: str, name: str) -> Piece:
    """The observation of that name. `key` makes the ids of its pictures unique on the page."""
    value: Json = report.observations.named(name)
    growth = growth_figure(report, name)
    groups = statement_groups(report, name)[:_GROUPS]
    shown = Piece(
        name=name,
        growth=growth,
        statements=_drawn(growth, "statements", key),
        rows=_drawn(growth, "rows", key),
        numbers=tuple(_numbers(curve) for curve in growth.curves) if growth else (),
        groups=groups,
        costliest=max((group for group in groups if evidence.plan_lines(group.plan)), key=_cost, default=None),
        exchanges=evidence.exchanges(value),
        table=evidence.table(value),
        uses=evidence.uses(value),
        matrix=matrix(value),
        plain="",
    )
    return shown if evidence.kind_of(value) in evidence.DRAWN else replace(shown, plain=evidence.plain(value))


def _drawn(growth: GrowthFigure | None, measure: Measure, key: str) -> tuple[Drawn, ...]:
    curves: Sequence[Curve] = growth.drawn(measure) if growth else ()
    return tuple(_picture(curve, measure, f"{key}-{measure}-{number}") for number, curve in enumerate(curves, 1))


def _picture(curve: Curve, measure: Measure, key: str) -> Drawn:
    chart = curve_chart(curve, measure)
    title = f"{measure.capitalize()} by {curve.measured.name}"
    return Drawn(curve=curve, picture=svg(chart, key=key, title=title, description=described(chart)))


def _numbers(curve: Curve) -> Numbers:
    points = curve.measured.points
    return Numbers(
        name=curve.measured.name,
        sizes=_steps(point.n for point in points),
        statements=_level(point.executions for point in points),
        budget=_level(value for _, value in curve.budget("statements")),
        before=_level(value for _, value in counted(curve.start.points, "statements")) if curve.start else "–",
        rows=_level(point.rows for point in points),
        rows_budget=_level(value for _, value in curve.budget("rows")),
        unmeasured=curve.unmeasured,
        climbs=curve.climbs("statements"),
        rows_climb=curve.climbs("rows"),
    )


def _steps(values: Iterable[int]) -> str:
    return " → ".join(f"{value:,}" for value in values) or "–"


def _level(values: Iterable[int]) -> str:
    every = list(values)
    return f"{every[0]:,}" if len(set(every)) == 1 else _steps(every)


def _cost(group: Group) -> tuple[int, int]:
    """Blocks of one execution times how often it ran; what repeats comes before what is read once."""
    blocks = group.plan.get("blocks") if isinstance(group.plan, dict) else None
    return (group.count * blocks if isinstance(blocks, int) else 0, group.count)
