"""From judgement, observations and facts to the document. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from djudge import __version__
from djudge.engine.errors import CandidateFault, DjudgeError, InfrastructureError
from djudge.engine.reports.canonical import digest
from djudge.engine.reports.document import (
    BehaviourFacts,
    BulletFacts,
    EnvironmentFacts,
    FaultFacts,
    FileFacts,
    FindingFacts,
    HeadlineFacts,
    IntegrityFacts,
    ObservationFacts,
    PhaseFacts,
    PlaceFacts,
    QuestionFacts,
    RedFlagFacts,
    Report,
    RunFacts,
    SignFacts,
    SubmissionFacts,
    TaskFacts,
)
from djudge.engine.scoring.bullets import merge
from djudge.engine.scoring.gates import apply_gates
from djudge.engine.scoring.headline import headline, untested
from djudge.engine.scoring.model import Check, Scored
from djudge.engine.scoring.questions import Asked, choose_questions
from djudge.engine.values import (
    Budget,
    Finding,
    Integrity,
    Judgement,
    Observations,
    Outcome,
    Place,
    RedFlag,
    Seen,
)

_DID_NOT_RUN: Final = {
    "candidate": Outcome.NOT_SHOWN,
    "djudge": Outcome.INFRASTRUCTURE_ERROR,
    "operator": Outcome.NOT_TESTED,
    "task_author": Outcome.NOT_TESTED,
}


def assemble(
    *,
    task: TaskFacts,
    checks: Sequence[Check],
    environment: EnvironmentFacts,
    isolated: bool,
    submission: SubmissionFacts,
    phases: Sequence[PhaseFacts],
    run: RunFacts,
    judgement: Judgement | None = None,
    observations: Observations | None = None,
    budget: Budget | None = None,
    fault: FaultFacts | None = None,
    djudge: str = __version__,
) -> Report:
    """The report of one grading: scores the judgement, chooses the questions, seals the canonical digest.

    With a fault every check answers by it, whatever the judgement says: a candidate's fault shows nothing,
    ours costs nothing (`infrastructure_error`), an operator's or author's leaves everything untested. Some
    milliseconds. Raises TaskFault when findings and checks don't fit together.
    """
    judgement, observed, allowed = judgement or Judgement(()), observations or Observations(), budget or {}
    findings = [_did_not_run(check, fault) for check in checks] if fault else judgement.findings
    scored = apply_gates(findings, checks)
    bullets = merge(scored)
    asked = Asked(
        scored=scored,
        observations=observed,
        budget=allowed,
        integrity=judgement.integrity,
        red_flags=judgement.red_flags,
        fault=fault.what if fault and fault.whose == "candidate" else "",
        files=[file.path for file in submission.files],
    )
    report = Report(
        djudge=djudge,
        task=task,
        environment=environment,
        isolated=isolated,
        submission=submission,
        phases=tuple(phases),
        headline=HeadlineFacts(**asdict(headline(bullets, ran=fault is None))),
        bullets=tuple(BulletFacts(**asdict(bullet)) for bullet in bullets),
        not_tested=untested(bullets),
        findings=tuple(_finding_facts(one) for one in scored),
        integrity=tuple(_integrity_facts(each) for each in judgement.integrity),
        red_flags=tuple(_flag_facts(each) for each in judgement.red_flags),
        fault=fault,
        questions=tuple(QuestionFacts(**asdict(question)) for question in choose_questions(asked)),
        observations=_observation_facts(observed),
        budget={solution: _observation_facts(each) for solution, each in sorted(allowed.items())},
        run=run,
    )
    return report.model_copy(update={"canonical_sha256": digest(report)})


def fault_of(error: DjudgeError, phase: str = "") -> FaultFacts:
    """Any error of the engine as facts; `phase` is for those that don't know their own."""
    if isinstance(error, CandidateFault):
        return FaultFacts(
            whose=error.fault,
            phase=error.phase,
            kind=error.kind,
            what=error.what,
            cure=error.cure,
            detail=error.detail,
            file=error.file,
            line=error.line,
        )
    kind = error.kind if isinstance(error, InfrastructureError) else f"{error.fault}_error"
    return FaultFacts(whose=error.fault, phase=phase, kind=kind, what=error.what, cure=error.cure)


def submission_facts(files: Mapping[str, bytes | None], diffs: Mapping[str, str]) -> SubmissionFacts:
    """The changed files (None: deleted) and their unified diffs, both by path."""
    return SubmissionFacts(
        files=tuple(
            FileFacts(
                path=path,
                sha256=None if content is None else hashlib.sha256(content).hexdigest(),
                diff=diffs.get(path, ""),
            )
            for path, content in sorted(files.items())
        )
    )


def candidate_view(report: Report) -> Report:
    """What the candidate may read: the same facts without what would give the hidden checks away.

    Left out are observations and budgets, the seed that the data came from, digests of the pack, the
    interview questions, and the host. `canonical_sha256` stays, so that both can see that they read the same
    report.
    """
    hidden = {"seed": "", "pack_digest": ""}
    return report.model_copy(
        update={
            "audience": "candidate",
            "task": report.task.model_copy(update={"digest": ""}),
            "environment": report.environment.model_copy(update=hidden),
            "questions": (),
            "observations": ObservationFacts(),
            "budget": {},
            "run": report.run.model_copy(update={"host": ""}),
        }
    )


def _did_not_run(check: Check, fault: FaultFacts) -> Finding:
    refused = fault.whose == "candidate" and fault.phase == "submission"
    return Finding(
        check=check.id,
        outcome=Outcome.NOT_TESTED if refused else _DID_NOT_RUN[fault.whose],
        measured="nothing: it did not run",
        expected="code that runs",
        candidate="This could not be measured; the reason is at the top of the report.",
        recruiter="This could not be measured; the reason is at the top of the report.",
    )


def _finding_facts(one: Scored) -> FindingFacts:
    finding = one.finding
    return FindingFacts(
        check=one.check.id,
        title=one.check.title,
        asks=one.check.asks,
        bullet=one.check.bullet,
        gate=one.check.gate,
        outcome=one.outcome,
        own_outcome=finding.outcome,
        lowered_by=one.lowered_by,
        measured=finding.measured,
        expected=finding.expected,
        candidate=finding.candidate,
        recruiter=finding.recruiter,
        evidence=finding.evidence,
        places=tuple(_place(place) for place in finding.places[:50]),
        # The one door to a claim's text: it is quoted here, and nothing below this line can decide anything.
        claims=tuple(claim._text for claim in finding.claims[:20]),
    )


def _integrity_facts(integrity: Integrity) -> IntegrityFacts:
    return IntegrityFacts(
        kind=integrity.kind,
        what=integrity.what,
        innocent=integrity.innocent,
        places=tuple(_place(place) for place in integrity.places[:50]),
    )


def _flag_facts(flag: RedFlag) -> RedFlagFacts:
    return RedFlagFacts(
        kind=flag.kind,
        guide_line=flag.guide_line,
        what=flag.what,
        innocent=flag.innocent,
        text=tuple(SignFacts(what=each.what, file=each.place.file, line=each.place.line) for each in flag.text[:50]),
        behaviour=tuple(
            BehaviourFacts(evidence="seen" if isinstance(each, Seen) else "answered", what=each.value)
            for each in flag.behaviour[:50]
        ),
    )


def _place(place: Place) -> PlaceFacts:
    return PlaceFacts(file=place.file, line=place.line)


def _observation_facts(observations: Observations) -> ObservationFacts:
    return ObservationFacts.model_validate(observations.to_json())
