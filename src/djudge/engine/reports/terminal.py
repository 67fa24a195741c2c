"""A report on a terminal: what was measured against what was expected, in plain words.

Everything printed is plain text with styles of ours; no string of the submission is read as markup or reaches
the terminal with a control character in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from djudge.engine.reports.document import FaultFacts, FindingFacts, PlaceFacts, Report
from djudge.engine.reports.figures import Curve, GrowthFigure, growth_figures
from djudge.engine.reports.safe_text import line, visible
from djudge.engine.reports.terminal_pieces import as_text, hanging, indented, mark, print_drawn
from djudge.engine.reports.words import (
    BLAME,
    MARKS,
    NOT_ISOLATED,
    ONE_TASK,
    RED_FLAGS,
    flag_name,
    in_order,
    lowered,
    postgres,
    titles,
)
from djudge.engine.scoring.headline import NAMES
from djudge.engine.scoring.measurements import Group as StatementGroup
from djudge.engine.scoring.measurements import brief
from djudge.engine.values import Outcome

_BARS: Final = "▁▂▃▄▅▆▇█"
_STATEMENTS: Final = 6
_SIGNS: Final = 8


def print_report(report: Report, console: Console) -> None:
    """Print a report. A console that can't show every character gets the nearest plain ones."""
    print_drawn(lambda unicode: _whole(report, unicode=unicode), console)


def render_terminal(report: Report, *, width: int = 100, unicode: bool = True) -> str:
    """The same as text without colours, for logs and tests."""
    return as_text(_whole(report, unicode=unicode), width=width)


def sparkline(values: Sequence[int]) -> str:
    """Values as bars from zero to the largest; the same bar throughout is a flat line."""
    most = max(values, default=0)
    if most <= 0:
        return _BARS[0] * len(values)
    return "".join(_BARS[min(len(_BARS) - 1, value * len(_BARS) // (most + 1))] for value in values)


def _whole(report: Report, *, unicode: bool) -> RenderableType:
    parts: list[RenderableType] = [*_heading(report)]
    if report.fault:
        parts += [Text(), *_fault(report.fault)]
    parts += [Text(), *_bullets(report, unicode=unicode)]
    drawn: set[str] = set()
    for finding in [] if report.fault else in_order(report):
        parts += [Text(), *_finding(report, finding, drawn, unicode=unicode)]
    if report.red_flags:
        parts += [Text(), *_red_flags(report)]
    if report.integrity:
        parts += [Text(), *_integrity(report)]
    if report.questions:
        parts += [Text(), *_questions(report)]
    parts += [Text(), *_footer(report)]
    return Group(*parts)


def _heading(report: Report) -> Iterator[RenderableType]:
    task = report.task
    yield Rule(
        Text(f"{line(task.pack)} · {line(task.id)} · {line(task.title, 80)}", "bold"),
        align="left",
        characters="─",
    )
    if not report.isolated:
        yield Text(f"Not isolated. {NOT_ISOLATED}", "bold yellow")
    yield Text.assemble((line(report.headline.text), "bold"), f" · {ONE_TASK}")
    yield hanging("Not tested: ", line(report.headline.not_tested), "bold")


def _fault(fault: FaultFacts) -> Iterator[RenderableType]:
    yield Text.assemble((f"{BLAME[fault.whose]}", "bold red"), f", while {line(fault.phase) or 'working'}:")
    yield indented(Text(visible(fault.what)))
    if fault.file:
        yield indented(Text(_where(fault.file, fault.line), "cyan"))
    if fault.cure:
        yield indented(Text(f"What to do: {visible(fault.cure)}"))
    if fault.detail:
        yield indented(Text("What the code said of itself:", "bright_black"))
        yield indented(Text(_tail(visible(fault.detail.rstrip()), 25), "bright_black"), 4)


def _bullets(report: Report, *, unicode: bool) -> Iterator[RenderableType]:
    known = titles(report)
    for bullet in report.bullets:
        because = ", ".join(line(known.get(check, check)) for check in bullet.because)
        level = f"level {bullet.level}" if bullet.level else "Python"
        yield Text.assemble(
            mark(MARKS[bullet.outcome], unicode=unicode),
            (f" {NAMES.get(bullet.bullet, bullet.bullet)}", "bold"),
            (f" ({level}) ", "bright_black"),
            because,
        )


def _finding(report: Report, finding: FindingFacts, drawn: set[str], *, unicode: bool) -> Iterator[RenderableType]:
    gate = (" (gate: it can only lower the others)", "bright_black") if finding.gate else ""
    yield Text.assemble(mark(MARKS[finding.outcome], unicode=unicode), " ", (line(finding.title), "bold"), gate)
    yield indented(Text(visible(finding.asks), "bright_black"))
    yield indented(_facts(("Measured", finding.measured), ("Expected", finding.expected)))
    why = lowered(finding, report)
    if why:
        yield indented(Text(line(why), "yellow"))
    if finding.outcome is not Outcome.SHOWN:
        yield indented(Text(visible(finding.candidate)))
    if finding.places:
        yield indented(Text(_all_places(finding.places), "cyan"))
    for figure in growth_figures(report, finding):
        if figure.name in drawn:
            yield indented(Text("The figures are those above.", "bright_black"))
        else:
            yield from _growth(figure, unicode=unicode)
        drawn.add(figure.name)
    for claim in finding.claims[:3]:
        yield indented(Text(f"The code says of itself (decides nothing): {line(claim)}", "bright_black"))


def _facts(*facts: tuple[str, str]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in facts:
        table.add_row(Text(name, "bright_black"), Text(visible(value), "bold"))
    return table


def _growth(figure: GrowthFigure, *, unicode: bool) -> Iterator[RenderableType]:
    if figure.target:
        yield indented(Text(f"GET {line(figure.target)}", "bright_black"))
    yield indented(_growth_table(figure.curves, unicode=unicode))
    most = figure.groups[:_STATEMENTS]
    if most:
        yield indented(_statements(most))
    left = len(figure.groups) - len(most)
    if left > 0:
        yield indented(Text(f"and {left} more shapes of statements", "bright_black"), 4)


def _growth_table(curves: Iterable[Curve], *, unicode: bool) -> Table:
    """A row an axis: its sizes, and at each size the statements, beside the most that a reference needed."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bright_black")
    for name, justify in (("growing", "left"), ("sizes", "right"), ("statements", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    table.add_column("")
    for name in ("budget", "before", "rows"):
        table.add_column(name, justify="right")
    for curve in curves:
        points = curve.measured.points
        over = any(allowed is not None and point.executions > allowed for point, allowed in curve.rows())
        unmeasured = sum(point.unmeasured for point in points)
        table.add_row(
            Text(line(curve.measured.name, 40)),
            _steps(point.n for point in points),
            Text(_steps(point.executions for point in points), "bold red" if over else "bold"),
            Text(sparkline([point.executions for point in points]) if unicode else ""),
            _budget(curve),
            _level(point.executions for point in curve.start.points) if curve.start else "–",
            _steps(point.rows for point in points) + (f" ({unmeasured:,} unmeasured)" if unmeasured else ""),
        )
    return table


def _steps(values: Iterable[int]) -> str:
    return " → ".join(f"{value:,}" for value in values)


def _budget(curve: Curve) -> str:
    allowed = [most for _, most in curve.rows() if most is not None]
    return _level(allowed) if allowed else "–"


def _level(values: Iterable[int]) -> str:
    every = list(values)
    return f"{every[0]:,}" if len(set(every)) == 1 else _steps(every)


def _statements(groups: Iterable[StatementGroup]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True, min_width=4)
    table.add_column(overflow="ellipsis", no_wrap=True, ratio=1)
    for group in groups:
        table.add_row(Text(f"×{group.count:,}", "bold red" if group.repeated else ""), Text(line(brief(group.shape))))
    return table


def _red_flags(report: Report) -> Iterator[RenderableType]:
    yield Text(RED_FLAGS, "bold")
    for flag in report.red_flags:
        name = (line(flag_name(flag.kind)), "bold")
        yield indented(Text.assemble(name, f" (guide, line {flag.guide_line}): ", visible(flag.what)))
        for sign in flag.text[:_SIGNS]:
            yield indented(Text.assemble((_where(sign.file, sign.line), "cyan"), f"  {visible(sign.what)}"), 4)
        for each in flag.behaviour[:_SIGNS]:
            yield indented(Text(f"{each.evidence}: {visible(each.what)}"), 4)
        yield indented(Text(f"Innocent explanation: {visible(flag.innocent)}", "bright_black"), 4)


def _integrity(report: Report) -> Iterator[RenderableType]:
    yield Text("Did not fit (a person decides what it means)", "bold")
    for finding in report.integrity:
        yield indented(Text.assemble((line(finding.kind), "bold"), ": ", visible(finding.what)))
        yield indented(Text(f"Innocent explanation: {visible(finding.innocent)}", "bright_black"), 4)


def _questions(report: Report) -> Iterator[RenderableType]:
    yield Text("To ask in the interview", "bold")
    for number, question in enumerate(report.questions, 1):
        yield hanging(f"{number}. ", visible(question.text))
        yield indented(Text(f"Because: {visible(question.because)}", "bright_black"), 3)


def _footer(report: Report) -> Iterator[RenderableType]:
    environment = report.environment
    total = sum(report.run.durations.values()) / 1000
    yield Text(
        f"Environment {line(environment.digest)[:16]} · Python {line(environment.python)} · "
        + (f"Django {line(environment.django)} · " if environment.django else "")
        + postgres(environment),
        "bright_black",
    )
    yield Text(f"Canonical report {report.canonical_sha256[:16]} · took {total:.1f} s", "bright_black")


def _where(file: str, number: int | None) -> str:
    return line(file) if number is None else f"{line(file)}:{number}"


def _all_places(places: Sequence[PlaceFacts]) -> str:
    some = ", ".join(_where(place.file, place.line) for place in places[:8])
    return some if len(places) <= 8 else f"{some} and {len(places) - 8} more"


def _tail(text: str, lines: int) -> str:
    every = text.splitlines()
    left = len(every) - lines
    return text if left <= 0 else "\n".join([f"… {left} lines left out", *every[-lines:]])
