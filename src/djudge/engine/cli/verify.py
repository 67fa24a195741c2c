"""`djudge verify`: prove that tasks grade what they say they grade."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from djudge.engine.cli.library import library, named_tasks
from djudge.engine.cli.output import FILE, STANDARD, require_writable, write
from djudge.engine.cli.progress import Progress
from djudge.engine.folders import packs_folder
from djudge.engine.packs.assessments import discover_assessments
from djudge.engine.packs.diagnostics import Diagnostic, Diagnostics
from djudge.engine.verify.committed import record
from djudge.engine.verify.hunting import STOPPED
from djudge.engine.verify.proof import Proof, Thoroughness, as_json, prove
from djudge.engine.verify.trial import Trial


@click.command()
@click.argument("names", nargs=-1, metavar="[PACK|TASK]...")
@click.option("--runs", default=1, show_default=True, type=click.IntRange(1, 1000), help="How often each solution.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 64), help="How many slots at once.")
@click.option("--mutants", is_flag=True, help="Grade mutants of each expert too: are the checks strong enough?")
@click.option(
    "--redraw",
    "redraws",
    default=0,
    show_default=True,
    type=click.IntRange(0, 20),
    help="How often to grade each expert with statistics drawn anew.",
)
@click.option("--record", "recorded", is_flag=True, help="Keep whole proofs that hold in their packs' proofs.json.")
@click.option("--json", "json_file", type=FILE, help="Write it here ('-': standard output).")
@click.pass_context
def verify(
    context: click.Context,
    names: Sequence[str],
    runs: int,
    jobs: int,
    mutants: bool,
    redraws: int,
    recorded: bool,
    json_file: Path | None,
) -> None:
    """Grade every solution of the tasks under three seeds, and hold the results against what they declare."""
    require_writable(json_file)
    if recorded and not (mutants and redraws):
        raise click.UsageError("--record keeps whole proofs only: add --mutants and --redraw 5.")
    broken = _broken(with_assessments=not names)
    with Progress("verify") as tell:
        how = Thoroughness(runs=runs, mutants=mutants, redraws=redraws)
        proofs = list(prove(named_tasks(names), packs_folder(), jobs=jobs, tell=tell, how=how))
    _print(proofs, broken, Console(highlight=False, stderr=json_file == STANDARD))
    for file in record(proofs, runs) if recorded else ():
        click.echo(f"Recorded in {file}.", err=True)
    write(json.dumps([as_json(proof) for proof in proofs], indent=2), json_file)
    context.exit(0 if all(proof.holds for proof in proofs) and not broken else 1)


def _broken(*, with_assessments: bool) -> Sequence[Diagnostic]:
    """What is wrong with packs and tasks, and with assessments where everything is verified."""
    found = library()
    of_assessments = Diagnostics()
    if with_assessments:
        discover_assessments(found, of_assessments)
    return [*found.diagnostics, *of_assessments]


def _print(proofs: Sequence[Proof], broken: Sequence[Diagnostic], console: Console) -> None:
    for proof in proofs:
        console.print(_table(proof))
        for problem in proof.problems:
            console.print(f"[red]{escape(problem.rule)}[/]: {escape(problem.what)}", soft_wrap=True)
        if proof.hunt:
            console.print(escape(", ".join(f"{name} {made}" for name, made in sorted(proof.hunt.operators.items()))))
        verdict = "[green]proved[/]" if proof.holds else f"[red]{len(proof.problems)} problems[/]"
        console.print(f"{proof.task.name}: {verdict}, {', '.join(_extent(proof))}\n")
    for diagnostic in broken:
        console.print(escape(str(diagnostic)), soft_wrap=True)


def _extent(proof: Proof) -> Iterator[str]:
    yield f"{len(proof.trials)} trials"
    if proof.hunt:
        yield str(proof.hunt)
    if proof.redraws:
        yield f"statistics drawn anew {proof.redraws} times"


def _beside(trial: Trial) -> str:
    """Integrity findings, and red flags marked as such."""
    return ", ".join([*sorted(trial.integrity), *(f"red flag: {kind}" for kind in sorted(trial.red_flags))])


def _table(proof: Proof) -> Table:
    checks = [check.id for check in proof.task.checks]
    table = Table("Solution", *checks, "Integrity", "Stopped", box=None, header_style="bold")
    for trial in {trial.solution: trial for trial in proof.trials}.values():
        marks = [str(trial.outcomes[check]).replace("_", " ") for check in checks]
        table.add_row(trial.solution, *marks, _beside(trial), trial.fault)
    if proof.hunt and proof.hunt.hunted:
        stopped = proof.hunt.killed_by(STOPPED)
        kills = [f"kills {proof.hunt.killed_by(check)}" for check in checks]
        table.add_row("mutants", *kills, "", f"{stopped} stopped")
    return table
