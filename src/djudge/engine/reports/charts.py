"""Growth curves as geometry, then as SVG. Pure: the same figures give the same picture.

A curve is only drawn where its numbers can be read off: sizes that were measured are the ticks below, values
stand at the ends of the lines, and the axis turns logarithmic when a linear one would press the smaller line
onto the floor.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup, escape

from djudge.engine.reports.figures import Curve, Measure, counted
from djudge.engine.reports.safe_text import line

Kind = Literal["measured", "budget", "start"]

WIDTH: Final = 360
HEIGHT: Final = 212
LEFT, RIGHT, TOP, BOTTOM = 44, 76, 14, 38
#: A line nearer to the floor than this can't be told from it.
FLOOR: Final = 7.0
LABEL_HEIGHT: Final = 13.0
_X_RATIO: Final = 16
_VALUE_ROOM: Final = 12.0
_DIGIT: Final = 6.5
_DRAWN_AS: Final = {"measured": "line", "budget": "dashed", "start": "dotted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Values by size. A budget is drawn as a dashed line, the untouched start as a dotted one; neither has points."""

    label: str
    points: tuple[tuple[int, int], ...]
    kind: Kind = "measured"


@dataclass(frozen=True, slots=True)
class Tick:
    """A position on an axis and its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A series in the picture's coordinates. `shape` numbers the measured ones: colour is never alone.

    `told` are the values at its spots where there is room for them. `over`: it climbs, above its budget.
    """

    label: str
    kind: Kind
    shape: int
    spots: tuple[tuple[float, float], ...]
    end: tuple[float, float]
    told: tuple[Tick, ...] = ()
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """All that is drawn, in units of the view box."""

    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_title: str
    y_title: str
    logarithmic: bool


class _Scale:
    """From values to positions, linear or logarithmic."""

    def __init__(self, low: float, high: float, start: float, end: float, *, logarithmic: bool) -> None:
        self._log = logarithmic
        self._low = self._turned(low)
        self._span = (self._turned(high) - self._low) or 1.0
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        share = (self._turned(value) - self._low) / self._span
        return round(self._start + share * (self._end - self._start), 1)

    def _turned(self, value: float) -> float:
        return math.log10(max(value, 1e-9)) if self._log else value


def curve_chart(curve: Curve, measure: Measure = "statements") -> Chart:
    """One axis of a growth observation with its budget line."""
    series = [Series(label="", points=counted(curve.measured.points, measure))]
    allowed = curve.budget(measure)
    if allowed:
        series.append(Series(label="budget", points=allowed, kind="budget"))
    if curve.start:
        series.append(Series(label="before", points=counted(curve.start.points, measure), kind="start"))
    return growth_chart(series, x_title=curve.measured.name, y_title=measure)


def growth_chart(series: Sequence[Series], *, x_title: str, y_title: str = "statements") -> Chart:
    """Lines over the sizes that were measured. Series without points are left out."""
    drawn = [one for one in series if one.points]
    sizes = sorted({n for one in drawn for n, _ in one.points})
    values = [value for one in drawn for _, value in one.points]
    logarithmic = _needs_log(values)
    y_marks = _decades(values) if logarithmic else _steps(max(values, default=0))
    x = _x_scale(sizes)
    y = _Scale(y_marks[0], y_marks[-1], HEIGHT - BOTTOM, TOP, logarithmic=logarithmic)
    return Chart(
        lines=_lines(drawn, x, y),
        x_ticks=_spaced(Tick(x(n), f"{n:,}") for n in sizes),
        y_ticks=tuple(Tick(y(mark), f"{mark:,}") for mark in y_marks),
        x_title=x_title,
        y_title=f"{y_title}, logarithmic" if logarithmic else y_title,
        logarithmic=logarithmic,
    )


def _needs_log(values: Sequence[int]) -> bool:
    low, high = min(values, default=0), max(values, default=0)
    return low >= 1 and low / high * (HEIGHT - TOP - BOTTOM) < FLOOR


def _decades(values: Sequence[int]) -> list[int]:
    low = math.floor(math.log10(min(values)))
    high = math.ceil(math.log10(max(values) * 1.05))
    return [10**power for power in range(low, max(high, low + 1) + 1)]


def _steps(most: int) -> list[int]:
    """Round marks from zero to just above the largest value, four or five of them."""
    rough = max(1.0, most * 1.08 / 4)
    power = 10 ** math.floor(math.log10(rough))
    step = next(int(factor * power) for factor in (1, 2, 5, 10) if factor * power >= rough)
    return list(range(0, step * max(1, math.ceil(most * 1.04 / step)) + 1, step))


def _x_scale(sizes: Sequence[int]) -> _Scale:
    low, high = (sizes[0], sizes[-1]) if sizes else (0, 1)
    if low == high:
        low, high = low - 1, high + 1
    return _Scale(low, high, LEFT + 8, WIDTH - RIGHT - 8, logarithmic=low > 0 and high / low >= _X_RATIO)


def _lines(series: Sequence[Series], x: _Scale, y: _Scale) -> tuple[Line, ...]:
    spots = [tuple((x(n), y(value)) for n, value in sorted(one.points)) for one in series]
    heights = _apart([line_spots[-1][1] for line_spots in spots])
    shapes = _shapes(series)
    alone = sum(one.kind == "measured" for one in series) == 1
    allowed = {n: value for one in series if one.kind == "budget" for n, value in one.points}
    return tuple(
        Line(
            label=f"{one.label} {sorted(one.points)[-1][1]:,}".strip(),
            kind=one.kind,
            shape=shape,
            spots=line_spots,
            end=(WIDTH - RIGHT + 2, height),
            told=_told(one, line_spots) if alone and one.kind == "measured" else (),
            over=one.kind == "measured" and _climbs_above(sorted(one.points), allowed),
        )
        for one, line_spots, height, shape in zip(series, spots, heights, shapes, strict=True)
    )


def _climbs_above(points: Sequence[tuple[int, int]], allowed: Mapping[int, int]) -> bool:
    """Whether a line is above the budget somewhere and adds more than it. A flat line above it is left alone."""
    known = [(value, allowed[n]) for n, value in points if n in allowed]
    if not known:
        return False
    (first, low), (last, high) = known[0], known[-1]
    return last - first > high - low and any(value > most for value, most in known)


def _told(series: Series, spots: Sequence[tuple[float, float]]) -> tuple[Tick, ...]:
    """The values that have room beside their neighbour. The last one stands at the end of the line."""
    values = [f"{value:,}" for _, value in sorted(series.points)]
    return tuple(
        Tick(at, value) if following - at >= _VALUE_ROOM + _DIGIT * len(value) else Tick(at, "")
        for (at, _), (following, _), value in zip(spots, spots[1:], values, strict=False)
    )


def _shapes(series: Iterable[Series]) -> list[int]:
    shapes, measured = [], 0
    for one in series:
        shapes.append(measured)
        measured += one.kind == "measured"
    return shapes


def _apart(heights: Sequence[float]) -> list[float]:
    """The heights of the end labels, moved so that none covers another and all stay inside."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    placed = list(heights)
    floor = HEIGHT - BOTTOM - LABEL_HEIGHT * (len(order) - 1)
    lowest = float(TOP)
    for index in order:
        placed[index] = round(min(max(heights[index], lowest), floor), 1)
        lowest, floor = placed[index] + LABEL_HEIGHT, floor + LABEL_HEIGHT
    return placed


def _spaced(ticks: Iterable[Tick]) -> tuple[Tick, ...]:
    """Ticks whose labels don't touch; the largest size is always among them."""
    kept: list[Tick] = []
    for tick in sorted(ticks, key=lambda each: -each.at):
        room = 4.0 * (len(tick.label) + (len(kept[-1].label) if kept else 0)) + 4
        if not kept or kept[-1].at - tick.at >= room:
            kept.append(tick)
    return tuple(reversed(kept))


def svg(chart: Chart, *, key: str, title: str, description: str) -> Markup:
    """The picture as inline SVG with a title and a description for screen readers.

    `key` makes its ids unique on the page. Colours come from the page's style sheet by class.
    """
    parts = [
        Markup(
            '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{k}-t {k}-d">'
            '<title id="{k}-t">{}</title><desc id="{k}-d">{}</desc>'
        ).format(WIDTH, HEIGHT, line(title), line(description, 2_000), k=key),
        *_axes(chart),
        *(part for one in chart.lines for part in _drawn(one)),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


def described(chart: Chart) -> str:
    """The same in words: what each line does from its first point to its last."""
    ends = ", ".join(f"{one.label} ({_DRAWN_AS[one.kind]})" for one in chart.lines)
    sizes = f"{chart.x_ticks[0].label} to {chart.x_ticks[-1].label}" if chart.x_ticks else "no size"
    return f"{chart.y_title} over {chart.x_title}, {sizes}. At the largest size: {ends}."


def _axes(chart: Chart) -> Iterable[Markup]:
    right, floor = WIDTH - RIGHT, HEIGHT - BOTTOM
    for tick in chart.y_ticks:
        yield Markup('<path class="grid" d="M{} {}H{}"/>').format(LEFT, tick.at, right)
        yield _text("tick end", LEFT - 6, tick.at + 4, tick.label)
    for tick in chart.x_ticks:
        yield Markup('<path class="axis" d="M{} {}v4"/>').format(tick.at, floor)
        yield _text("tick middle", tick.at, floor + 15, tick.label)
    yield Markup('<path class="axis" d="M{} {}H{}"/>').format(LEFT, floor, right)
    yield _text("name middle", (LEFT + right) / 2, HEIGHT - 5, line(chart.x_title, 42))
    yield _text("name", LEFT, TOP - 4, chart.y_title)


def _drawn(one: Line) -> Iterable[Markup]:
    path = "M" + "L".join(f"{x} {y}" for x, y in one.spots)
    if len(one.spots) == 1 and one.kind != "measured":
        path = f"M{LEFT} {one.spots[0][1]}H{WIDTH - RIGHT}"
    look = f"{one.kind} over" if one.over else one.kind
    yield Markup('<path class="line {}" d="{}"/>').format(look, path)
    if one.kind == "measured":
        for x, y in one.spots:
            yield Markup('<path class="spot {}" d="{}"/>').format(look, _spot(one.shape, x, y))
        for tick, (_, y) in zip(one.told, one.spots, strict=False):
            if tick.label:
                yield _text(f"point {look}", tick.at, y - 8 if y - 8 > TOP + 6 else y + 17, tick.label)
    yield _text(f"value {look}", one.end[0], one.end[1] + 4, line(one.label, 24))


def _spot(shape: int, x: float, y: float) -> str:
    """A circle, a square, a diamond or a triangle around a point."""
    drawn = (
        f"M{x - 3.5:.1f} {y}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
        f"M{x - 3:.1f} {y - 3:.1f}h6v6h-6z",
        f"M{x} {y - 4.5:.1f}l4.5 4.5l-4.5 4.5l-4.5 -4.5z",
        f"M{x} {y - 4.5:.1f}l4.5 8h-9z",
    )
    return drawn[shape % len(drawn)]


def _text(css: str, x: float, y: float, text: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{:.1f}">{}</text>').format(css, x, y, escape(text))
