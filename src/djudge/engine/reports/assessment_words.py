"""The words of an assessment's report, the same in every rendering."""

from __future__ import annotations

from typing import Final

from djudge.engine.packs.model import Lane
from djudge.engine.reports.assessment_document import AssessedBulletFacts, AssessmentReport, State
from djudge.engine.reports.words import LEVELS
from djudge.engine.scoring.headline import NAMES

STATES: Final[dict[State, str]] = {
    "graded": "graded",
    "not_handed_in": "not handed in",
    "refused": "refused",
    "stopped": "stopped",
    "fault_on_our_side": "fault on our side",
}

MINIMUM: Final = {
    "yes": "yes",
    "no": "no",
    "not_enough_evidence": "not enough evidence",
    "not_asked": "not asked in this lane",
}

LANES: Final = {
    Lane.DJANGO_READY: "For people who work with Django",
    Lane.PYTHON_STRONG: "For people strong in Python, to whom Django is new",
}

#: What an assessment is, wherever its level stands.
INDICATED: Final = (
    "Indicated: one piece of evidence on every bullet that was asked for. A level is confirmed by two independent "
    "pieces on every bullet of the guide up to it: two tasks, or a task and a person's rating. How long somebody has "
    "worked is no part of it."
)
PYTHON_ONLY: Final = (
    "Three Python results and no Django level: who is strong in Python can learn Django. The guide's estimate is two "
    "to three weeks."
)

LEARNING: Final = "How quickly they learn"


def blocks(report: AssessmentReport) -> list[tuple[str, list[AssessedBulletFacts]]]:
    """The bullets in blocks by level, the guide's Python last, or first and alone where nothing else was asked."""
    found = [(title, [each for each in report.bullets if each.level == level]) for level, title in LEVELS.items()]
    return found[-1:] + found[:-1] if report.assessment.lane is Lane.PYTHON_STRONG else found


def sources(bullet: AssessedBulletFacts) -> str:
    """Where a bullet's evidence comes from, in a line; empty where nothing is known and nothing was asked."""
    told = [f"{each.source}: {each.outcome.value.replace('_', ' ')}" for each in bullet.evidence]
    told += [f"nothing from {task}" for task in bullet.silent if task not in {each.source for each in bullet.evidence}]
    told += [f"shown by {NAMES.get(higher, higher)}" for higher in bullet.implied_by]
    return "; ".join(told)
