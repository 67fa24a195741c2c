"""Reports as columns, pages and a level."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from django.core.cache import cache

from djudge import __version__
from djudge.engine.packs.model import Assessment, Lane
from djudge.engine.reports.assembling import candidate_view
from djudge.engine.reports.assessment_building import build_assessment
from djudge.engine.reports.assessment_document import AssessedBulletFacts, AssessmentReport, EvidenceFacts
from djudge.engine.reports.document import Report
from djudge.engine.reports.html import render_html
from djudge.engine.reports.pieces import piece_of
from djudge.engine.reports.reading import read_report
from djudge.engine.reports.templating import style_policy
from djudge.engine.scoring.levels import RATED_BY_TWO, Kind, Piece
from djudge.engine.scoring.model import MERIT
from djudge.engine.values import Outcome
from djudge.web.grading import library
from djudge.web.grading.models import Result

__all__ = [
    "PIECES",
    "AssessedBulletFacts",
    "AssessmentReport",
    "EvidenceFacts",
    "RatedAnswer",
    "by_people",
    "columns",
    "findings",
    "for_candidate",
    "for_team",
    "forget",
    "growth_picture",
    "kept",
    "lacks_a_second_rater",
    "level_of",
    "measured",
    "page",
    "policy",
    "read",
]


#: Who reads a report: those who decide, the candidate whose work it is about, somebody who practises.
type Audience = Literal["team", "candidate", "practice"]

#: Seen from a candidate's report, so that the kept page holds nobody's link.
_CONTEST: Final = "../appeal/"

#: What pages show of a report besides the whole, by the question that it answers.
PIECES: Final = ("growth", "race", "report")

#: How long a rendered report is kept.
KEPT_SECONDS = 24 * 3600


def columns(document: str) -> dict[str, Any]:
    """A new result's columns from the engine's JSON; raises OperatorFault for what is no report."""
    report = read_report(document.encode())
    return {
        "document": document,
        "canonical_sha256": report.canonical_sha256,
        "headline": report.headline.text[:300],
        "bullets": {bullet.bullet: bullet.outcome.value for bullet in report.bullets},
        "fault": str(report.fault.whose) if report.fault else "",
    }


def read(result: Result) -> Report:
    """The stored report."""
    return read_report(result.document.encode())


def page(result: Result, audience: Audience) -> str:
    """The report as a whole page for somebody. Some milliseconds, once a day."""

    def render() -> str:
        return render_html(_VIEWS[audience](read(result)), _CONTEST if audience == "candidate" else "")

    # A result never changes, so what is kept of it is never stale; another version of ours renders anew.
    return str(cache.get_or_set(_key(result, audience), render, timeout=KEPT_SECONDS))


def forget(results: Iterable[Result]) -> None:
    """Keep no rendered page of these any more."""
    cache.delete_many([_key(result, name) for result in results for name in (*_VIEWS, *PIECES)])


def kept(result: Result, piece: str, render: Callable[[], str]) -> str:
    """What was rendered of one piece of a report, kept as the pages are, and forgotten with them."""
    return str(cache.get_or_set(_key(result, piece), render, timeout=KEPT_SECONDS))


def growth_picture(result: Result) -> str:
    """How statements grow in the first finding that says so, drawn with the budget, as SVG; empty where none does."""
    report = read(result)
    names = dict.fromkeys(name for finding in report.findings for name in finding.evidence)
    pieces = (piece_of(report, f"curve-{at}", name) for at, name in enumerate(names))
    return next((str(drawn.picture) for piece in pieces for drawn in piece.statements), "")


def for_candidate(result: Result) -> str:
    """The report as JSON, as the candidate may have it."""
    return candidate_view(read(result)).to_json()


def for_team(result: Result) -> str:
    """The report as JSON, as the team may have it: as it is stored."""
    return result.document


def _key(result: Result, name: str) -> str:
    return f"report {__version__} {result.pk} {result.canonical_sha256} {name}".replace(" ", "-")


def _as_it_is(report: Report) -> Report:
    return report


def _practised(report: Report) -> Report:
    """Everything that was measured, because it was drawn for nobody else; without our host and interview questions."""
    return report.model_copy(update={"questions": (), "run": report.run.model_copy(update={"host": ""})})


def findings(result: Result) -> list[tuple[str, str]]:
    """Each finding's check and title, as the report's page names them. Some milliseconds."""
    return [(finding.check, finding.title) for finding in read(result).findings]


#: What each reader may see of a report.
_VIEWS: Final[Mapping[Audience, Callable[[Report], Report]]] = {
    "team": _as_it_is,
    "candidate": candidate_view,
    "practice": _practised,
}


def policy() -> str:
    """The content security policy that a report's page needs."""
    return style_policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedAnswer:
    """An answer that a person rated, as evidence on one of the guide's bullets; `rater` is one voice, as people read
    it."""

    bullet: str
    outcome: str
    rater: str


def level_of(
    title: str, lane: str, tasks: Sequence[str], results: Iterable[Result], rated: Iterable[RatedAnswer] = ()
) -> AssessmentReport | None:
    """Where the results of one sitting place somebody, with what people rated beside them; None while there is no
    result: answers alone place nobody. Pure but for the tasks' files."""
    by_task = {}
    for result in results:
        by_task[library.task(result.submission.task).id] = read(result)
    if not by_task:
        return None
    assessment = Assessment(
        file=Path("."), id="sitting", title=title, lane=Lane(lane),
        tasks=tuple(library.task(name) for name in tasks), answers={},
    )  # fmt: skip
    return build_assessment(assessment, by_task, ratings=[_piece(each) for each in rated])


def _piece(rated: RatedAnswer) -> Piece:
    return Piece(bullet=rated.bullet, outcome=Outcome(rated.outcome), source=rated.rater, kind=Kind.PERSON)


def by_people(facts: AssessedBulletFacts) -> list[EvidenceFacts]:
    """The evidence on a bullet that is somebody's rating. Pure."""
    return [each for each in facts.evidence if each.kind is Kind.PERSON]


def measured(facts: AssessedBulletFacts) -> list[EvidenceFacts]:
    """The evidence on a bullet that a task gave, where it could tell. Pure."""
    return [each for each in facts.evidence if each.kind is Kind.TASK and each.outcome in MERIT]


def lacks_a_second_rater(facts: AssessedBulletFacts) -> bool:
    """Whether one person has rated what only two who agree can show (the guide's line 47). Pure."""
    return facts.bullet in RATED_BY_TWO and len({each.source for each in by_people(facts)}) == 1
