"""The report of an assessment on a terminal; plain text with styles of ours, as that of a single task."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.text import Text

from djudge.engine.packs.model import Lane
from djudge.engine.reports.assessment_document import AssessedBulletFacts, AssessedTaskFacts, AssessmentReport
from djudge.engine.reports.assessment_words import (
    INDICATED,
    LANES,
    LEARNING,
    MINIMUM,
    PYTHON_ONLY,
    STATES,
    blocks,
    sources,
)
from djudge.engine.reports.safe_text import line, visible
from djudge.engine.reports.terminal_pieces import as_text, hanging, indented, mark, print_drawn
from djudge.engine.reports.words import MARKS, NOT_ISOLATED, RED_FLAGS, flag_name
from djudge.engine.scoring.headline import NAMES

_QUIET: Final = "bright_black"


def print_assessment(report: AssessmentReport, console: Console) -> None:
    """Print it. A console that can't show every character gets the nearest plain ones."""
    print_drawn(lambda unicode: _whole(report, unicode=unicode), console)


def render_assessment_terminal(report: AssessmentReport, *, width: int = 100, unicode: bool = True) -> str:
    """The same as text without colours."""
    return as_text(_whole(report, unicode=unicode), width=width)


def _whole(report: AssessmentReport, *, unicode: bool) -> RenderableType:
    parts: list[RenderableType] = [*_heading(report)]
    parts += [Text(), *_levels(report)]
    for title, bullets in blocks(report):
        parts += [Text(), Text(title, "bold"), *(_bullet(each, unicode=unicode) for each in bullets)]
    parts += [Text(), *_tasks(report)]
    if report.red_flags:
        parts += [Text(), *_flags(report)]
    if report.integrity:
        parts += [Text(), *_integrity(report)]
    parts += [Text(), Text(f"Canonical report {report.canonical_sha256[:16]}", _QUIET)]
    return Group(*parts)


def _heading(report: AssessmentReport) -> Iterator[RenderableType]:
    facts = report.assessment
    title = f"{line(facts.id)} · {line(facts.title, 80)} · {facts.minutes} minutes"
    yield Rule(Text(title, "bold"), align="left", characters="─")
    if not report.isolated:
        yield Text(f"Not isolated. {NOT_ISOLATED}", "bold yellow")
    yield Text(line(report.headline.text, 500), "bold")
    yield hanging("Not tested: ", line(report.headline.not_tested, 500), "bold")
    yield Text(LANES[facts.lane] + ".", _QUIET)


def _levels(report: AssessmentReport) -> Iterator[RenderableType]:
    if report.assessment.lane is Lane.PYTHON_STRONG:
        yield Text(PYTHON_ONLY, _QUIET)
        yield Text(f"{LEARNING}: {MARKS[report.learning].word}")
        return
    yield Text.assemble("Meets the guide's minimum (level 2): ", (MINIMUM[report.minimum], "bold"))
    for level in report.levels:
        word = "confirmed" if level.confirmed else "indicated" if level.indicated else "not indicated"
        why = " ".join(level.lacking)
        yield hanging(f"Level {level.level}, {level.name}: ", f"{word}. {line(why, 500)}".strip(), "bold")
    yield Text(INDICATED, _QUIET)


def _bullet(bullet: AssessedBulletFacts, *, unicode: bool) -> RenderableType:
    told = line(sources(bullet), 300)
    return Text.assemble(
        mark(MARKS[bullet.outcome], unicode=unicode),
        (f" {NAMES.get(bullet.bullet, bullet.bullet)} ", "bold"),
        (f"({told})" if told else "", _QUIET),
    )


def _tasks(report: AssessmentReport) -> Iterator[RenderableType]:
    yield Text("Tasks", "bold")
    for task in report.tasks:
        yield indented(Text.assemble((line(task.id), "bold"), f" {line(task.title, 80)}: {_became(task)}"))
        files = ", ".join(line(name) for name in (task.json_file, task.html_file) if name)
        if files:
            yield indented(Text(files, "cyan"), 4)


def _became(task: AssessedTaskFacts) -> str:
    return line(task.said, 300) if task.state == "graded" else f"{STATES[task.state]}. {line(task.said, 300)}".rstrip()


def _flags(report: AssessmentReport) -> Iterator[RenderableType]:
    yield Text(RED_FLAGS, "bold")
    for each in report.red_flags:
        flag = each.flag
        told = f" ({line(each.task)}; guide, line {flag.guide_line}): {visible(flag.what)}"
        yield indented(Text.assemble((line(flag_name(flag.kind)), "bold"), told))
        yield indented(Text(f"Innocent explanation: {visible(flag.innocent)}", _QUIET), 4)


def _integrity(report: AssessmentReport) -> Iterator[RenderableType]:
    yield Text("Did not fit (a person decides what it means)", "bold")
    for each in report.integrity:
        found = each.integrity
        yield indented(Text.assemble((line(found.kind), "bold"), f" ({line(each.task)}): {visible(found.what)}"))
        yield indented(Text(f"Innocent explanation: {visible(found.innocent)}", _QUIET), 4)
