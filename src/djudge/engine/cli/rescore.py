"""`djudge rescore`: stored reports judged by the present judge. A preview first; `--apply` writes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console

from djudge.engine.cli.library import library, named_task
from djudge.engine.cli.output import FILE, STANDARD, require_writable, write
from djudge.engine.cli.progress import Progress
from djudge.engine.errors import TaskFault
from djudge.engine.reports.safe_text import line
from djudge.engine.reports.words import BLAME, MARKS
from djudge.engine.rescoring.changes import Changes, Step
from djudge.engine.rescoring.files import report_files
from djudge.engine.rescoring.rescoring import Rescored, apply, exit_status, preview
from djudge.engine.values import Json, Outcome

_WIDE = 300
_REFUSED = "can't be judged again"


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="REPORT.json|FOLDER...", type=click.Path(path_type=Path))
@click.option("--task", help="Only reports of this task.")
@click.option("--apply", "wanted", is_flag=True, help="Write what changes; the former reports are kept beside.")
@click.option("--json", "json_file", type=FILE, help="Write it here ('-': standard output).")
@click.pass_context
def rescore(
    context: click.Context, places: Sequence[Path], task: str | None, wanted: bool, json_file: Path | None
) -> None:
    """Judge stored reports again, with the tasks as they are now, and show what would change.

    Runs no candidate code and needs no database. Exit status: 0 nothing is left to change, 1 something would change,
    2 a report could not be judged again or written.
    """
    require_writable(json_file)
    found, only = library(), named_task(task) if task else None
    files = report_files(places)
    with Progress("rescore") as tell:
        outcomes = []
        for number, file in enumerate(files, start=1):
            tell("judging", f"{number} of {len(files)}: {file.name}")
            outcomes.append(preview(file, found, only))
        held_back = _faulty(outcomes) if wanted else []
        if wanted and not held_back:
            tell("writing", "")
            outcomes = [apply(outcome, found) for outcome in outcomes]
    console = Console(highlight=False, stderr=json_file == STANDARD)
    for words in (*_told(outcomes), "", _summary(outcomes, wanted=wanted, held_back=held_back)):
        console.print(words, markup=False, soft_wrap=True)
    write(json.dumps(_facts(outcomes), indent=2), json_file)
    context.exit(exit_status(outcomes))


def _faulty(outcomes: Sequence[Rescored]) -> list[str]:
    """The tasks whose judge failed. It could have failed on any report, so none is written then."""
    return sorted({outcome.task for outcome in outcomes if isinstance(outcome.refusal, TaskFault)})


def _facts(outcomes: Sequence[Rescored]) -> Json:
    states = Counter(outcome.state for outcome in outcomes)
    return {
        "reports": len(outcomes),
        **{state: states[state] for state in ("changes", "written", "same", "refused", "other_task")},
        "files": [outcome.to_json() for outcome in outcomes],
    }


def _told(outcomes: Sequence[Rescored]) -> Iterator[str]:
    for outcome in outcomes:
        head = line(str(outcome.file), _WIDE)
        match outcome.state:
            case "refused":
                yield f"{head}: {'not replaced' if outcome.changes else _REFUSED}"
                yield from _why(outcome)
            case "same":
                yield f"{head}: {line(outcome.task)}, nothing changes"
            case "other_task":
                continue
            case _:
                yield f"{head}: {line(outcome.task)}, {'replaced' if outcome.kept else 'would change'}"
        if outcome.changes and outcome.differs:
            yield from _different(outcome.changes)
        if outcome.kept:
            yield f"    the former report is {line(outcome.kept.name, _WIDE)}"


def _why(outcome: Rescored) -> Iterator[str]:
    if refusal := outcome.refusal:
        yield f"    {BLAME[refusal.fault]}: {line(refusal.what.partition(chr(10))[0], _WIDE)}"
        if isinstance(refusal, TaskFault) and refusal.path:
            yield f"    Where: {line(f'{refusal.path}:{refusal.line}' if refusal.line else str(refusal.path), _WIDE)}"
        if refusal.cure:
            yield f"    What to do: {line(refusal.cure, _WIDE)}"


def _different(changes: Changes) -> Iterator[str]:
    if changes.version[0] != changes.version[1]:
        yield f"    task version {changes.version[0]} → {changes.version[1]}"
    if changes.headline[0] != changes.headline[1]:
        yield f"    {line(changes.headline[0])} → {line(changes.headline[1])}"
    for kind, steps in (("check", changes.checks), ("bullet", changes.bullets)):
        yield from (f"    {kind} {_step(step)}" for step in steps if step.differs)
    for word, kinds, flags in (
        ("new", changes.integrity_new, changes.flags_new),
        ("gone", changes.integrity_gone, changes.flags_gone),
    ):
        yield from (f"    integrity finding {word}: {line(kind)}" for kind in kinds)
        yield from (f"    red flag {word}: {line(kind)}" for kind in flags)
    if changes.parts:
        yield f"    other text: {line(', '.join(changes.parts))}"


def _step(step: Step) -> str:
    return f"{line(step.name)}: {_mark(step.before)} → {_mark(step.after)}"


def _mark(outcome: Outcome | None) -> str:
    return f"{MARKS[outcome].shape} {MARKS[outcome].word}" if outcome else "not asked"


def _summary(outcomes: Sequence[Rescored], *, wanted: bool, held_back: Sequence[str]) -> str:
    states = Counter(outcome.state for outcome in outcomes)
    failed = sum(outcome.state == "refused" and outcome.changes is not None for outcome in outcomes)
    told = [
        (states["written"], "replaced", wanted),
        (states["changes"], "would change", not wanted),
        (states["same"], "the same", True),
        (failed, "not replaced", False),
        (states["refused"] - failed, _REFUSED, False),
        (states["other_task"], "of other tasks", False),
    ]
    parts = [f"{len(outcomes)} {'report' if len(outcomes) == 1 else 'reports'}"]
    parts += [f"{count} {words}" for count, words, always in told if count or always]
    return f"{', '.join(parts)}. {_ending(states, wanted=wanted, held_back=held_back)}".rstrip()


def _ending(states: Counter[str], *, wanted: bool, held_back: Sequence[str]) -> str:
    if held_back:
        return f"Nothing was written, because the judge of {', '.join(map(line, held_back))} failed."
    return "Nothing was written: --apply does." if states["changes"] and not wanted else ""
