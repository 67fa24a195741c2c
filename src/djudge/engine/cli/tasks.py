"""`djudge tasks`: what there is to work on."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.markup import escape

from djudge.engine.cli.library import library
from djudge.engine.packs.model import Task
from djudge.engine.scoring.headline import NAMES


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def tasks(as_json: bool) -> None:
    """List the tasks of all packs. A pack that is broken is named, and stops no other."""
    found = library()
    if as_json:
        click.echo(json.dumps([_facts(task) for task in found.tasks], indent=2))
    else:
        _print(found.tasks)
    for diagnostic in found.diagnostics:
        click.echo(str(diagnostic), err=True)


def _facts(task: Task) -> dict[str, object]:
    return {
        "id": task.id,
        "name": task.name,
        "title": task.title,
        "level": task.level,
        "minutes": task.minutes,
        "bullets": list(task.bullets),
        "checks": [check.id for check in task.checks],
        "solutions": [solution.name for solution in task.solutions],
    }


def _print(found: tuple[Task, ...]) -> None:
    """Two lines a task and no table: what has to be typed is never cut."""
    console = Console(highlight=False)
    width = max((len(task.id) for task in found), default=0)
    for task in found:
        bullets = ", ".join(NAMES.get(bullet, bullet) for bullet in task.bullets)
        facts = f"{task.name} · level {task.level} · {task.minutes} minutes · {bullets}"
        console.print(f"[bold]{escape(task.id):{width}}  {escape(task.title)}[/]", soft_wrap=True)
        console.print(f"{'':{width}}  {escape(facts)}", soft_wrap=True)
    if not found:
        console.print("There are no tasks.")
