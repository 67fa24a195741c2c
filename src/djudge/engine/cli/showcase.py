"""`make run`: grades three real submissions here, then shows their reports and the shop they worked in.

Ctrl-C is the proper end of the page, so the exit status is then 0; it is 130 while the page is not there yet.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

import click
from rich.console import Console
from rich.markup import escape

from djudge.engine.cli.ending import end_in_order, leave
from djudge.engine.cli.library import named_task
from djudge.engine.cli.main import run as run_command
from djudge.engine.cli.progress import Progress
from djudge.engine.errors import OperatorFault
from djudge.engine.packs.model import Task
from djudge.engine.reports.page import Sample, pages_of
from djudge.engine.reports.serving import PageServer
from djudge.engine.reports.words import MARKS
from djudge.engine.scoring.headline import NAMES
from djudge.engine.showcase import Graded, graded_samples, missing_layer
from djudge.engine.system import RunningSystem

TASK: Final = "SH4"
PORT: Final = 8000

#: What the samples' page says of each.
TOLD: Final = {
    "junior": "mended three of the four loops",
    "competent": "reads every relation at once",
    "expert": "reads no more than the page shows",
}


@click.command()
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
def showcase(port: int) -> None:
    """Grade three sample submissions, then show them on one local page until Ctrl-C."""
    console = Console(highlight=False)
    task = named_task(TASK)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(_page_server(port))
        missing = missing_layer()
        notes = [f"Not isolated. {missing}"] if missing else []
        for note in notes:
            console.print(f"[bold yellow]{escape(note)}[/] The samples are this repository's own code.", soft_wrap=True)
        samples = list(_grade(task, console, isolated=missing is None))
        system = stack.enter_context(RunningSystem(task.pack))
        with Progress() as tell:
            system.start(tell)
        server.show(pages_of(samples, shop_url=system.address, shop_title=task.pack.title, notes=notes))
        with contextlib.suppress(KeyboardInterrupt):
            _say_where(console, server, system, task)
            server.serve_forever()
    console.print("Stopped. Nothing was left running.")


def _grade(task: Task, console: Console, *, isolated: bool) -> Iterator[Sample]:
    console.print(f"Grading three submissions of [bold]{task.id} {escape(task.title)}[/]")
    with Progress(task.id) as tell:
        for graded in graded_samples(task, isolated=isolated, tell=tell):
            console.print(_line(graded), soft_wrap=True)
            yield Sample(name=graded.name, report=graded.report, told=TOLD[graded.name])


def _line(graded: Graded) -> str:
    tested = [bullet for bullet in graded.report.bullets if bullet.because]
    marks = ", ".join(f"{NAMES[bullet.bullet]} {MARKS[bullet.outcome].word}" for bullet in tested)
    measured = next(finding.measured for finding in graded.report.findings if finding.check == "growth")
    when = f" (graded {graded.report.run.started_at:%Y-%m-%d %H:%M} UTC)" if graded.stored else ""
    return f"  {graded.name:10} {escape(marks)} · {escape(measured)}{when}"


def _say_where(console: Console, server: PageServer, system: RunningSystem, task: Task) -> None:
    console.print(f"\n[bold]Reports:[/] {server.url}")
    console.print(f"[bold]{escape(task.pack.title)}:[/] {system.address}")
    for person in system.sign_ins:
        console.print(
            f"  {person.role}: {person.name} / {system.password}  {system.address}{person.opens}", markup=False
        )
    lines = (
        "",
        "Grade your own code:",
        f"  .venv/bin/djudge start {task.id} ../work   a workspace; its BRIEF.md says what to do",
        "  .venv/bin/djudge try ../work         the visible tests, each request's statements",
        f"  .venv/bin/djudge grade {task.id} ../work",
        "",
        "Ctrl-C stops everything.",
    )
    console.print("\n".join(lines), markup=False, soft_wrap=True)


def _page_server(port: int) -> PageServer:
    """On the port asked for; on a free one where that is taken and nobody asked for it."""
    if port != PORT:
        return PageServer({}, port=port)
    try:
        return PageServer({}, port=port)
    except OperatorFault:
        Console(stderr=True).print(f"Port {port} is taken, so the page gets another one.")
        return PageServer({}, port=0)


if __name__ == "__main__":
    end_in_order()
    leave(run_command(showcase))
