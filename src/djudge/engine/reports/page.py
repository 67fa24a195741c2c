"""The one local page of `make run`: sample submissions side by side, and how to grade one's own.

Everything on it comes from reports that were made a moment ago; without reports there is nothing to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from djudge.engine.reports.charts import Series, described, growth_chart, svg
from djudge.engine.reports.document import Report
from djudge.engine.reports.figures import Curve, growth_figures
from djudge.engine.reports.html import render_html
from djudge.engine.reports.serving import Served
from djudge.engine.reports.templating import render
from djudge.engine.scoring.headline import NAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample submission and its report. `name` is short ("junior"), `told` a sentence on what it does."""

    name: str
    report: Report
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A line to type, and what it is for."""

    line: str
    told: str


COMMANDS: Final = (
    Command(line=".venv/bin/djudge tasks", told="what there is to solve"),
    Command(line=".venv/bin/djudge start {task} ../work", told="lay out a task as a candidate receives it"),
    Command(line=".venv/bin/djudge try ../work", told="run its visible tests, as often as you like"),
    Command(line=".venv/bin/djudge grade {task} ../work --html report.html", told="have it measured, as above"),
    Command(line=".venv/bin/djudge doctor", told="see which layers of the jail work on this machine"),
)


def pages_of(
    samples: Sequence[Sample], *, shop_url: str = "", shop_title: str = "", notes: Sequence[str] = ()
) -> dict[str, Served]:
    """All pages by path: the overview at `/`, and of each sample its report as a page and as JSON.

    `shop_url` is where the system that candidates work in is running; empty where it isn't. `notes` are
    sentences that stand above everything (a missing layer of the jail and its cure).
    """
    overview = render_page(samples, shop_url=shop_url, shop_title=shop_title, notes=notes)
    pages = {"/": Served(content=overview.encode())}
    for sample in samples:
        path = path_of(sample)
        pages[path] = Served(content=render_html(sample.report).encode())
        pages[f"{path}.json"] = Served(content=sample.report.to_json().encode(), media_type="application/json")
    return pages


def path_of(sample: Sample) -> str:
    """Where a sample's report stands."""
    return "/reports/" + re.sub(r"[^a-z0-9]+", "-", sample.name.lower()).strip("-")


def render_page(
    samples: Sequence[Sample], *, shop_url: str = "", shop_title: str = "", notes: Sequence[str] = ()
) -> str:
    """The overview. Works without JavaScript and without any request of its own."""
    if not samples:
        raise ValueError("There is nothing to show without a sample.")
    task = samples[0].report.task
    return render(
        "page.html.j2",
        samples=samples,
        task=task,
        path_of=path_of,
        names=NAMES,
        comparison=comparison(samples),
        shop_url=shop_url,
        shop_title=shop_title or task.pack,
        notes=notes,
        commands=[(command.line.format(task=task.id), command.told) for command in COMMANDS],
        isolated=all(sample.report.isolated for sample in samples),
    )


def comparison(samples: Sequence[Sample]) -> Markup | None:
    """The samples' growth in one picture, along the axis where they differ most; None without one."""
    curves = {sample.name: dict(_curves(sample.report)) for sample in samples}
    shared = set.intersection(*(set(each) for each in curves.values()))
    if not shared:
        return None
    axis = max(sorted(shared), key=lambda name: _spread([each[name] for each in curves.values()]))
    series = [_series(name, each[axis]) for name, each in curves.items()]
    budget = _budget(curves, axis)
    chart = growth_chart([*series, *budget, *_start(curves, axis)], x_title=axis)
    title = f"Statements for one page by {axis}, sample by sample"
    return svg(chart, key="samples", title=title, description=described(chart))


def _curves(report: Report) -> Iterator[tuple[str, Curve]]:
    for finding in report.findings:
        for figure in growth_figures(report, finding):
            for curve in figure.curves:
                yield curve.measured.name, curve


def _spread(curves: Sequence[Curve]) -> int:
    ends = [curve.measured.last.executions for curve in curves]
    return sum(curve.measured.added for curve in curves) + max(ends) - min(ends)


def _series(name: str, curve: Curve) -> Series:
    return Series(label=name, points=tuple((point.n, point.executions) for point in curve.measured.points))


def _start(curves: Mapping[str, Mapping[str, Curve]], axis: str) -> list[Series]:
    starts = [each[axis].start for each in curves.values()]
    points = {point.n: point.executions for start in starts if start for point in start.points}
    return [Series(label="before", points=tuple(sorted(points.items())), kind="start")] if points else []


def _budget(curves: Mapping[str, Mapping[str, Curve]], axis: str) -> list[Series]:
    allowed = {point.n: most for each in curves.values() for point, most in each[axis].rows() if most is not None}
    return [Series(label="budget", points=tuple(sorted(allowed.items())), kind="budget")] if allowed else []
