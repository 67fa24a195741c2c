"""`djudge try`: the visible tests, and each request's statements."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from djudge.engine.cli.library import library, seed_of
from djudge.engine.cli.progress import Progress
from djudge.engine.packs.submission import read_submission
from djudge.engine.packs.workspace import task_of_workspace
from djudge.engine.reports.safe_text import visible
from djudge.engine.slot import Slot
from djudge.engine.trying import Requested, Tried, try_visible_tests

#: Longer statements are cut on the terminal; `--json` has them whole.
SHAPE = 160


@click.command("try")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--own-code", is_flag=True, help="Run without the jail. Only for code that is your own.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_context
def trial(context: click.Context, directory: Path, own_code: bool, as_json: bool) -> None:
    """Run the visible tests of the workspace DIR, and show the statements of each request that they made."""
    task = task_of_workspace(library(), directory)
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
    console.print()
    for request in tried.requests:
        console.print(f"[bold]{escape(visible(request.what))}[/]: {request.count} statements", soft_wrap=True)
        for shape, times in request.repeated[:5]:
            console.print(f"  [yellow]×{times}[/] {escape(visible(shape[:SHAPE]))}", soft_wrap=True)
        if request.repeated and request.costliest:
            console.print(f"  costliest: {escape(_costliest(request))}", soft_wrap=True)
    passed = "all visible tests passed" if tried.result.status == 0 else "visible tests failed"
    console.print(f"\n{passed}; {len(tried.requests)} requests. Visible tests count for nothing: `djudge grade` does.")


def _costliest(request: Requested) -> str:
    statement = request.costliest
    if statement is None or statement.plan is None:
        return ""
    return visible(f"{statement.blocks} blocks, {statement.rows} rows: {statement.shape[:SHAPE]}")


def _facts(tried: Tried) -> dict[str, object]:
    return {
        "status": tried.result.status,
        "output": tried.result.output.decode("utf-8", "replace"),
        "requests": [
            {
                "request": request.what,
                "statements": request.count,
                "repeated": [{"shape": shape, "times": times} for shape, times in request.repeated],
                "costliest": _costliest(request),
            }
            for request in tried.requests
        ],
    }
