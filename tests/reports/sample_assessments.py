"""Assessments as they would come out: expert, junior, in part, python-strong, hostile."""

from __future__ import annotations

from pathlib import Path

from tests.reports.sample_reports import NASTY, flagged, good, hostile, junior

from djudge.engine.packs.model import AiPolicy, Assessment, Lane, Pack, Task
from djudge.engine.reports.assessment_building import build_assessment
from djudge.engine.reports.assessment_document import AssessmentReport
from djudge.engine.reports.document import Report
from djudge.engine.sandbox.contract import Limits
from djudge.engine.scoring.levels import Kind, Piece
from djudge.engine.values import Outcome

HERE = Path("packs")
PACK = Pack(
    folder=HERE, name="shop", title="Stallhouse", system=HERE, settings="s", wsgi="w", requirements=HERE / "r.txt"
)


def task(task_id: str, title: str, *bullets: str, minutes: int = 30) -> Task:
    return Task(
        pack=PACK, folder=HERE, slug=task_id.lower(), id=task_id, version=1, title=title, level=2, bullets=bullets,
        guide_lines=(), minutes=minutes, editable=(), needs=(), ai_policy=AiPolicy.DECLARED, limits=Limits(),
        checks=(), budget_from=(), brief="", solutions=(),
    )  # fmt: skip


TASKS = (
    task("SH1", "A workshop's models", "models-views-urls", "mvt", "migrations-design", minutes=35),
    task("SH4", "The slow product list", "query-optimization", "orm-queries", minutes=25),
    task("PY1", "Try again, politely", "decorators", "async", minutes=20),
)
SHOP = Assessment(
    file=HERE / "assessments/shop.toml", id="shop", title="Django in a shop", lane=Lane.DJANGO_READY, tasks=TASKS,
    answers={},
)  # fmt: skip
PYTHON = Assessment(
    file=HERE / "assessments/python-strong.toml", id="python-strong", title="Strong in Python, new to Django",
    lane=Lane.PYTHON_STRONG, tasks=TASKS[2:], answers={},
)  # fmt: skip


def said(report: Report, **bullets: Outcome) -> Report:
    """A report that came to these outcomes."""
    one = report.bullets[0]
    outcomes = {name.replace("_", "-"): outcome for name, outcome in bullets.items()}
    facts = tuple(one.model_copy(update={"bullet": name, "outcome": each}) for name, each in outcomes.items())
    return report.model_copy(update={"bullets": facts})


def models(outcome: Outcome, report: Report | None = None) -> Report:
    return said(report or good(), models_views_urls=Outcome.SHOWN, mvt=Outcome.SHOWN, migrations_design=outcome)


def python(outcome: Outcome) -> Report:
    return said(good(), decorators=outcome, **{"async": outcome})


def files(*tasks: str) -> dict[str, dict[str, str]]:
    return {each: {"json": f"all-{each}.json", "html": f"all-{each}.html"} for each in tasks}


def expert() -> AssessmentReport:
    reports = {"SH1": models(Outcome.SHOWN), "SH4": good(), "PY1": python(Outcome.SHOWN)}
    ratings = [Piece(bullet="orm-queries", outcome=Outcome.SHOWN, source="Ada Lund", kind=Kind.PERSON)]
    return build_assessment(SHOP, reports, ratings=ratings, files=files(*reports))


def weak() -> AssessmentReport:
    """Junior work: a red flag, two bullets of level 2 that were not shown in full."""
    reports = {"SH1": models(Outcome.PARTLY, flagged()), "SH4": junior(), "PY1": python(Outcome.NOT_SHOWN)}
    return build_assessment(SHOP, reports, files=files(*reports), isolated=False)


def in_part() -> AssessmentReport:
    """One task of three was handed in."""
    return build_assessment(SHOP, {"SH1": models(Outcome.SHOWN)})


def python_strong() -> AssessmentReport:
    return build_assessment(PYTHON, {"PY1": python(Outcome.SHOWN)}, files=files("PY1"))


def nasty() -> AssessmentReport:
    """Every string that anybody can choose tries to break out of its place."""
    hostile_files = {"SH4": {"json": NASTY, "html": NASTY}}
    rating = Piece(bullet="admin", outcome=Outcome.SHOWN, source=NASTY, kind=Kind.PERSON)
    return build_assessment(SHOP, {"SH4": hostile()}, ratings=[rating], files=hostile_files, isolated=False)


ALL = {"expert": expert, "weak": weak, "in-part": in_part, "python-strong": python_strong, "nasty": nasty}
