"""What `make run` shows: three real submissions graded here, on one page, and the shop that they worked in.

Grading is done once for the same files and environment; a second start reads the reports that the first one stored,
and the page says when they were made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from djudge import __version__
from djudge.engine.errors import SandboxUnavailable
from djudge.engine.folders import data_folder
from djudge.engine.grade import grade
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.packs.tree import pack_digest, task_digest
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.reports.document import Report
from djudge.engine.reports.reading import read_report
from djudge.engine.sandbox.self_check import require_all
from djudge.engine.slot import Slot

type Tell = Callable[[str, str], None]

SAMPLES: Final = ("junior", "competent", "expert")


@dataclass(frozen=True, slots=True)
class Graded:
    """A solution of the task, graded as if a candidate had handed it in. `stored`: graded at an earlier start."""

    name: str
    report: Report
    stored: bool


def missing_layer() -> SandboxUnavailable | None:
    """Why this machine can't build the jail, or None."""
    try:
        require_all()
    except SandboxUnavailable as missing:
        return missing
    return None


def graded_samples(task: Task, *, isolated: bool, tell: Tell) -> Iterator[Graded]:
    """The three samples in the order of merit, each yielded as soon as its report is there.

    About two seconds each, and once some seconds for the data. Stored reports cost nothing. Raises as `grade` does.
    """
    files = {name: _file(task, name, isolated=isolated) for name in SAMPLES}
    if all(file.is_file() for file in files.values()):
        yield from (Graded(name, read_report(file.read_bytes()), True) for name, file in files.items())
        return
    seed = local_seed(task)
    with Slot(task.pack, isolated=isolated) as slot:
        for name, file in files.items():
            report = grade(slot, task, submission_of_solution(task, name), seed, tell)
            _store(report, file)
            yield Graded(name, report, False)


def _file(task: Task, name: str, *, isolated: bool) -> Path:
    """Named by all that the report depends on."""
    build = find_binaries().build
    parts = (__version__, pack_digest(task.pack), task_digest(task), build, name, str(isolated), _engine())
    return data_folder() / "showcase" / f"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}.json"


def _engine() -> str:
    """The judge's own text: a changed engine grades anew."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[1]
    for file in sorted(root.rglob("*.py")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _store(report: Report, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.write_text(report.to_json(), encoding="utf-8")
    draft.replace(file)
