"""`djudge try`: the visible tests, and each request's statements."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from djudge.engine.cli.library import existing, library, seed_of
from djudge.engine.cli.progress import Progress
from djudge.engine.packs.submission import read_submission
from djudge.engine.packs.workspace import task_of_workspace
from djudge.engine.postgres.witness.plans import PlanFacts
from djudge.engine.reports.safe_text import line, visible
from djudge.engine.slot import Slot
from djudge.engine.trying import Requested, Tried, try_visible_tests

#: Longer statements are cut on the terminal; `--json` has them whole.
SHAPE = 160
NODES = 8


@click.command("try")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--own-code", is_flag=True, help="Run without the jail. Only for code that is your own.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_context
def trial(context: click.Context, directory: Path, own_code: bool, as_json: bool) -> None:
    """Run the visible tests of the workspace DIR, and show the statements of each request that they made."""
    task = task_of_workspace(library(), existing(directory))
    submission = read_submission(task, directory)
    with Progress(f"{task.id} {directory.name}") as tell, Slot(task.pack, isolated=not own_code) as slot:
        tried = try_visible_tests(slot, task, submission, seed_of(task, None), tell)
    if as_json:
        click.echo(json.dumps(_facts(tried), indent=2))
    else:
        _print(tried, Console(highlight=False))
    context.exit(0)


def _print(tried: Tried, console: Console) -> None:
    console.print(visible(tried.result.output.decode("utf-8", "replace")).rstrip(), markup=False, soft_wrap=True)
    for text, times in _told_once(tried.requests):
        again = f" (asked {times} times)" if times > 1 else ""
        head, _, rest = text.partition("\n")
        console.print(f"\n[bold]{escape(head)}[/]{again}", soft_wrap=True)
        console.print(rest, markup=False, soft_wrap=True)
    passed = "All visible tests passed." if tried.result.status == 0 else "Visible tests failed."
    console.print(f"\n{passed} They count for nothing: `djudge grade` does.", markup=False, soft_wrap=True)


def _told_once(requests: Iterable[Requested]) -> list[tuple[str, int]]:
    """Each request's text in the order of its first time, with how often it came out the same."""
    return list(Counter(_text(request) for request in requests).items())


def _text(request: Requested) -> str:
    lines = [f"{line(request.what, SHAPE)}: {request.count} statements"]
    lines += [f"  \u00d7{times:<4} {line(shape, SHAPE)}" for shape, times in request.repeated[:6]]
    if request.slowest and request.slowest.plan:
        lines += [f"  slowest: {line(request.slowest.shape, SHAPE)}", *_plan(request.slowest.plan)]
    return "\n".join(lines)


def _plan(plan: PlanFacts) -> list[str]:
    """The upper nodes of a plan, indented; rows and blocks, never time."""
    return [
        f"    {'  ' * node.depth}{node.type} {line(node.relation or node.index, 80)}".rstrip()
        + f" ({node.rows} rows, {node.blocks} blocks"
        + (f", {node.removed} read in vain)" if node.removed else ")")
        for node in plan.nodes[:NODES]
    ]


def _facts(tried: Tried) -> dict[str, object]:
    return {
        "status": tried.result.status,
        "output": tried.result.output.decode("utf-8", "replace"),
        "requests": [
            {
                "request": request.what,
                "statements": request.count,
                "repeated": [{"shape": shape, "times": times} for shape, times in request.repeated],
                "slowest": _slowest(request),
            }
            for request in tried.requests
        ],
    }


def _slowest(request: Requested) -> object:
    slowest = request.slowest
    return {"shape": slowest.shape, "plan": slowest.plan.to_json()} if slowest and slowest.plan else None
