"""`make run`: the whole platform, then one address and how to sign in. Ctrl-C stops everything."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Final

import click
from rich.console import Console

from djudge.engine.cli.ending import end_in_order, leave
from djudge.engine.cli.main import run as run_command
from djudge.engine.errors import OperatorFault
from djudge.engine.showcase import missing_layer
from djudge.engine.system import HOST, free_port, refuse_taken
from djudge.launch.stack import PORT, Stack

_SIGN_INS: Final = "sample-sign-ins"


@click.command()
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--sample/--no-sample", default=True, help="Whether a first start makes the sample team.")
def launch(port: int, sample: bool) -> None:
    """Start the platform on this machine and keep it running until Ctrl-C."""
    console = Console(highlight=False)
    if missing := missing_layer():
        told = (
            "Nothing can be graded here: candidates' code would not be isolated, and is never run like that by itself."
        )
        console.print(f"{told} {missing}", style="bold yellow", markup=False)
    with (
        suppress(KeyboardInterrupt),
        Stack(lambda line: console.print(f"  {line}", style="dim"), port=_free(port, console)) as stack,
    ):
        signs = _sample(stack) if sample else []
        console.print(f"\n[bold]Djudge:[/] {stack.address}")
        for sign in signs:
            console.print(f"  {sign['role']}: {sign['email']} / {sign['password']}", markup=False)
        console.print("\nThe sample team has three submissions; each report appears once graded." if signs else "")
        console.print("Ctrl-C stops everything.")
        while True:
            stack.watch(60)
    console.print("Stopped. Nothing was left running.")


def _sample(stack: Stack) -> list[dict[str, str]]:
    """The sign-ins of the sample team, kept with our other secrets, so that a second start prints them, too."""
    kept = stack.place.folder("secrets") / _SIGN_INS
    made, is_there = stack.sample()
    if made:
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(made), encoding="utf-8")
    signs: list[dict[str, str]] = json.loads(kept.read_text(encoding="utf-8")) if is_there and kept.exists() else []
    return signs


def _free(port: int, console: Console) -> int:
    """The port asked for; another one where the usual one is taken and nobody asked for it."""
    if port != PORT:
        return port
    try:
        refuse_taken(port)
    except OperatorFault:
        console.print(f"Port {port} of {HOST} is taken, so another one is used.")
        return free_port()
    return port


if __name__ == "__main__":
    end_in_order()
    leave(run_command(launch))
