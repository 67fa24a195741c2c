"""The process in which a submission is graded or tried: an order on stdin, phases and at last what came of it, as lines
of JSON.

The engine forks zygotes and guests and wants the main thread of a process without others, and a worker has threads of
its own. So a worker starts this beside itself: `python -m djudge.web.grading.judging`. It knows no Django.
"""

from __future__ import annotations

import json
import sys
from typing import Final

from djudge.engine.errors import DjudgeError
from djudge.engine.grade import grade
from djudge.engine.packs.loading import discover, find_task
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import Seed, seed_for
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.packs.task_checks import UNTOUCHED
from djudge.engine.slot import Slot
from djudge.engine.trying import Requested, try_visible_tests
from djudge.web.grading.handing_in import Files, as_submission

#: How much of a trial is told: a page has to show it.
OUTPUT: Final = 20_000
REQUESTS: Final = 40
NODES: Final = 8


def main() -> None:
    """Grade one order. Ends with status 0 when it told of a report or of a fault."""
    order = json.load(sys.stdin)
    work = {"grade": _graded, "try": _tried}[order["kind"]]
    secret = bytes.fromhex(order["secret"])
    try:
        task = find_task(discover(), order["task"])
        seed = seed_for(secret, order["assessment"], task)
        outcome = work(task, seed, order["files"], isolated=order["isolated"])
    except DjudgeError as error:
        _tell(fault={"whose": str(error.fault), "what": error.what, "cure": error.cure})
    else:
        _tell(report=outcome)


def _graded(task: Task, seed: Seed, files: Files, *, isolated: bool) -> str:
    """The report, as the engine writes it. Without files of the start itself, which only a conversation asks for."""
    submission = as_submission(task, files) if files else submission_of_solution(task, UNTOUCHED)
    with Slot(task.pack, isolated=isolated) as slot:
        report = grade(slot, task, submission, seed, _tell_phase)
    return report.to_json()


def _tried(task: Task, seed: Seed, files: Files, *, isolated: bool) -> str:
    """The visible tests and the statements of each request that they made, as JSON. For the candidate's eyes alone."""
    submission = as_submission(task, files) if files else submission_of_solution(task, UNTOUCHED)
    with Slot(task.pack, isolated=isolated) as slot:
        tried = try_visible_tests(slot, task, submission, seed, _tell_phase)
    return json.dumps(
        {
            "status": tried.result.status,
            "output": tried.result.output.decode("utf-8", "replace")[-OUTPUT:],
            "requests": [_requested(request) for request in tried.requests[:REQUESTS]],
        }
    )


def _requested(request: Requested) -> dict[str, object]:
    slowest = request.slowest
    return {
        "what": request.what[:300],
        "count": request.count,
        "repeated": [[shape[:600], times] for shape, times in request.repeated[:6]],
        "slowest": slowest.shape[:600] if slowest else "",
        "plan": [
            {
                "depth": node.depth,
                "what": node.type,
                "on": node.relation or node.index,
                "rows": node.rows,
                "blocks": node.blocks,
            }
            for node in (slowest.plan.nodes[:NODES] if slowest and slowest.plan else ())
        ],
    }


def _tell_phase(phase: str, what: str) -> None:
    _tell(phase=f"{phase} {what}".strip())


def _tell(**line: object) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
