"""The process in which a submission is graded: an order on stdin, phases and at last the report as lines of JSON.

The engine forks zygotes and guests and wants the main thread of a process without others, and a worker has threads of
its own. So a worker starts this beside itself: `python -m djudge.web.grading.judging`. It knows no Django.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from djudge.engine.errors import DjudgeError
from djudge.engine.grade import grade
from djudge.engine.packs.loading import discover, find_task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_files
from djudge.engine.reports.document import Report
from djudge.engine.slot import Slot


def main() -> None:
    """Grade one order. Ends with status 0 when it told of a report or of a fault."""
    order = json.load(sys.stdin)
    try:
        report = _graded(order["task"], order["files"], isolated=order["isolated"])
    except DjudgeError as error:
        _tell(fault={"whose": str(error.fault), "what": error.what, "cure": error.cure})
    else:
        _tell(report=report.to_json())


def _graded(name: str, files: Mapping[str, str], *, isolated: bool) -> Report:
    task = find_task(discover(), name)
    submission = submission_of_files(task, {path: text.encode() for path, text in files.items()})
    with Slot(task.pack, isolated=isolated) as slot:
        return grade(
            slot, task, submission, local_seed(task), lambda phase, what: _tell(phase=f"{phase} {what}".strip())
        )


def _tell(**line: object) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
