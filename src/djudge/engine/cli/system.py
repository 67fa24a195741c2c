"""`djudge system run`: a pack's system as the site that it is."""

from __future__ import annotations

from contextlib import suppress

import click

from djudge.engine.cli.library import named_pack
from djudge.engine.cli.progress import Progress
from djudge.engine.system import RunningSystem


@click.group()
def system() -> None:
    """The systems that candidates work in, running by themselves."""


@system.command()
@click.argument("pack")
@click.option("--size", type=click.Choice(["S", "M"]), default="S", show_default=True, help="How much data.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port on 127.0.0.1.")
def run(pack: str, size: str, port: int) -> None:
    """Run the system of PACK with generated data until Ctrl-C, which is its proper end (exit status 0).

    Its data is thrown away afterwards.
    """
    with RunningSystem(named_pack(pack), size=size, port=port) as running:
        with Progress() as tell:
            running.start(tell)
        with suppress(KeyboardInterrupt):
            click.echo(f"{running.pack.title}: {running.address}")
            for person in running.sign_ins:
                click.echo(f"{person.role}: {person.name} / {running.password}  {running.address}{person.opens}")
            click.echo("Ctrl-C stops it.")
            running.wait()
