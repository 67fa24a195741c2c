"""`djudge tasks`: what there is to work on."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table

from djudge.engine.folders import packs_folder
from djudge.engine.packs.loading import discover
from djudge.engine.packs.model import Task


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def tasks(as_json: bool) -> None:
    """List the tasks of all packs. A pack that is broken is named, and stops no other."""
    library = discover(packs_folder())
    if as_json:
        click.echo(json.dumps([_facts(task) for task in library.tasks], indent=2))
    else:
        Console().print(_table(library.tasks))
    for diagnostic in library.diagnostics:
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


def _table(found: tuple[Task, ...]) -> Table:
    table = Table("Task", "Name", "Title", "Level", "Minutes", "Bullets", box=None, header_style="bold")
    for task in found:
        bullets = ", ".join(task.bullets)
        table.add_row(task.id, task.name, task.title, str(task.level), str(task.minutes), bullets)
    return table
