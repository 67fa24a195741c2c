"""`djudge museum`: the slow queries that people talk about, measured here."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.console import Console

from djudge.engine.cli.library import named_pack
from djudge.engine.cli.progress import Progress
from djudge.engine.errors import OperatorFault
from djudge.engine.folders import packs_folder
from djudge.engine.museum.exhibits import Exhibit, discover_exhibits
from djudge.engine.museum.figures import SIZES, Figures, deviations, faults, figures_of, record
from djudge.engine.museum.measuring import Museum
from djudge.engine.packs.diagnostics import Diagnostics


@click.command()
@click.argument("names", nargs=-1, metavar="[EXHIBIT]...")
@click.option("--size", type=click.Choice([*SIZES, "both"]), default="both", show_default=True, help="How much data.")
@click.option("--record", "is_recorded", is_flag=True, help="Write the figures beside the exhibits.")
def museum(names: Sequence[str], size: str, is_recorded: bool) -> int:
    """Run both versions of each EXHIBIT on the pack's data and show what they did; all of them where none is named.

    Status 1 where an exhibit shows nothing, or other figures than the committed ones.
    """
    if is_recorded and size != "both":
        raise OperatorFault("Only figures of both sizes are recorded.", "Leave --size out.")
    sizes = SIZES if size == "both" else (size,)
    wrong = 0
    for pack, exhibits in _by_pack(_named(names)).items():
        hall = Museum(named_pack(pack), sizes)
        with Progress() as tell:
            hall.open(tell)
        try:
            wrong += sum([_shown(hall, exhibit, is_recorded=is_recorded) for exhibit in exhibits])
        finally:
            hall.close()
    return 1 if wrong else 0


def _named(names: Sequence[str]) -> list[Exhibit]:
    diagnostics = Diagnostics()
    every = discover_exhibits(packs_folder(), diagnostics)
    for diagnostic in diagnostics.errors:
        click.echo(str(diagnostic), err=True)
    unknown = [name for name in names if not any(name in (one.slug, one.name) for one in every)]
    if unknown:
        raise OperatorFault(
            f"There is no exhibit {unknown[0]!r}.", f"There are: {', '.join(one.name for one in every)}."
        )
    return [one for one in every if not names or one.slug in names or one.name in names]


def _by_pack(exhibits: Sequence[Exhibit]) -> dict[str, list[Exhibit]]:
    found: dict[str, list[Exhibit]] = {}
    for exhibit in exhibits:
        found.setdefault(exhibit.pack.name, []).append(exhibit)
    return found


def _shown(hall: Museum, exhibit: Exhibit, *, is_recorded: bool) -> bool:
    """Measure one and say what came of it; whether something is wrong with it."""
    with Progress() as tell:
        figures = hall.measure(exhibit, tell)
    console = Console(highlight=False)
    console.print(f"[bold]{exhibit.name}[/]", soft_wrap=True)
    for line in _lines(figures):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    wrong = list(faults(exhibit, figures))
    if is_recorded and not wrong:
        record(exhibit, figures)
    elif not is_recorded:
        kept = figures_of(exhibit)
        wrong += deviations(kept, figures) if kept else ["was never measured: add --record"]
    for what in wrong:
        console.print(f"  {what}", markup=False, soft_wrap=True)
    return bool(wrong)


def _lines(figures: Figures) -> list[str]:
    lines = []
    for size, measured in figures.sizes.items():
        for name, side in (("slow", measured.slow), ("fast", measured.fast)):
            spilled = f", {side.spilled:,} blocks spilled" if side.spilled else ""
            lines.append(
                f"{size} {name}: {side.statements:,} statements, {side.sent:,} rows sent, {side.read:,} rows read, "
                f"{side.blocks:,} blocks{spilled}"
            )
    return lines
