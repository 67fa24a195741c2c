"""`djudge grade`: one submission in, a true report out."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from djudge.engine.cli.library import existing, named_task, seed_of
from djudge.engine.cli.output import FILE, STANDARD, require_writable, write
from djudge.engine.cli.progress import Progress
from djudge.engine.grade import grade as grade_submission
from djudge.engine.packs.submission import read_submission
from djudge.engine.reports.html import render_html
from djudge.engine.reports.junit import render_junit
from djudge.engine.reports.terminal import print_report
from djudge.engine.slot import Slot


@click.command()
@click.argument("task")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--seed", help="Draw data and names from this seed instead of the local one.")
@click.option("--json", "json_file", type=FILE, help="Write the whole report here ('-' for standard output).")
@click.option("--html", "html_file", type=FILE, help="Write a page for people here.")
@click.option("--junit", "junit_file", type=FILE, help="Write JUnit XML for a CI server here.")
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
    """Grade the submission in DIR (a folder or a zip) for TASK.

    The result is a report, whatever it says of the submission, and the exit status is 0.
    """
    found = named_task(task)
    require_writable(json_file, html_file, junit_file)
    submission = read_submission(found, existing(directory))
    with Progress(f"{found.id} {directory.name}") as tell, Slot(found.pack, isolated=not own_code) as slot:
        report = grade_submission(slot, found, submission, seed_of(found, seed), tell)
    if STANDARD not in (json_file, html_file, junit_file):
        print_report(report, Console(highlight=False))
    write(report.to_json(), json_file)
    for file, render in ((html_file, render_html), (junit_file, render_junit)):
        if file:
            write(render(report), file)
