"""A check on a terminal: the findings first, then what limits them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.text import Text

from djudge.engine.reports import check_words as words
from djudge.engine.reports.check_document import (
    AddressFacts,
    CauseFacts,
    CheckReport,
    FailureFacts,
    LookFacts,
    ShapeFacts,
)
from djudge.engine.reports.safe_text import line
from djudge.engine.reports.terminal_pieces import as_text, hanging, indented, print_drawn
from djudge.engine.scoring.measurements import brief

_MOST: Final = 20
_SHAPE: Final = 150
_QUIET: Final = "bright_black"


def print_check(report: CheckReport, console: Console) -> None:
    """Print it, with the nearest plain characters where the console has no others."""
    print_drawn(lambda unicode: _whole(report), console)


def render_check_terminal(report: CheckReport, *, width: int = 100) -> str:
    """The same as text without colours."""
    return as_text(_whole(report), width=width)


def _whole(report: CheckReport) -> RenderableType:
    parts: list[RenderableType] = [*_heading(report)]
    parts += _section("Where growth comes from", report.causes, _cause)
    parts += _section("Asks more as the data grows", report.growing, _growing)
    parts += _section("Asks the same often, and not more", report.repeating, _repeating, words.REPEATED)
    parts += _section("Who gets in", report.looks, _look, words.NOT_A_VERDICT)
    parts += _section("Ended in an exception", report.failures, _failure)
    parts += _section(
        "Writes when it is only asked for",
        report.writes,
        lambda each: [_fact(each.address, words.write(each)), indented(Text(line(each.view, 200), "green"))],
        words.WRITES,
    )
    parts += _section("Not measured", report.unmeasured, lambda each: [_fact(each.address, each.reason)])
    parts += _section(
        "Not multiplied in full",
        report.unmultiplied,
        lambda each: [_fact(each.table, words.unmultiplied(each))],
        words.UNMULTIPLIED,
    )
    parts += _section("Not reached", report.unreached, lambda each: [_fact(each.route, each.view)], words.UNREACHED)
    return Group(*parts)


def _heading(report: CheckReport) -> Iterator[RenderableType]:
    project = report.project
    yield Rule(Text(f"Check · {line(project.name, 80)} · {line(project.settings, 80)}", "bold"), align="left")
    yield Text(words.headline(report), "bold")
    yield Text(words.coverage(report))
    yield hanging("Asked by: ", line(words.joined(map(words.person, report.people)), 500), _QUIET)
    yield Text(
        f"{report.pages:,} pages asked for; {report.data.rows:,} rows, and {report.data.rows_multiplied:,} for "
        f"comparison; Django {line(project.django, 20)}, Python {line(project.python, 20)}, "
        f"PostgreSQL {line(project.postgres, 40)}; {report.seconds} s",
        _QUIET,
    )
    if report.cut_short:
        yield Text("Not every link was followed: the number of pages is bounded (--pages).", "yellow")
    for note in report.notes:
        yield Text(line(note), "yellow")


def _section[T](
    title: str, found: tuple[T, ...], told: Callable[[T], Iterable[RenderableType]], remark: str = ""
) -> Iterator[RenderableType]:
    if not found:
        return
    yield Text()
    yield Text(f"{title} ({len(found)})", "bold")
    if remark:
        yield Text(remark, _QUIET)
    for each in found[:_MOST]:
        for part in told(each):
            yield indented(part)
    if len(found) > _MOST:
        yield indented(Text(f"and {len(found) - _MOST} more, in --html and --json", _QUIET))


def _cause(found: CauseFacts) -> Iterable[RenderableType]:
    yield Text.assemble((line(found.at, 200), "bold green"), f" {line(words.cause(found), 300)}")
    yield indented(Text(line(brief(found.shape), _SHAPE), _QUIET))


def _growing(found: AddressFacts) -> Iterable[RenderableType]:
    yield _address(found, f"{found.before} statements, then {found.after}")
    yield from _shapes(found.growing[:4])


def _repeating(found: AddressFacts) -> Iterable[RenderableType]:
    yield _address(found, f"{found.after} statements")
    yield from _shapes(found.repeated[:2])


def _address(found: AddressFacts, told: str) -> Text:
    who = line(found.person, 80) or "guest"
    return Text.assemble((line(found.address, 200), "bold cyan"), f" as {who}: ", (told, "bold"))


def _shapes(shapes: Iterable[ShapeFacts]) -> Iterator[RenderableType]:
    for shape in shapes:
        yield indented(hanging(f"×{shape.before} → ×{shape.after} ", line(brief(shape.shape), _SHAPE)))
        for each in [origin for origin in shape.origins if origin.added > 0 or shape.added <= 0][:3]:
            yield indented(Text(f"from {line(words.origin(each), 300)}", "green"), 4)


def _look(found: LookFacts) -> Iterable[RenderableType]:
    yield _fact(found.address, words.look(found))
    yield indented(Text(line(found.view, 200), "green"))


def _failure(found: FailureFacts) -> Iterable[RenderableType]:
    yield _fact(found.address, f"{found.status} for {words.joined(found.people)}: {found.exception} {found.message}")
    if found.place:
        yield indented(Text(f"from {line(found.place, 200)}", "green"))


def _fact(name: str, told: str) -> Text:
    return Text.assemble((line(name, 200), "bold cyan"), f": {line(told, 400)}")
