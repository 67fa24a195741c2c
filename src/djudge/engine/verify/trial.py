"""One solution graded once: what the rules of a proof look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from djudge.engine.packs.model import Expected, SolutionKind, Task
from djudge.engine.reports.document import Report
from djudge.engine.values import Outcome

#: What a scored check is worth where solutions are put in order. Reports never add points up.
MERIT: Mapping[Outcome, int] = {Outcome.SHOWN: 2, Outcome.PARTLY: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What grading a solution came to. `kind` is None for the start and for junk, which declare nothing."""

    solution: str
    kind: SolutionKind | None
    expected: Expected | None
    seed: str
    outcomes: Mapping[str, Outcome]
    integrity: frozenset[str]
    fault: str
    sha256: str
    red_flags: frozenset[str] = frozenset()

    def merit(self, task: Task) -> int:
        """Shown counts two, partly one, on the checks that can raise a score."""
        scored = [check.id for check in task.checks if not check.gate]
        return sum(MERIT.get(self.outcomes[check], 0) for check in scored)


def trial_of(
    report: Report, task: Task, *, solution: str, kind: SolutionKind | None, expected: Expected | None, seed: str
) -> Trial:
    """A trial from a report. A candidate's fault leaves every check not shown."""
    found = {finding.check: Outcome(finding.outcome) for finding in report.findings}
    return Trial(
        solution=solution,
        kind=kind,
        # A plain mapping: trials come back from other processes.
        expected=replace(expected, outcomes=dict(expected.outcomes)) if expected else None,
        seed=seed,
        outcomes={check.id: found.get(check.id, Outcome.NOT_SHOWN) for check in task.checks},
        integrity=frozenset(finding.kind for finding in report.integrity),
        fault=report.fault.kind if report.fault else "",
        sha256=report.canonical_sha256,
        red_flags=frozenset(flag.kind for flag in report.red_flags),
    )
