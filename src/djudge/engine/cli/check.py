"""`djudge check`: a Django project of one's own, looked at over its own addresses."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from djudge.engine.checking.checking import check as check_project
from djudge.engine.checking.order import Order, located_interpreter, located_settings
from djudge.engine.cli.output import FILE, STANDARD, require_writable, write
from djudge.engine.cli.progress import Progress
from djudge.engine.errors import OperatorFault
from djudge.engine.reports.check_page import render_check
from djudge.engine.reports.check_terminal import print_check


@click.command()
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.option("--settings", metavar="MODULE", help="The settings module; else what manage.py says.")
@click.option(
    "--python", "interpreter", metavar="INTERPRETER", help="The project's own Python; else its .venv, else ours."
)
@click.option("--fixture", "fixtures", multiple=True, type=FILE, help="Load this file with loaddata. Repeatable.")
@click.option(
    "--command",
    "commands",
    metavar="COMMAND",
    multiple=True,
    help="Run this command of theirs to make data. Repeatable.",
)
@click.option("--as", "names", metavar="NAME", multiple=True, help="Ask as this person of the data. Repeatable.")
@click.option(
    "--host", metavar="NAME", default="localhost", show_default=True, help="The host name that requests are for."
)
@click.option("--admin", is_flag=True, help="Look at Django's admin, too.")
@click.option("--times", type=click.IntRange(2, 50), default=5, show_default=True, help="How many times the rows.")
@click.option("--pages", type=click.IntRange(1, 5000), default=400, show_default=True, help="How many to follow.")
@click.option("--html", "html_file", type=FILE, help="Write a page for people here.")
@click.option("--json", "json_file", type=FILE, help="Write the whole report here ('-' for standard output).")
def check(
    path: Path,
    settings: str | None,
    interpreter: str | None,
    fixtures: tuple[Path, ...],
    commands: tuple[str, ...],
    names: tuple[str, ...],
    host: str,
    admin: bool,
    times: int,
    pages: int,
    html_file: Path | None,
    json_file: Path | None,
) -> None:
    """Look at the Django project in PATH: which pages ask more as the data grows, and whom they let in.

    Your own code, without a jail, on a throw-away PostgreSQL; your database is not touched. The result is a report,
    whatever it says of the project, and the exit status is 0.
    """
    order = Order(
        folder=path.absolute(),
        settings=located_settings(path, settings),
        interpreter=located_interpreter(path, interpreter),
        fixtures=tuple(_existing(each) for each in fixtures),
        commands=commands,
        names=names,
        host=host,
        admin=admin,
        times=times,
        pages=pages,
    )
    require_writable(json_file, html_file)
    with Progress(f"check {order.folder.name}") as tell:
        report = check_project(order, tell)
    # Minutes of work: first what is kept, then what is shown.
    write(report.to_json(), json_file)
    if html_file:
        write(render_check(report), html_file)
    if STANDARD not in (json_file, html_file):
        print_check(report, Console(highlight=False))


def _existing(fixture: Path) -> Path:
    if not fixture.is_file():
        raise OperatorFault(f"There is no fixture {fixture}.", "Name a file that loaddata can read.")
    return fixture
