"""`djudge assess`: a bundle of submissions in, the report of the assessment out, the single reports beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click
from rich.console import Console

from djudge.engine.assessing.assessing import grade_bundle
from djudge.engine.assessing.bundles import submissions_in
from djudge.engine.cli.library import existing, library, seed_of
from djudge.engine.cli.output import FILE, STANDARD, require_writable, write
from djudge.engine.cli.progress import Progress
from djudge.engine.packs.assessments import find_assessment
from djudge.engine.reports.assessment_building import build_assessment
from djudge.engine.reports.assessment_page import render_assessment
from djudge.engine.reports.assessment_terminal import print_assessment
from djudge.engine.reports.document import Report
from djudge.engine.reports.html import render_html

#: The files of single reports, by the task's id.
type Files = Mapping[str, Path]


@click.command()
@click.argument("assessment")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--seed", help="Draw data and names from this seed instead of the local one.")
@click.option("--json", "json_file", type=FILE, help="Write the report here; the single ones beside it.")
@click.option("--html", "html_file", type=FILE, help="Write a page for people here; the single ones beside it.")
@click.option("--own-code", is_flag=True, help="Run without the jail. Only for code that is your own.")
def assess(
    assessment: str,
    bundle: Path,
    seed: str | None,
    json_file: Path | None,
    html_file: Path | None,
    own_code: bool,
) -> None:
    """Grade the submissions in BUNDLE, a folder with one folder or zip a task, for ASSESSMENT.

    A task that is missing in the bundle is not tested. The result is a report, and the exit status is 0.
    """
    found = find_assessment(library(), assessment)
    submissions = submissions_in(existing(bundle), found)
    json_files, html_files = _beside(json_file, submissions), _beside(html_file, submissions)
    require_writable(json_file, html_file, *json_files.values(), *html_files.values())
    with Progress(f"{found.id} {bundle.name}") as tell:
        reports = grade_bundle(found, submissions, lambda task: seed_of(task, seed), tell, isolated=not own_code)
    files = {task: _names(task, json=json_files, html=html_files) for task in reports}
    report = build_assessment(found, reports, files=files, isolated=not own_code)
    if STANDARD not in (json_file, html_file):
        print_assessment(report, Console(highlight=False))
    _write_all(reports, json_files, Report.to_json)
    _write_all(reports, html_files, render_html)
    write(report.to_json(), json_file)
    if html_file:
        write(render_assessment(report), html_file)


def _beside(file: Path | None, submissions: Mapping[str, Path]) -> Files:
    """Where the single reports go: `out.json` has `out-SH4.json` beside it; standard output has no side."""
    if file is None or file == STANDARD:
        return {}
    return {task: file.with_name(f"{file.stem}-{task}{file.suffix}") for task in submissions}


def _names(task: str, **files: Files) -> dict[str, str]:
    return {kind: of_kind[task].name for kind, of_kind in files.items() if task in of_kind}


def _write_all(reports: Mapping[str, Report], files: Files, render: Callable[[Report], str]) -> None:
    for task, file in files.items():
        write(render(reports[task]), file)
