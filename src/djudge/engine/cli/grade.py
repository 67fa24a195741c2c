"""`djudge grade`: one submission in, a true report out."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from djudge.engine.cli.library import named_task, seed_of
from djudge.engine.cli.progress import Progress
from djudge.engine.errors import OperatorFault
from djudge.engine.grade import grade as grade_submission
from djudge.engine.packs.submission import read_submission
from djudge.engine.reports.document import Report
from djudge.engine.reports.html import render_html
from djudge.engine.reports.junit import render_junit
from djudge.engine.reports.terminal import print_report
from djudge.engine.slot import Slot

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("task")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--seed", help="Draw data and names from this seed instead of the local one.")
@click.option("--json", "json_file", type=_FILE, help="Write the whole report here ('-' for standard output).")
@click.option("--html", "html_file", type=_FILE, help="Write a page for people here.")
@click.option("--junit", "junit_file", type=_FILE, help="Write JUnit XML for a CI server here.")
@click.option("--own-code", is_flag=True, help="Run without the jail. Only for code that is your own.")
def grade(
    task: str,
    directory: Path,
    seed: str | None,
    json_file: Path | None,
    html_file: Path | None,
    junit_file: Path | None,
    own_code: bool,
) -> None:
    """Grade the submission in DIR (a folder or a zip) for TASK."""
    found = named_task(task)
    submission = read_submission(found, directory)
    with Progress(f"{found.id} {directory.name}") as tell, Slot(found.pack, isolated=not own_code) as slot:
        report = grade_submission(slot, found, submission, seed_of(found, seed), tell)
    if json_file != Path("-"):
        print_report(report, Console(highlight=False))
    _write(report, json_file, html_file, junit_file)


def _write(report: Report, json_file: Path | None, html_file: Path | None, junit_file: Path | None) -> None:
    if json_file == Path("-"):
        click.echo(report.to_json())
    elif json_file:
        _save(json_file, report.to_json())
    if html_file:
        _save(html_file, render_html(report))
    if junit_file:
        _save(junit_file, render_junit(report))


def _save(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperatorFault(f"{file} can't be written ({error.strerror}).", "Name another file.") from error
