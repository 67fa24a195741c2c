"""The words and shapes of a report, the same in every rendering.

An outcome is told by shape and word first; colour only repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from djudge.engine.reports.document import EnvironmentFacts, FindingFacts, Report
from djudge.engine.reports.safe_text import line
from djudge.engine.values import Outcome


@dataclass(frozen=True, slots=True)
class Mark:
    """How an outcome looks: `shape` in Unicode, `plain` in ASCII, `style` a class or theme name."""

    word: str
    shape: str
    plain: str
    style: str


MARKS: Final = {
    Outcome.SHOWN: Mark("shown", "●", "[x]", "shown"),
    Outcome.PARTLY: Mark("partly", "◐", "[/]", "partly"),
    Outcome.NOT_SHOWN: Mark("not shown", "○", "[ ]", "not-shown"),
    Outcome.NOT_TESTED: Mark("not tested", "◌", "[.]", "not-tested"),
    Outcome.INFRASTRUCTURE_ERROR: Mark("fault on our side", "▲", "[!]", "our-fault"),
}

BLAME: Final = {
    "candidate": "In the submission",
    "task_author": "In the task or its pack",
    "operator": "In how Djudge was called or set up",
    "djudge": "In Djudge itself",
}

#: The operator's own code, which a check runs: theirs to mend, but not wrong use.
IN_THE_PROJECT: Final = "In the project that was checked"

LEVELS: Final = {
    1: "Level 1 · basic",
    2: "Level 2 · competent",
    3: "Level 3 · expert",
    0: "Python",
}

NOT_ISOLATED: Final = (
    "This code ran without the jail (--own-code). Such a report is for one's own code; it proves nothing "
    "about a candidate."
)
#: What stands above the red flags, in every rendering.
RED_FLAGS: Final = "Red flags of the guide (to ask about; they cost no mark)"

#: The guide's red flags in words, by their kind.
FLAG_NAMES: Final = {
    "relationships-misunderstood": "relationships misunderstood",
}

ONE_TASK: Final = "One task is one piece of evidence; it places no level."

#: The weakest first.
_ORDER: Final = (
    Outcome.NOT_SHOWN,
    Outcome.PARTLY,
    Outcome.INFRASTRUCTURE_ERROR,
    Outcome.NOT_TESTED,
    Outcome.SHOWN,
)
_FIRST, _BY_BULLET, _LAST = range(3)


def in_order(report: Report) -> tuple[FindingFacts, ...]:
    """The findings in the order of what they change.

    First the gates that were not passed, because they lower all others; then bullet by bullet, the weakest bullet
    first, each bullet's checks as their task declares them, so that a cause stands before what follows from it; last
    the gates that changed nothing.
    """
    outcomes = {bullet.bullet: bullet.outcome for bullet in report.bullets}
    declared = list(dict.fromkeys(finding.bullet for finding in report.findings))

    def weight(finding: FindingFacts) -> tuple[int, int, int]:
        if finding.gate:
            return (_LAST if finding.outcome is Outcome.SHOWN else _FIRST, _ORDER.index(finding.outcome), 0)
        outcome = outcomes.get(finding.bullet or "", finding.outcome)
        return (_BY_BULLET, _ORDER.index(outcome), declared.index(finding.bullet))

    return tuple(sorted(report.findings, key=weight))


def titles(report: Report) -> dict[str, str]:
    """The title of each check by its id."""
    return {finding.check: finding.title for finding in report.findings}


def flag_name(kind: str) -> str:
    """A red flag in words; a kind that a newer judge knows reads as it is written."""
    return FLAG_NAMES.get(kind, kind.replace("-", " "))


def lowered(finding: FindingFacts, report: Report) -> str:
    """Why a finding counts for less than it measured; empty where it doesn't."""
    if not finding.lowered_by:
        return ""
    gates = " and ".join(f"“{titles(report).get(gate, gate)}”" for gate in finding.lowered_by)
    own = MARKS[finding.own_outcome].word
    return f"By itself this would be {own}; it counts as {MARKS[finding.outcome].word} because of {gates}."


def postgres(environment: EnvironmentFacts) -> str:
    """The exam server's build, named once."""
    build = line(environment.postgres, 80)
    if not build:
        return "no database"
    return build if build.lower().startswith("postgresql") else f"PostgreSQL build {build}"
