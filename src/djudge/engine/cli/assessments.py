"""`djudge assessments`: which sets of tasks there are, and what each leaves out."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.markup import escape

from djudge.engine.cli.library import library
from djudge.engine.packs.assessments import discover_assessments
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.model import Assessment
from djudge.engine.scoring.level_words import listed
from djudge.engine.values import BULLETS


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def assessments(as_json: bool) -> None:
    """List the assessments. One that can't be used is named, and so is a guard that a set of tasks leaves open."""
    diagnostics = Diagnostics()
    found = discover_assessments(library(), diagnostics)
    if as_json:
        click.echo(json.dumps([_facts(each) for each in found], indent=2))
    else:
        _print(found)
    for diagnostic in diagnostics:
        click.echo(str(diagnostic), err=True)


def _facts(assessment: Assessment) -> dict[str, object]:
    return {
        "id": assessment.id,
        "title": assessment.title,
        "lane": assessment.lane,
        "minutes": assessment.minutes,
        "tasks": [task.name for task in assessment.tasks],
        "bullets": [bullet for bullet in BULLETS if bullet in assessment.bullets],
        "not_tested": [bullet for bullet in BULLETS if bullet not in assessment.bullets],
        "answers": dict(assessment.answers),
    }


def _print(found: tuple[Assessment, ...]) -> None:
    console = Console(highlight=False)
    for each in found:
        tasks = ", ".join(f"{task.id} {task.minutes}" for task in each.tasks)
        console.print(f"[bold]{escape(each.id)}  {escape(each.title)}[/]", soft_wrap=True)
        console.print(f"  {each.lane} · {each.minutes} minutes ({escape(tasks)})", soft_wrap=True)
        console.print(f"  tests {listed(each.bullets)}", soft_wrap=True)
        console.print(f"  leaves out {listed(set(BULLETS) - each.bullets) or 'nothing'}", soft_wrap=True)
    if not found:
        console.print("There are no assessments that could be used.")
