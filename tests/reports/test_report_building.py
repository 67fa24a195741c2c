"""The pipeline's one call: the engine's own values become the document."""

from __future__ import annotations

from pathlib import Path

import pytest

from djudge.engine.environment import Environment
from djudge.engine.errors import CandidateFault
from djudge.engine.packs.model import AiPolicy, Check, Pack, Task
from djudge.engine.packs.submission import Submission
from djudge.engine.packs.tree import task_digest
from djudge.engine.reports.building import build_report
from djudge.engine.reports.document import Report
from djudge.engine.reports.timing import Stopwatch
from djudge.engine.sandbox.contract import Limits
from djudge.engine.values import Judgement, Observations, Outcome, Seen, Words, shown

ENVIRONMENT = Environment(
    seed="6a1f", assessment="local", pack="c0ffee", python="3.13", django="6.1.3", postgres="PostgreSQL 18.6"
)


@pytest.fixture
def task(tmp_path: Path) -> Task:
    folder = tmp_path / "shop/tasks/slow"
    folder.mkdir(parents=True)
    (folder / "brief.md").write_text("Make it fast.")
    pack = Pack(
        folder=tmp_path / "shop",
        name="shop",
        title="Stallhouse",
        system=tmp_path / "shop/system",
        settings="stallhouse.settings",
        wsgi="stallhouse.wsgi",
        requirements=tmp_path / "shop/requirements.txt",
    )
    return Task(
        pack=pack,
        folder=folder,
        slug="slow",
        id="SH4",
        version=1,
        title="The slow list",
        level=2,
        bullets=("orm-queries",),
        guide_lines=(46,),
        minutes=25,
        editable=("catalog/*.py",),
        needs=(),
        ai_policy=AiPolicy.ALLOWED,
        limits=Limits(),
        checks=(Check(id="flat", title="Flat", asks="Is it flat?", bullet="orm-queries"),),
        budget_from=("expert",),
        brief="Make it fast.",
        solutions=(),
    )


def build(task: Task, judgement: Judgement, fault: CandidateFault | None = None) -> Report:
    watch = Stopwatch()
    watch("observing", "1 of 1")
    submission = Submission(
        changed={"catalog/views.py": b"x = 1\n", "catalog/old.py": None},
        diffs={"catalog/views.py": "--- a\n+++ b\n@@ -0,0 +1 @@\n+x = 1\n", "catalog/old.py": ""},
        tree={},
    )
    return build_report(
        task=task,
        submission=submission,
        environment=ENVIRONMENT,
        isolated=True,
        separated_by="by users and namespaces",
        observations=Observations(seen={"growth": 1}),
        budget={"expert": Observations(seen={"growth": 1})},
        judgement=judgement,
        fault=fault,
        watch=watch,
    )


def test_a_grading_becomes_a_report(task: Task) -> None:
    words = Words(measured="4 statements", expected="at most 4", candidate="Good.", recruiter="Good.")

    made = build(task, Judgement((shown("flat", words, Seen(4)),)))

    assert made.headline.text == "1 of 1 bullet shown"
    assert made.task.digest == task_digest(task)
    assert made.environment.digest == ENVIRONMENT.digest
    assert [(file.path, file.sha256 is None) for file in made.submission.files] == [
        ("catalog/old.py", True),
        ("catalog/views.py", False),
    ]
    assert [(phase.name, phase.outcome) for phase in made.phases] == [("observing", "done")]
    assert made.canonical_sha256
    assert build(task, Judgement((shown("flat", words, Seen(4)),))).canonical_sha256 == made.canonical_sha256


def test_a_grading_that_the_candidate_stopped_becomes_one_too(task: Task) -> None:
    fault = CandidateFault("It ran for ever.", "Look for a loop.", phase="observing", kind="time_limit")

    made = build(task, Judgement(()), fault)

    assert made.fault is not None
    assert made.fault.kind == "time_limit"
    assert made.findings[0].outcome is Outcome.NOT_SHOWN
    assert [(phase.name, phase.outcome) for phase in made.phases] == [("observing", "failed")]
