"""The report of an assessment as one self-contained page, in the manner of a single task's."""

from __future__ import annotations

from urllib.parse import quote

from djudge.engine.packs.model import Lane
from djudge.engine.reports.assessment_document import (
    AssessedBulletFacts,
    AssessedTaskFacts,
    AssessmentReport,
)
from djudge.engine.reports.assessment_words import (
    INDICATED,
    LANES,
    LEARNING,
    MINIMUM,
    PYTHON_ONLY,
    STATES,
    blocks,
    sources,
)
from djudge.engine.reports.document import PlaceFacts, SignFacts
from djudge.engine.reports.templating import render
from djudge.engine.reports.words import NOT_ISOLATED, flag_name
from djudge.engine.scoring.headline import NAMES
from djudge.engine.scoring.model import MERIT
from djudge.engine.values import BULLETS

#: As many bullets can be named in large type.
_FEW = 5


def render_assessment(report: AssessmentReport) -> str:
    """The page. Some milliseconds; no content makes it fail."""
    return render("assessment.html.j2", page=_Page(report))


class _Page:
    """What the template asks for; nothing is escaped or decided here."""

    indicated = INDICATED
    python_only = PYTHON_ONLY
    learning = LEARNING
    not_isolated = NOT_ISOLATED
    states = STATES
    #: Macros of single reports ask it; an assessment is read by the operator alone.
    for_candidate = False
    flag_name = staticmethod(flag_name)
    sources = staticmethod(sources)

    def __init__(self, report: AssessmentReport) -> None:
        self.report = report
        self.blocks = blocks(report)
        self.lane = LANES[report.assessment.lane]
        self.minimum = MINIMUM[report.minimum]
        self.places_level = report.assessment.lane is Lane.DJANGO_READY
        self.outcomes = [each.outcome for each in report.bullets if each.outcome in MERIT]

    @property
    def untested(self) -> str:
        """What was not tested, as short as the other half of the first line; empty where the names are short enough."""
        left = len(self.report.not_tested)
        return "" if left <= _FEW else f"{left} of the guide's {len(BULLETS)} bullets"

    def name(self, bullet: AssessedBulletFacts) -> str:
        """A bullet in words."""
        return NAMES.get(bullet.bullet, bullet.bullet)

    def names(self, bullets: tuple[str, ...]) -> str:
        """Some bullets in words."""
        return ", ".join(NAMES.get(bullet, bullet) for bullet in bullets)

    def anchor(self, task: str) -> str:
        """The id of a task on the page; ids are ours, tasks only choose among them."""
        order = [each.id for each in self.report.tasks]
        return f"task-{order.index(task) + 1}" if task in order else "tasks"

    def link(self, task: AssessedTaskFacts) -> str:
        """Where the task's own report lies: a file beside this page."""
        return quote(task.html_file or task.json_file)

    def place(self, place: PlaceFacts | SignFacts) -> str:
        """Submitted lines stand in the single reports."""
        return ""
