"""The result document: one grading as frozen facts, version 1.

A report is what a person decides with and what a machine stores, so it holds the facts and no rendering of
them. Every string is cleaned when a value is made (no NUL, no lone surrogate, a length that can be printed),
which makes a document of hostile material as safe to store as any. `docs/reference/report-1.md` explains each
field; the JSON schema beside it is generated, and a test holds them together.
"""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from djudge.engine.errors import Fault
from djudge.engine.reports.bounded import bounded_object
from djudge.engine.reports.safe_text import storable
from djudge.engine.values import Outcome

SCHEMA_VERSION: Final = 1

Audience = Literal["operator", "candidate"]


def _text(most: int) -> BeforeValidator:
    return BeforeValidator(lambda value: storable(value, most) if isinstance(value, str) else value)


Line = Annotated[str, _text(500), Field(max_length=500)]
Sentence = Annotated[str, _text(4_000), Field(max_length=4_000)]
Block = Annotated[str, _text(32_000), Field(max_length=32_000)]
Diff = Annotated[str, _text(400_000), Field(max_length=400_000)]
Stored = Annotated[dict[str, JsonValue], BeforeValidator(bounded_object)]


class Facts(BaseModel):
    """What all parts of a document have in common: frozen, and no field but those that are named."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class TaskFacts(Facts):
    """Which task was asked. `digest` is of the task's folder; empty where the reader may not know it."""

    pack: Line
    id: Line
    title: Line
    version: int
    level: int
    minutes: int
    digest: Line = ""


class EnvironmentFacts(Facts):
    """What has to be the same for two reports to be comparable byte for byte.

    `python` is the minor version ("3.12"), `seed` in hexadecimal, `postgres` the build of the exam server.
    """

    digest: Line
    seed: Line
    assessment: Line
    pack_digest: Line
    python: Line
    django: Line
    postgres: Line


class FileFacts(Facts):
    """A file that the candidate changed; no `sha256` means that it was deleted. `diff` may be empty."""

    path: Line
    sha256: Line | None
    diff: Diff = ""


class SubmissionFacts(Facts):
    """What was handed in, as far as it differs from the task's start."""

    files: tuple[FileFacts, ...] = ()


class PhaseFacts(Facts):
    """One step of the grading and how it ended."""

    name: Line
    outcome: Literal["done", "failed", "skipped"]


class PlaceFacts(Facts):
    """A spot in the submitted text."""

    file: Line
    line: int


class FindingFacts(Facts):
    """The answer of one check. `outcome` counts; `own_outcome` is its own before `lowered_by`."""

    check: Line
    title: Line
    asks: Sentence
    bullet: Line | None
    gate: bool
    outcome: Outcome
    own_outcome: Outcome
    lowered_by: tuple[Line, ...] = ()
    measured: Sentence
    expected: Sentence
    candidate: Sentence
    recruiter: Sentence
    evidence: tuple[Line, ...] = ()
    places: tuple[PlaceFacts, ...] = ()
    claims: tuple[Sentence, ...] = ()


class IntegrityFacts(Facts):
    """Something that does not fit an honest run, with the honest ways to it. Never a verdict."""

    kind: Line
    what: Sentence
    innocent: Sentence
    places: tuple[PlaceFacts, ...] = ()


class SignFacts(Facts):
    """What the submitted text shows at one place."""

    what: Sentence
    file: Line
    line: int


class BehaviourFacts(Facts):
    """What was seen from outside, or answered, that says the same as the text."""

    evidence: Literal["seen", "answered"]
    what: Sentence


class RedFlagFacts(Facts):
    """A warning sign of the guide, with both kinds of evidence and an innocent explanation. It costs no mark."""

    kind: Line
    guide_line: int
    what: Sentence
    innocent: Sentence
    text: tuple[SignFacts, ...]
    behaviour: tuple[BehaviourFacts, ...]


class BulletFacts(Facts):
    """One line of the guide: how it came out, because of which checks. Level 0 is the guide's Python."""

    bullet: Line
    level: int
    outcome: Outcome
    because: tuple[Line, ...] = ()


class HeadlineFacts(Facts):
    """The first line, and as large beside it what was not tested."""

    shown: int
    partly: int
    not_shown: int
    tested: int
    text: Sentence
    not_tested: Sentence


class FaultFacts(Facts):
    """Why the grading stopped: whose fault, what happened, what to do. `detail` is the guest's own words."""

    whose: Fault
    phase: Line
    kind: Line
    what: Sentence
    cure: Sentence = ""
    detail: Block = ""
    file: Line | None = None
    line: int | None = None


class QuestionFacts(Facts):
    """An interview question with the measurement behind it and what to listen for."""

    text: Sentence
    because: Sentence
    listen_for: Sentence
    check: Line | None = None


class ObservationFacts(Facts):
    """The stored observations, under the type of evidence that they are; enough to judge the run again."""

    seen: Stored = Field(default_factory=dict)
    answered: Stored = Field(default_factory=dict)
    claimed: Stored = Field(default_factory=dict)

    def named(self, name: str) -> JsonValue:
        """An observation by name; None where there is none."""
        return self.seen.get(name, self.answered.get(name, self.claimed.get(name)))


class RunFacts(Facts):
    """What differs between two gradings of the same: never part of the canonical report."""

    started_at: AwareDatetime
    durations: dict[Line, int] = Field(default_factory=dict, description="milliseconds by phase")
    host: Line = ""
    separated_by: Line = Field(default="", description="what kept guest and servers apart: users, or namespaces alone")


class Report(Facts):
    """One grading. Make it with `build_report`; read a stored one with `read_report`."""

    schema_version: Literal[1] = 1
    djudge: Line
    audience: Audience = "operator"
    task: TaskFacts
    environment: EnvironmentFacts
    isolated: bool
    submission: SubmissionFacts
    phases: tuple[PhaseFacts, ...]
    headline: HeadlineFacts
    bullets: tuple[BulletFacts, ...]
    not_tested: tuple[Line, ...]
    findings: tuple[FindingFacts, ...]
    integrity: tuple[IntegrityFacts, ...]
    red_flags: tuple[RedFlagFacts, ...] = ()
    fault: FaultFacts | None
    questions: tuple[QuestionFacts, ...]
    observations: ObservationFacts
    budget: dict[Line, ObservationFacts]
    canonical_sha256: str = ""
    run: RunFacts

    def to_json(self) -> str:
        """The whole document as JSON in ASCII, so that even a terminal that prints it is safe."""
        return json.dumps(self.model_dump(mode="json"), indent=2, allow_nan=False)
