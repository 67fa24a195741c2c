"""The words of the judge as frozen values: evidence, observations, findings.

Rule 2 lives here. Evidence comes as `Seen` (from outside: PostgreSQL, the kernel, a service that the judge owns) or
`Answered` (given by the guest without knowing what was expected); what the guest says of itself is `Claimed`. Only the
first two fit where a finding is made, so that mypy refuses a judge function that raises a score from a claim, and a
`Claimed` shows nothing that could be compared: it can be quoted in a report and that is all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NoReturn, final

type Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


class Outcome(StrEnum):
    """How a check answered. The order of the first three is the order of merit."""

    SHOWN = "shown"
    PARTLY = "partly"
    NOT_SHOWN = "not_shown"
    NOT_TESTED = "not_tested"
    INFRASTRUCTURE_ERROR = "infrastructure_error"


@final
@dataclass(frozen=True, slots=True)
class Seen[T]:
    """Evidence from outside the guest; candidate code can't have written it."""

    value: T

    def __post_init__(self) -> None:
        _refuse_claims(self.value)

    def read[U](self, reader: Callable[[T], U]) -> Seen[U]:
        """The same evidence, parsed or reduced: still seen."""
        return Seen(reader(self.value))


@final
@dataclass(frozen=True, slots=True)
class Answered[T]:
    """What the guest answered to a question whose right answer it was not told."""

    value: T

    def __post_init__(self) -> None:
        _refuse_claims(self.value)

    def read[U](self, reader: Callable[[T], U]) -> Answered[U]:
        """The same evidence, parsed or reduced: still an answer."""
        return Answered(reader(self.value))


@final
class Quotation:
    """Text of a claim, for display. No `str`: it can't be compared, searched or parsed by a judge function.

    It has no `__eq__` of its own on purpose: mypy then refuses to compare it with anything else.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __bool__(self) -> NoReturn:
        raise TypeError("A claim can't decide anything.")


@final
class Claimed:
    """What code in the guest says of itself. Opaque: it may be shown to people, and decides nothing."""

    __slots__ = ("_value",)

    def __init__(self, value: Json) -> None:
        self._value = value

    def __bool__(self) -> NoReturn:
        raise TypeError("A claim can't decide anything.")

    def quote(self) -> Quotation:
        """For the `claims` of a finding; reports escape it and mark it as the guest's own words."""
        return Quotation(str(self._value)[:2000])


def _refuse_claims(value: object) -> None:
    """What the type checker can't see: a claim wrapped into evidence by hand."""
    if isinstance(value, Claimed | Quotation):
        raise TypeError("A claim does not become evidence by being wrapped.")


type Evidence = Seen[Json] | Answered[Json]


@dataclass(frozen=True, slots=True)
class Observations:
    """What `observe` brings home: bounded plain JSON, each entry under the type of evidence that it is.

    Names are the task's own (`growth`, `page`); the values are what probes return. Stored as it is, so that a run can
    be judged again without a sandbox.
    """

    seen: Mapping[str, Json] = field(default_factory=dict)
    answered: Mapping[str, Json] = field(default_factory=dict)
    claimed: Mapping[str, Json] = field(default_factory=dict)

    def saw(self, name: str) -> Seen[Json]:
        """Evidence by name; a KeyError is the task author's fault."""
        return Seen(self.seen[name])

    def answer(self, name: str) -> Answered[Json]:
        """An answer by name; a KeyError is the task author's fault."""
        return Answered(self.answered[name])

    def claim(self, name: str) -> Claimed:
        """A claim by name; a KeyError is the task author's fault."""
        return Claimed(self.claimed[name])

    def to_json(self) -> dict[str, Json]:
        """The stored form."""
        return {"seen": dict(self.seen), "answered": dict(self.answered), "claimed": dict(self.claimed)}


#: The reference solutions' observations of the same data, by solution name ("expert", "competent").
type Budget = Mapping[str, Observations]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A spot in the submitted text."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer of one check. Make one with `shown`, `partly`, `not_shown` or `not_tested`, never directly.

    `check` is the id in task.toml, which also says the bullet. `measured` and `expected` are short and carry their
    unit ("101 statements", "at most 4 statements"). `candidate` explains the principle to the candidate and never
    the solution; `recruiter` is for a person who does not program.
    """

    check: str
    outcome: Outcome
    measured: str
    expected: str
    candidate: str
    recruiter: str
    evidence: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    claims: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """Something that does not fit an honest run. Never a verdict: a person reads it with its innocent explanation.

    `kind` is a stable word (`counter-gap`, `unmeasured-statements`, `foreign-frame`, `answers-by-request`);
    `what` was seen; `innocent`: how an honest submission could come to the same.
    """

    kind: str
    what: str
    innocent: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What the submitted text shows at one place. Shape alone: it takes nothing away and raises no flag by itself."""

    what: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """A warning sign of the hiring guide, for a person to ask about. It costs no mark.

    Make one with `red_flag`, which raises none unless the text and what was seen say the same. `kind` is a stable word
    (`relationships-misunderstood`), `guide_line` the guide's line, `innocent` how good work could come to the same.
    """

    kind: str
    guide_line: int
    what: str
    innocent: str
    text: tuple[Sign, ...]
    behaviour: tuple[Seen[str] | Answered[str], ...]

    def __post_init__(self) -> None:
        if not self.text or not self.behaviour:
            raise TypeError(f"The red flag {self.kind} needs evidence of both kinds: text and behaviour.")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a task's `judge` returns: one finding a check, what did not fit, and warning signs of the guide."""

    findings: tuple[Finding, ...]
    integrity: tuple[Integrity, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a finding says, whatever its outcome. `evidence` names the observations that a report should draw."""

    measured: str
    expected: str
    candidate: str
    recruiter: str
    evidence: Sequence[str] = ()
    places: Sequence[Place] = ()
    claims: Sequence[Quotation] = ()


def shown[T](check: str, words: Words, *because: Seen[T] | Answered[T]) -> Finding:
    """A full mark; `because` is what it rests on, and at least one piece is needed."""
    return _raised(check, Outcome.SHOWN, words, because)


def partly[T](check: str, words: Words, *because: Seen[T] | Answered[T]) -> Finding:
    """Half a mark; `because` as for `shown`."""
    return _raised(check, Outcome.PARTLY, words, because)


def _raised[T](check: str, outcome: Outcome, words: Words, because: tuple[Seen[T] | Answered[T], ...]) -> Finding:
    if not because:
        raise TypeError(f"Check {check} raises a score and names no evidence.")
    return _finding(check, outcome, words)


def not_shown(check: str, words: Words) -> Finding:
    """No mark. Needs no evidence: absence is free."""
    return _finding(check, Outcome.NOT_SHOWN, words)


def not_tested(check: str, words: Words) -> Finding:
    """The check could not ask its question; it counts neither way."""
    return _finding(check, Outcome.NOT_TESTED, words)


def red_flag(
    kind: str,
    *,
    guide_line: int,
    what: str,
    innocent: str,
    text: Sequence[Sign],
    behaviour: Sequence[Seen[str] | Answered[str]],
) -> RedFlag | None:
    """The flag, or None where one of both kinds of evidence is missing: neither is enough alone."""
    if not text or not behaviour:
        return None
    return RedFlag(
        kind=kind,
        guide_line=guide_line,
        what=what,
        innocent=innocent,
        text=tuple(text),
        behaviour=tuple(behaviour),
    )


def _finding(check: str, outcome: Outcome, words: Words) -> Finding:
    return Finding(
        check=check,
        outcome=outcome,
        measured=words.measured,
        expected=words.expected,
        candidate=words.candidate,
        recruiter=words.recruiter,
        evidence=tuple(words.evidence),
        places=tuple(words.places),
        claims=tuple(words.claims),
    )


#: The guide's bullets by level; `python` bullets have no level of their own.
BULLETS: Final[Mapping[str, int]] = {
    "models-views-urls": 1, "mvt": 1, "admin": 1, "forms": 1,
    "orm-queries": 2, "drf-apis": 2, "migrations-design": 2, "auth-permissions": 2, "tests": 2,
    "query-optimization": 3, "scalable-architecture": 3, "caching": 3, "middleware-commands": 3, "internals": 3,
    "decorators": 0, "context-managers": 0, "async": 0,
}  # fmt: skip
