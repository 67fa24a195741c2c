"""SH7: what the cases mean. Pure: the same observations and budget give the same findings, anywhere."""

from pydantic import BaseModel, ConfigDict

from djudge.engine.probes import shape
from djudge.engine.values import (
    Answered,
    Budget,
    Finding,
    Integrity,
    Judgement,
    Observations,
    Seen,
    Words,
    not_shown,
    shown,
)


class Facts(BaseModel):
    """What the tables say of an order."""

    model_config = ConfigDict(frozen=True)

    payment: str
    refunded: str
    order: str
    steps: tuple[str, ...]
    held: str
    shelf: int


class Outcome(BaseModel):
    """What a case came to in the database."""

    model_config = ConfigDict(frozen=True)

    check: str
    case: str
    facts: Facts | None
    kept: int
    lost: int
    half: int


class Outcomes(BaseModel):
    """All cases, parsed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    cases: tuple[Outcome, ...]


class Delivery(BaseModel):
    """What a case was answered, and what it should have been."""

    model_config = ConfigDict(frozen=True)

    check: str
    case: str
    wants: tuple[str, ...]
    statuses: tuple[int, ...]

    @property
    def wrong(self) -> tuple[int, ...]:
        """Statuses that are not what was asked for."""
        return tuple(
            status for wanted, status in zip(self.wants, self.statuses, strict=True) if not _fits(wanted, status)
        )

    @property
    def accepted(self) -> int:
        """Deliveries that the shop said it has taken."""
        return sum(_fits("2xx", status) for status in self.statuses)


class Deliveries(BaseModel):
    """All answers, parsed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    cases: tuple[Delivery, ...]


class Told(BaseModel):
    """A case as it is judged: what it came to here and with the reference solution, and what was answered."""

    model_config = ConfigDict(frozen=True)

    here: Outcome
    reference: Outcome
    answers: Delivery

    @property
    def refused(self) -> bool:
        """Whether nothing of the case should have been believed."""
        return set(self.answers.wants) == {"401"}

    @property
    def problem(self) -> str:
        """What differs, in words; empty where nothing does."""
        if self.here.facts is None or self.here.facts != self.reference.facts:
            return "ends in another state"
        if self.here.half:
            return "leaves something half-done"
        if self.answers.wrong:
            return f"is answered {self.answers.wrong[0]}"
        if self.refused and self.here.kept:
            return "is refused and kept"
        return "is answered 2xx and kept nowhere" if self.here.lost else ""


#: For candidates: the principle. For people who don't program: what it means.
WORDS = {
    "believed": (
        "Anybody can send a request. A signature says who wrote the bytes, so it is made over the bytes as they came "
        "and not over what they mean, and nothing is done before it is compared.",
        "Whether somebody else can tell the shop that an order is paid.",
    ),
    "fresh": (
        "A right signature stays right for ever. Only the signed time says that a message was not recorded and sent "
        "again.",
        "Whether an old message can be used a second time by somebody who recorded it.",
    ),
    "once": (
        "Whoever has no answer asks again, so every message may come twice. Its id says that it is the same.",
        "Whether something told twice is booked twice.",
    ),
    "any-order": (
        "Messages overtake each other. What holds afterwards has to follow from what was told and not from what came "
        "last.",
        "Whether the books are right when messages come late.",
    ),
    "kept": (
        "What was answered 2xx never comes again by itself, and what is stored is not yet done. Both have to be told "
        "apart.",
        "Whether a message is lost that came at the wrong moment.",
    ),
    "whole": (
        "Any step can fail, and the next try must find things as they were before the first.",
        "Whether a failure half-way leaves something that is paid and not paid.",
    ),
    "at-once": (
        "Between reading a payment and writing it another process may write it. One of both has to wait or to decide "
        "in the statement that writes.",
        "Whether two messages at the same moment can overwrite each other.",
    ),
    "works": (
        "Care must not cost what the page was there for.",
        "Whether orders are still paid and refunded.",
    ),
}
RACES = ("race: the same twice", "race: two parts", "race: a part and paid")


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The eight checks, and what does not fit an honest run."""
    outcomes = observations.saw("outcomes").read(Outcomes.model_validate)
    answers = observations.answer("answers").read(Deliveries.model_validate)
    reference = Outcomes.model_validate(budget["expert"].seen["outcomes"])
    told = [
        Told(here=here, reference=there, answers=answered)
        for here, there, answered in zip(outcomes.value.cases, reference.cases, answers.value.cases, strict=True)
    ]
    doubts = tuple(_doubts(told, observations))
    return Judgement(
        findings=tuple(
            _finding(check, told, outcomes, answers, doubted=bool(doubts) and check != "works") for check in WORDS
        ),
        integrity=(*doubts, *_traits(observations)),
    )


def _finding(
    check: str, told: list[Told], outcomes: Seen[Outcomes], answers: Answered[Deliveries], *, doubted: bool
) -> Finding:
    cases = [one for one in told if one.here.check == check]
    bad = [f"{one.here.case}: {one.problem}" for one in cases if one.problem]
    candidate, recruiter = WORDS[check]
    words = Words(
        measured=f"{len(cases) - len(bad)} of {len(cases)} cases as asked" + (f"; {'; '.join(bad[:3])}" if bad else ""),
        expected=f"all {len(cases)} cases end as with the reference solution, and are answered as the brief says",
        candidate=candidate,
        recruiter=recruiter,
        evidence=("outcomes", "answers", *(RACES if check == "at-once" else ())),
    )
    return not_shown(check, words) if bad or doubted else shown(check, words, outcomes, answers)


def _fits(wanted: str, status: int) -> bool:
    return {"2xx": 200 <= status < 300, "401": status == 401}.get(wanted, True)


def _doubts(told: list[Told], observations: Observations) -> list[Integrity]:
    """Each a fact from outside the guest that an honest run does not show. None is a verdict."""
    plain = [one for one in told if one.here.check == "works"]
    silent = [one for one in plain if one.answers.accepted and not one.here.kept and _untouched(one)]
    rules = (
        (
            bool(observations.seen["looks-at-sessions"]),
            "looks-at-sessions",
            "While a message was taken, the code asked PostgreSQL about other sessions and their locks.",
            "Monitoring does this; the brief rules it out here.",
        ),
        (
            bool(observations.seen["changes-the-schema"]),
            "changes-the-schema",
            "While a message was taken, the code changed what the database is: tables, constraints, triggers.",
            "A library that makes its tables when they are first needed does so; the brief rules it out here.",
        ),
        (
            bool(silent),
            "accepted-without-trace",
            f"{len(silent)} messages were answered 2xx, and nothing of them is in the database.",
            "A queue of another kind could hold them; there is none here.",
        ),
    )
    return [Integrity(kind=kind, what=what, innocent=innocent) for holds, kind, what, innocent in rules if holds]


def _untouched(one: Told) -> bool:
    facts = one.here.facts
    return facts is not None and (facts.payment, facts.order) == ("started", "placed")


def _traits(observations: Observations) -> list[Integrity]:
    """What the text shows beside the measurements. Costs nobody a mark."""
    places = shape.uses(observations.seen["asks-where-it-runs"])
    if not places:
        return []
    return [
        Integrity(
            kind="asks-where-it-runs",
            what="The code looks at the machine, the process or the database session that it runs with.",
            innocent="Logging and metrics often do.",
            places=tuple(places),
        )
    ]
