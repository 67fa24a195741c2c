"""Submissions that don't run: the report says where they stopped, what happened, what to do, and scores nothing."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from djudge.engine.cli.library import named_task
from djudge.engine.grade import grade
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_files
from djudge.engine.packs.tree import start_tree
from djudge.engine.reports.document import FaultFacts, Report
from djudge.engine.reports.html import render_html
from djudge.engine.reports.terminal import render_terminal
from djudge.engine.sandbox.contract import Limits
from djudge.engine.slot import Slot
from djudge.engine.values import Outcome

VIEWS = "catalogue/views.py"
SETTINGS = "stallhouse/settings.py"
MIGRATION = "catalogue/migrations/0099_mine.py"
SHORT = Limits(request_seconds=1.5, wall_seconds=4.0, cpu_seconds=2.5)

TASK = dataclasses.replace(named_task("SH4"), limits=SHORT)
START = start_tree(TASK)


@pytest.fixture(scope="module")
def slot() -> Iterator[Slot]:
    with Slot(TASK.pack) as opened:
        yield opened


def graded(slot: Slot, files: Mapping[str, bytes], task: Task = TASK) -> Report:
    return grade(slot, task, submission_of_files(task, files), local_seed(task), lambda *_: None)


def after(file: str, code: str) -> dict[str, bytes]:
    """A file of the start with code behind it."""
    return {file: START[file] + f"\n\n{code}\n".encode()}


def before(file: str, code: str) -> dict[str, bytes]:
    return {file: f"{code}\n".encode() + START[file]}


def view(*lines: str) -> dict[str, bytes]:
    """The shop with another product list."""
    return after(VIEWS, "\n".join(["def product_list(request):", *(f"    {line}" for line in lines)]))


def migration(operation: str) -> dict[str, bytes]:
    head = "from django.db import migrations\nclass Migration(migrations.Migration):\n"
    return {MIGRATION: f"{head}    dependencies = [('catalogue', '0001_initial')]\n    {operation}\n".encode()}


def line_of(files: Mapping[str, bytes], file: str, text: str) -> int:
    lines = files[file].decode().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def told(report: Report) -> FaultFacts:
    """The fault of a report that scores nothing; it stands in the terminal and on the page as well."""
    fault = report.fault
    assert fault is not None, report.headline.text
    assert fault.whose == "candidate"
    assert {finding.outcome for finding in report.findings} <= {Outcome.NOT_SHOWN, Outcome.NOT_TESTED}
    assert report.headline.shown == report.headline.partly == 0
    on_terminal = " ".join(render_terminal(report, width=4000).split())
    assert f"In the submission, while {fault.phase}: {' '.join(fault.what.split())}" in on_terminal
    assert f"What to do: {fault.cure}" in on_terminal
    assert "What to do" in render_html(report)
    return fault


@pytest.mark.parametrize(
    ("files", "phase", "kind", "what", "cure"),
    [
        pytest.param(
            after(VIEWS, "def broken(:"), "starting", "syntax_error",
            "A file is no valid Python. SyntaxError: invalid syntax", "Mend the line", id="syntax error",
        ),
        pytest.param(
            before(VIEWS, "from catalogue.nowhere import x"), "starting", "import_error",
            "An import failed. ModuleNotFoundError: No module named 'catalogue.nowhere'", "misspelt", id="import error",
        ),
        pytest.param(
            before(VIEWS, "import numpy"), "starting", "import_error",
            "An import failed. ModuleNotFoundError: No module named 'numpy'",
            "the packages of its requirements only", id="missing dependency",
        ),
        pytest.param(
            after(VIEWS, "1 / 0"), "starting", "setup_error",
            "The project does not start. ZeroDivisionError", "Mend the line", id="raises on import",
        ),
        pytest.param(
            after(SETTINGS, "raise RuntimeError('no settings')"), "starting", "settings_error",
            "The settings can't be used. RuntimeError: no settings", "Mend or undo", id="settings that raise",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_loaded_is_named_with_file_and_line(
    slot: Slot, files: Mapping[str, bytes], phase: str, kind: str, what: str, cure: str
) -> None:
    fault = told(graded(slot, files))
    assert (fault.phase, fault.kind) == (phase, kind)
    assert what in fault.what
    assert cure in fault.cure
    (file,) = files
    words = ("def broken", "catalogue.nowhere", "numpy", "1 / 0", "raise RuntimeError")
    assert (fault.file, fault.line) in {
        (file, line_of(files, file, word)) for word in words if word.encode() in files[file]
    }


@pytest.mark.parametrize(
    ("files", "phase", "kind", "what", "cure"),
    [
        pytest.param(
            after(SETTINGS, "INSTALLED_APPS = 5"), "starting", "settings_error",
            "The INSTALLED_APPS setting must be a list or a tuple", "Mend or undo", id="settings of a wrong type",
        ),
        pytest.param(
            after(SETTINGS, "ROOT_URLCONF = 'nowhere'"), "starting", "import_error",
            "No module named 'nowhere'", "misspelt", id="addresses that are not there",
        ),
        pytest.param(
            migration("operations = [migrations.RunSQL('SELECT * FROM nowhere')]"), "migrating", "migration_error",
            'The migrations can\'t be applied. ProgrammingError: relation "nowhere" does not exist',
            "manage.py migrate", id="failing migration",
        ),
        pytest.param(
            migration("dependencies = [('catalogue', '0077_gone')]"), "migrating", "migration_error",
            "dependencies reference nonexistent parent node", "manage.py migrate", id="migration after none",
        ),
        pytest.param(
            after(VIEWS, "while True: pass"), "starting", "cpu_limit",
            "The code used more than 2.5 s of processor time.", "a loop without an end", id="endless import",
        ),
        pytest.param(
            after(VIEWS, "import time; time.sleep(100)"), "starting", "time_limit",
            "The code ran for longer than 4 s.", "a loop or a wait without an end", id="import that waits",
        ),
        pytest.param(
            after(VIEWS, "import os; os._exit(0)"), "starting", "died",
            "The process ended by itself.", "a call of exit", id="exit on import",
        ),
        pytest.param(
            view("while True: pass"), "observing", "time_limit",
            "The code did not answer in time, which is 1.5 s. It was asked for /products/?category=",
            "a loop or a wait without an end", id="view that never answers",
        ),
        pytest.param(
            view("import os; os._exit(0)"), "observing", "died",
            "The process ended by itself. It was asked for /products/", "a call of exit", id="view that exits",
        ),
        pytest.param(
            view("import ctypes; ctypes.string_at(0)"), "observing", "died",
            "The process was ended by a signal.", "a crash in compiled code", id="view that crashes",
        ),
        pytest.param(
            view("kept = [bytearray(1_000_000) for _ in range(2_000)]"), "observing", "memory_limit",
            "The code used more memory than 512 MB.", "Read and keep less at once.", id="view that eats memory",
        ),
        pytest.param(
            view("from django.http import HttpResponse", "return HttpResponse('x' * 50_000_000)"), "observing",
            "response_limit", "gave more than 4 MB.", "no more than one page", id="page of megabytes",
        ),
    ],
)  # fmt: skip
def test_what_stops_is_named_with_its_phase_and_a_cure(
    slot: Slot, files: Mapping[str, bytes], phase: str, kind: str, what: str, cure: str
) -> None:
    fault = told(graded(slot, files))
    assert (fault.phase, fault.kind) == (phase, kind)
    assert what in fault.what
    assert cure in fault.cure


def test_a_view_that_raises_is_told_with_its_traceback(slot: Slot) -> None:
    files = view("raise ValueError('no teapots')")
    report = graded(slot, files)
    fault = told(report)
    assert (fault.phase, fault.kind) == ("observing", "bad_answer")
    assert fault.what.endswith("gave status 500.")
    number = line_of(files, VIEWS, "no teapots")
    assert f'File "/app/{VIEWS}", line {number}, in product_list' in fault.detail
    assert "ValueError: no teapots" in render_terminal(report)


def test_a_guest_can_not_kill_itself_and_what_it_does_then_is_told(slot: Slot) -> None:
    """The first process of a pid namespace does not get its own SIGKILL: the view goes on, and returns nothing."""
    fault = told(graded(slot, view("import os, signal", "os.kill(os.getpid(), signal.SIGKILL)")))
    assert fault.kind == "bad_answer"
    assert "didn't return an HttpResponse" in fault.detail


def test_the_slot_is_as_good_as_new_after_all_of_them(slot: Slot) -> None:
    graded(slot, view("import os; os._exit(0)"))
    report = graded(slot, after(VIEWS, "# The same shop."), named_task("SH4"))
    assert report.fault is None
    assert {finding.check: finding.outcome for finding in report.findings}["page"] is Outcome.SHOWN


def test_the_command_ends_with_0_and_every_form_of_the_report_names_the_fault(tmp_path: Path) -> None:
    """Once from outside, as a person would: the judge did its work, so nothing is wrong with the command."""
    work = tmp_path / "work"
    for path, content in after(VIEWS, "def broken(:").items():
        (work / path).parent.mkdir(parents=True)
        (work / path).write_bytes(content)
    forms = [f"--{name}={tmp_path / name}" for name in ("json", "html", "junit")]
    done = subprocess.run(
        [sys.executable, "-m", "djudge.engine.cli.main", "grade", "SH4", str(work), *forms],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    number = len(START[VIEWS].splitlines()) + 3
    assert "In the submission, while starting:" in done.stdout
    assert f"{VIEWS}:{number}" in done.stdout
    assert json.loads((tmp_path / "json").read_text())["fault"]["line"] == number
    assert "is no valid Python" in (tmp_path / "html").read_text()
    suite = ElementTree.fromstring((tmp_path / "junit").read_text())[0]
    assert int(suite.get("errors", "0")) + int(suite.get("failures", "0")) > 0
