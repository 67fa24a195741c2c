"""`djudge start`: a workspace to work in."""

from __future__ import annotations

from pathlib import Path

import click

from djudge.engine.cli.library import named_task
from djudge.engine.packs.workspace import lay_out


@click.command()
@click.argument("task")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def start(task: str, directory: Path) -> None:
    """Lay out TASK in DIR as a git workspace: the brief, the system as it stands, the visible tests."""
    found = named_task(task)
    lay_out(found, directory)
    click.echo(f"{found.id} {found.title}: {directory} holds the system and BRIEF.md. Time: {found.minutes} minutes.")
    click.echo(f"  djudge try {directory}           run the visible tests, see each request's statements")
    click.echo(f"  djudge grade {found.id} {directory}     the whole grading")
