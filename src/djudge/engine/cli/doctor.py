"""`djudge doctor`: can this machine grade, and if not, what does it lack?"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click
from rich.console import Console
from rich.markup import escape

from djudge.engine.cli.library import library
from djudge.engine.errors import DjudgeError
from djudge.engine.folders import data_folder
from djudge.engine.packs.environments import environment_for
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.sandbox.self_check import check_layers, check_services
from djudge.engine.slot import Slot


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was tried: whether it works, what was found, what to do otherwise."""

    name: str
    works: bool
    found: str
    cure: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Try each layer of the jail, the servers and the packs on this machine, and say what is missing."""
    lines = [_machine(), *_jail(), *_servers(), *_packs()]
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], indent=2))
    else:
        _print(lines)
    context.exit(0 if all(line.works for line in lines) else 2)


def _machine() -> Line:
    who = "root: each part of a slot is a user of its own" if os.geteuid() == 0 else "an ordinary user"
    return Line("machine", True, f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {who}")


def _jail() -> Iterator[Line]:
    for layer in check_layers():
        yield Line(f"jail: {layer.layer}", layer.works, layer.why, layer.cure)
    services = check_services()
    yield Line("jail: services over TCP", services.works, services.why, services.cure)


def _servers() -> Iterator[Line]:
    try:
        binaries = find_binaries()
        yield Line("PostgreSQL", True, f"{binaries.version}")
        yield Line("data folder", True, str(data_folder()))
    except DjudgeError as error:
        yield Line("PostgreSQL", False, error.what, error.cure)


def _packs() -> Iterator[Line]:
    found = library()
    for pack in found.packs:
        try:
            environment_for(pack)
            with Slot(pack) as slot:
                slot.prove_sound()
            yield Line(f"pack {pack.name}", True, "environment installed; witness sees every kind of statement")
        except DjudgeError as error:
            yield Line(f"pack {pack.name}", False, error.what, error.cure)
    for diagnostic in found.diagnostics:
        yield Line("packs", False, str(diagnostic))


def _print(lines: list[Line]) -> None:
    console = Console(highlight=False)
    for line in lines:
        mark = "[green]works  [/]" if line.works else "[red]missing[/]"
        console.print(f"{mark} {escape(line.name)}: {escape(line.found)}", soft_wrap=True)
        if line.cure and not line.works:
            console.print(f"         {escape(line.cure)}", soft_wrap=True)
    lacking = [line.name for line in lines if not line.works]
    verdict = f"This machine can't grade yet: {', '.join(lacking)}." if lacking else "This machine can grade."
    console.print(escape(verdict), style="bold", soft_wrap=True)
