"""The document of an assessment: several gradings of one person as frozen facts, version 1.

It holds what follows from the single reports and where these are, not the reports themselves. It is cleaned and
bounded as they are; `docs/reference/assessment-1.md` explains each field.
"""

from __future__ import annotations

import json
from typing import Final, Literal

from djudge.engine.packs.model import Lane
from djudge.engine.reports.document import (
    Facts,
    IntegrityFacts,
    Line,
    RedFlagFacts,
    RunFacts,
    Sentence,
)
from djudge.engine.scoring.levels import Kind
from djudge.engine.values import Outcome

SCHEMA_VERSION: Final = 1

State = Literal["graded", "not_handed_in", "refused", "stopped", "fault_on_our_side"]


class AssessmentFacts(Facts):
    """Which assessment was asked."""

    id: Line
    title: Line
    lane: Lane
    minutes: int


class LevelHeadlineFacts(Facts):
    """The first line with its coverage, and as large beside it what was not tested."""

    text: Sentence
    not_tested: Sentence


class LevelFacts(Facts):
    """One level of the guide: whether it is indicated, and whether confirmed; what it lacks, a sentence each.

    `unconfirmed` are the bullets up to it without two independent pieces of evidence.
    """

    level: int
    name: Line
    indicated: bool
    confirmed: bool
    lacking: tuple[Sentence, ...] = ()
    unconfirmed: tuple[Line, ...] = ()


class EvidenceFacts(Facts):
    """What one task, or one person, said of a bullet; `because` are the task's checks with what was measured."""

    source: Line
    kind: Kind
    outcome: Outcome
    because: tuple[Sentence, ...] = ()


class AssessedBulletFacts(Facts):
    """One bullet of the guide over all tasks. Level 0 is the guide's Python.

    `counts`: whether levels look at it. `silent` are tasks that were to tell of it and said nothing. `implied_by` are
    higher bullets that show it. `independent`: two independent pieces of evidence.
    """

    bullet: Line
    level: int
    outcome: Outcome
    counts: bool
    independent: bool
    evidence: tuple[EvidenceFacts, ...] = ()
    silent: tuple[Line, ...] = ()
    implied_by: tuple[Line, ...] = ()


class AssessedTaskFacts(Facts):
    """One task of the assessment: what became of it, and the files beside this one that hold its report."""

    pack: Line
    id: Line
    title: Line
    level: int
    minutes: int
    state: State
    said: Sentence = ""
    json_file: Line = ""
    html_file: Line = ""
    canonical_sha256: Line = ""


class RaisedFlagFacts(Facts):
    """A red flag, and the task in which it was raised."""

    task: Line
    flag: RedFlagFacts


class RaisedIntegrityFacts(Facts):
    """Something that did not fit, and the task in which it was seen."""

    task: Line
    integrity: IntegrityFacts


class AssessmentReport(Facts):
    """One assessment of one person. Make it with `build_assessment`."""

    schema_version: Literal[1] = 1
    kind: Literal["assessment"] = "assessment"
    djudge: Line
    assessment: AssessmentFacts
    isolated: bool
    headline: LevelHeadlineFacts
    level: int
    confirmed: int
    minimum: Literal["yes", "no", "not_enough_evidence", "not_asked"]
    levels: tuple[LevelFacts, ...]
    bullets: tuple[AssessedBulletFacts, ...]
    learning: Outcome
    not_tested: tuple[Line, ...]
    tasks: tuple[AssessedTaskFacts, ...]
    red_flags: tuple[RaisedFlagFacts, ...] = ()
    integrity: tuple[RaisedIntegrityFacts, ...] = ()
    canonical_sha256: str = ""
    run: RunFacts

    def to_json(self) -> str:
        """The whole document as JSON in ASCII."""
        return json.dumps(self.model_dump(mode="json"), indent=2, allow_nan=False)
