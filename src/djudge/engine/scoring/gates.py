"""Gates: a check that can only lower the others.

A page that is fast because it shows nothing has shown nothing. So a gate asks whether the behaviour still
holds, and its outcome is a ceiling for every scored check of the task: where it is not shown, nothing else
is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from djudge.engine.errors import TaskFault
from djudge.engine.scoring.model import MERIT, Check, Scored
from djudge.engine.values import Finding, Outcome


def apply_gates(findings: Iterable[Finding], checks: Sequence[Check]) -> tuple[Scored, ...]:
    """Every check with its finding and the outcome that counts, in the order of task.toml.

    Raises TaskFault when the findings do not answer each check exactly once.
    """
    answers = _answers(findings, checks)
    ceilings = {check.id: answers[check.id].outcome for check in checks if check.gate}
    return tuple(_scored(check, answers[check.id], ceilings) for check in checks)


def _answers(findings: Iterable[Finding], checks: Sequence[Check]) -> Mapping[str, Finding]:
    declared = {check.id for check in checks}
    answers: dict[str, Finding] = {}
    for finding in findings:
        if finding.check not in declared:
            raise TaskFault(f"judge.py answers “{finding.check}”, a check that task.toml does not name.")
        if finding.check in answers:
            raise TaskFault(f"judge.py answers the check “{finding.check}” twice.")
        answers[finding.check] = finding
    missing = sorted(declared - answers.keys())
    if missing:
        raise TaskFault(
            f"judge.py leaves checks without an answer: {', '.join(missing)}.",
            "Return one finding for each check of task.toml.",
        )
    return answers


def _scored(check: Check, finding: Finding, ceilings: Mapping[str, Outcome]) -> Scored:
    if check.gate:
        return Scored(check=check, finding=finding, outcome=finding.outcome)
    outcome = lowest([finding.outcome, *ceilings.values()])
    blame = tuple(sorted(gate for gate, ceiling in ceilings.items() if ceiling == outcome))
    changed = outcome != finding.outcome
    return Scored(check=check, finding=finding, outcome=outcome, lowered_by=blame if changed else ())


def lowest(outcomes: Sequence[Outcome]) -> Outcome:
    """The weakest of some outcomes.

    One that says nothing of the candidate leaves the whole unsaid, unless another says `not_shown`: a
    gate that could not be asked earns nobody anything.
    """
    if Outcome.NOT_SHOWN in outcomes:
        return Outcome.NOT_SHOWN
    for silent in (Outcome.INFRASTRUCTURE_ERROR, Outcome.NOT_TESTED):
        if silent in outcomes:
            return silent
    return min(outcomes, key=MERIT.index)
