"""From the reports of single tasks to the report of an assessment. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from djudge import __version__
from djudge.engine.packs.model import Assessment, Lane, Task
from djudge.engine.reports.assessment_document import (
    AssessedBulletFacts,
    AssessedTaskFacts,
    AssessmentFacts,
    AssessmentReport,
    EvidenceFacts,
    LevelFacts,
    LevelHeadlineFacts,
    RaisedFlagFacts,
    RaisedIntegrityFacts,
    State,
)
from djudge.engine.reports.document import BulletFacts, Report, RunFacts
from djudge.engine.scoring.level_words import (
    LEVEL_NAMES,
    LevelHeadline,
    lacking,
    level_headline,
    python_headline,
    unconfirmed,
)
from djudge.engine.scoring.levels import LEVELS, BulletResult, Kind, Piece, Placement, Scope, place
from djudge.engine.scoring.model import MERIT
from djudge.engine.values import Json, Outcome

#: What became of a task is told by whose fault stopped it.
_STATES: Final[Mapping[str, State]] = {"candidate": "stopped", "djudge": "fault_on_our_side"}


def scope_of(assessment: Assessment) -> Scope:
    """What an assessment asks: the bullets that each of its tasks serves."""
    return Scope({task.id: task.bullets for task in assessment.tasks})


def pieces_of(reports: Mapping[str, Report]) -> tuple[Piece, ...]:
    """The evidence in some reports, which are named by their tasks."""
    return tuple(
        Piece(bullet=bullet.bullet, outcome=bullet.outcome, source=task)
        for task, report in reports.items()
        for bullet in report.bullets
    )


def build_assessment(
    assessment: Assessment,
    reports: Mapping[str, Report],
    *,
    ratings: Sequence[Piece] = (),
    files: Mapping[str, Mapping[str, str]] | None = None,
    isolated: bool = True,
    djudge: str = __version__,
) -> AssessmentReport:
    """The report of an assessment: places the level, and seals the digest.

    `reports` by the task's id, at least one; a task without one was not handed in. `files` are names of the files
    beside this one that hold a report, by the task's id and kind (`json`, `html`). `ratings` are what people add.
    """
    placement = place(scope_of(assessment), [*pieces_of(reports), *ratings])
    django = assessment.lane is Lane.DJANGO_READY
    headline = level_headline(placement) if django else python_headline(placement)
    named = files or {}
    report = AssessmentReport(
        djudge=djudge,
        assessment=_assessment_facts(assessment),
        isolated=isolated,
        headline=_headline_facts(headline),
        level=placement.level if django else 0,
        confirmed=placement.confirmed if django else 0,
        minimum=placement.minimum.value if django else "not_asked",
        levels=tuple(_level(placement, level) for level in LEVELS) if django else (),
        bullets=tuple(_bullet(each, reports) for each in placement.bullets),
        # No task measures it yet.
        learning=Outcome.NOT_TESTED,
        not_tested=tuple(each.bullet for each in placement.bullets if each.outcome not in MERIT),
        tasks=tuple(_task(task, reports.get(task.id), named.get(task.id, {})) for task in assessment.tasks),
        red_flags=tuple(
            RaisedFlagFacts(task=task, flag=flag) for task, report in reports.items() for flag in report.red_flags
        ),
        integrity=tuple(
            RaisedIntegrityFacts(task=task, integrity=each)
            for task, report in reports.items()
            for each in report.integrity
        ),
        run=_run(reports.values()),
    )
    return report.model_copy(update={"canonical_sha256": assessment_digest(report)})


def assessment_digest(report: AssessmentReport) -> str:
    """SHA-256 of what is the same whenever the same code is assessed in the same environment: a whitelist."""
    bullets: list[Json] = [f"{each.bullet} {each.outcome.value}" for each in report.bullets]
    tasks: list[Json] = [f"{each.pack}/{each.id} {each.state} {each.canonical_sha256}" for each in report.tasks]
    whole: Json = {
        "schema": report.schema_version,
        "assessment": [report.assessment.id, report.assessment.lane],
        "isolated": report.isolated,
        "level": [report.level, report.confirmed, report.minimum],
        "bullets": bullets,
        "tasks": tasks,
        "red_flags": [*sorted(f"{each.task} {each.flag.kind}" for each in report.red_flags)],
        "integrity": [*sorted(f"{each.task} {each.integrity.kind}" for each in report.integrity)],
    }
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def _assessment_facts(assessment: Assessment) -> AssessmentFacts:
    return AssessmentFacts(id=assessment.id, title=assessment.title, lane=assessment.lane, minutes=assessment.minutes)


def _headline_facts(headline: LevelHeadline) -> LevelHeadlineFacts:
    return LevelHeadlineFacts(text=headline.text, not_tested=headline.not_tested)


def _level(placement: Placement, level: int) -> LevelFacts:
    return LevelFacts(
        level=level,
        name=LEVEL_NAMES[level],
        indicated=placement.indicated(level),
        confirmed=placement.is_confirmed(level),
        lacking=lacking(placement, level),
        unconfirmed=unconfirmed(placement, level),
    )


def _bullet(result: BulletResult, reports: Mapping[str, Report]) -> AssessedBulletFacts:
    return AssessedBulletFacts(
        bullet=result.bullet,
        level=result.level,
        outcome=result.outcome,
        counts=result.counts,
        independent=result.confirmed,
        evidence=tuple(_evidence(piece, reports) for piece in result.pieces),
        silent=result.silent,
        implied_by=result.implied_by,
    )


def _evidence(piece: Piece, reports: Mapping[str, Report]) -> EvidenceFacts:
    report = reports.get(piece.source) if piece.kind is Kind.TASK else None
    because = tuple(_because(report, piece.bullet)) if report and not report.fault else ()
    return EvidenceFacts(source=piece.source, kind=piece.kind, outcome=piece.outcome, because=because)


def _because(report: Report, name: str) -> Iterator[str]:
    findings = {finding.check: finding for finding in report.findings}
    bullets: Iterable[BulletFacts] = (bullet for bullet in report.bullets if bullet.bullet == name)
    for check in (check for bullet in bullets for check in bullet.because):
        yield f"{findings[check].title}: {findings[check].measured}"


def _task(task: Task, report: Report | None, files: Mapping[str, str]) -> AssessedTaskFacts:
    return AssessedTaskFacts(
        pack=task.pack.name,
        id=task.id,
        title=task.title,
        level=task.level,
        minutes=task.minutes,
        state=_state(report),
        said=_said(report),
        json_file=files.get("json", ""),
        html_file=files.get("html", ""),
        canonical_sha256=report.canonical_sha256 if report else "",
    )


def _state(report: Report | None) -> State:
    if report is None:
        return "not_handed_in"
    if not report.fault:
        return "graded"
    return "refused" if report.fault.phase == "submission" else _STATES.get(report.fault.whose, "fault_on_our_side")


def _said(report: Report | None) -> str:
    if report is None:
        return ""
    return f"{report.fault.what} {report.fault.cure}".strip() if report.fault else report.headline.text


def _run(reports: Iterable[Report]) -> RunFacts:
    """When the first began, and how long each took."""
    every = list(reports)
    return RunFacts(
        started_at=min(report.run.started_at for report in every),
        durations={report.task.id: sum(report.run.durations.values()) for report in every},
        host=next((report.run.host for report in every), ""),
        separated_by=next((report.run.separated_by for report in every), ""),
    )
