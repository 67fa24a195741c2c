"""`djudge start`: a workspace to work in."""

from __future__ import annotations

import shlex
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
    place = shlex.quote(str(directory))
    click.echo(f"{found.id} {found.title}")
    click.echo(f"{directory} holds the system as you find it. Read BRIEF.md first; {found.minutes} minutes are meant.")
    for command, what in (
        (f"djudge try {place}", "the visible tests, each request's statements"),
        (f"djudge grade {found.id} {place}", "the whole grading"),
    ):
        click.echo(f"  {command}\n      {what}")
