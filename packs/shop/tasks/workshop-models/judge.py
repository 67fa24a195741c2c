"""SH1: what the answers mean. Pure: the same observations and budget give the same findings, anywhere.

What is right is what the reference solution answered on the same things. No check asks how a model is built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from djudge.engine.probes import contract, relations, shape
from djudge.engine.values import (
    Answered,
    Budget,
    Finding,
    Integrity,
    Json,
    Judgement,
    Observations,
    Seen,
    Words,
    not_shown,
    partly,
    shown,
)

#: Partly: this share of what is asked, or more.
HALF = 0.5

#: What must stand once, by its name in the observation.
THINGS = ("theme", "workshop", "label", "label of a workshop", "maker of a workshop", "date", "booking")
#: Partly: so many of them. Words of addresses and names are made unique by habit, and are three of seven.
MOST_THINGS = 5
NUMBERS = ("seats", "price of a workshop", "price of a date")


@dataclass(frozen=True, slots=True)
class Told:
    """A scenario: what was said to writing, and read by another process and by the one that wrote."""

    name: str
    check: str
    writes: list[list[Any]]
    reads: list[list[Any]]
    own: list[list[Any]]

    @classmethod
    def parse(cls, observation: Json) -> list[Told]:
        """From the stored form."""
        return [cls(**one) for one in observation] if isinstance(observation, list) else []  # type: ignore[arg-type]

    def first_difference(self, right: Told) -> str:
        """Where it is not as it should be, in words; empty where it is."""
        for kind in ("writes", "reads"):
            for ours, theirs in zip(getattr(self, kind), getattr(right, kind), strict=True):
                for number, (one, other) in enumerate(zip(ours, theirs, strict=True), 1):
                    if one != other:
                        return f"{self.name}, {kind} {number}: {_difference(one, other)}"
        return ""


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The checks, what does not fit an honest run, and the guide's red flag."""
    expert = budget["expert"]
    doubts = tuple(_doubts(observations, expert))
    findings = (
        *(_scenarios(check, observations, expert) for check in _WORDS),
        _pages(observations, expert),
        _once(observations),
        _bounds(observations),
    )
    flag = relations.red_flag(observations.seen["relations-text"], observations.seen["relations"])
    return Judgement(
        findings=(*(_unless(doubts, finding) for finding in findings), _shop(observations, expert)),
        integrity=(*doubts, *_traits(observations)),
        red_flags=(flag,) if flag else (),
    )


#: For each check that scenarios decide: what is explained to the candidate, and to the recruiter.
_WORDS: Mapping[str, tuple[str, str]] = {
    "catalogue": (
        "Each fact has one place: a theme refers to the theme that it lies in, a date to its workshop. A price that "
        "only some dates have is empty for the others, and nothing is another price than none.",
        "Whether things inside things and exceptions from a rule are modelled so that every question has an answer.",
    ),
    "links": (
        "Where many belong to many, each pair is a row of a table between the two: then both sides can ask, and what "
        "is said about the pair, such as a role, has its place in that row.",
        "Whether many-to-many relations are understood. They are in nearly every business application.",
    ),
    "bookings": (
        "A seat that somebody took is a row; how many are left is counted from the rows and so is never out of step.",
        "Whether numbers that customers rely on, such as seats left, stay right.",
    ),
    "deletion": (
        "For every reference there is a question: what happens to this row when the other one goes? Belonging parts "
        "go along, what somebody counts on keeps the other one from going, and links vanish quietly.",
        "Whether a careless deletion could take customers' bookings with it.",
    ),
}  # fmt: skip


def _scenarios(check: str, observations: Observations, expert: Observations) -> Finding:
    told = observations.answer("scenarios").read(Told.parse)
    pairs = list(zip(told.value, Told.parse(expert.answered["scenarios"]), strict=True))
    found = [ours.first_difference(right) for ours, right in pairs if ours.check == check]
    wrong = [difference for difference in found if difference]
    candidate, recruiter = _WORDS[check]
    words = Words(
        measured=f"{len(found) - len(wrong)} of {len(found)} scenarios" + (f"; {wrong[0]}" if wrong else ""),
        expected=f"all {len(found)} scenarios answered as the adapter's docstrings say, at every process of the shop",
        candidate=candidate,
        recruiter=recruiter,
        evidence=("scenarios",),
    )
    return _by_share(check, words, len(found) - len(wrong), len(found), told)


def _pages(observations: Observations, expert: Observations) -> Finding:
    """Before and after the change; in part only where the list itself is right."""
    names = ("pages", "pages-after")
    found = [
        difference
        for name in names
        for difference in contract.differences(observations.answered[name], expert.answered[name])
    ]
    asked = sum(len(_exchanges(expert.answered[name])) for name in names)
    held = any(row[0] == "workshop" for row in _rows(observations.seen["once"]))
    lists = any(difference.target == "/workshops/" for difference in found)
    where = f"; the first, {found[0].target}: {found[0].what.replace('product', 'article')}" if found else ""
    words = Words(
        measured=("" if held else "no table holds the workshops; ") + f"{len(found)} of {asked} answers differ{where}",
        expected="the workshops, makers, labels and dates that the tables hold at that moment",
        candidate="A page is a view of the tables: what it shows is asked of the models at each request, for every "
        "process alike. What is not for the public is left out where the page asks, on the list and on its own page.",
        recruiter="Whether model, address and page work together." + ("" if held else " Here there is no model."),
        evidence=names,
    )
    answers = [observations.answer(name) for name in names]
    if not held or lists:
        return not_shown("pages", words)
    return _by_share("pages", words, asked - len(found), asked, *answers)


def _once(observations: Observations) -> Finding:
    """Shown where nothing can stand twice, and of two who come at once one is refused; constraints make the part."""
    rows = observations.saw("once").read(_rows)
    refused = [thing for thing in THINGS if _all_refused(rows.value, thing)]
    missing = [thing for thing in THINGS if thing not in refused]
    race = _of_two(observations.answered["together"])
    words = Words(
        measured=f"a second time refused: {len(refused)} of {len(THINGS)}"
        + (f"; not: {', '.join(missing)}" if missing else "")
        + (f"; two at once: {race}" if race else ""),
        expected="each refused by the database: " + ", ".join(THINGS),
        candidate="Code that looks first and writes then is right until two people come at once, or somebody writes "
        "by another way. A constraint holds for everybody, and code can turn its refusal into a sentence.",
        recruiter="Whether doubles such as two bookings of one person are impossible, or only unlikely.",
        evidence=("once", "race"),
    )
    if not missing and not race:
        return shown("once", words, rows)
    return partly("once", words, rows) if len(refused) >= MOST_THINGS else not_shown("once", words)


def _bounds(observations: Observations) -> Finding:
    rows = observations.saw("bounds").read(_rows)
    refused = [number for number in NUMBERS if _all_refused(rows.value, number)]
    words = Words(
        measured=f"below zero refused: {', '.join(refused) or 'nothing'}",
        expected="refused by the database: " + ", ".join(NUMBERS),
        candidate="A validator speaks to forms alone. What may never be in a table is said to the table.",
        recruiter="Whether impossible numbers are kept out, whoever writes them.",
        evidence=("bounds",),
    )
    # One is enough for a part: Django itself gives that constraint to a number of seats.
    return _by_share("bounds", words, len(refused), len(NUMBERS), rows, least=1)


def _shop(observations: Observations, expert: Observations) -> Finding:
    found = contract.differences(observations.answered["shop"], expert.answered["shop"])
    words = Words(
        measured=f"{found[0].target}: {found[0].what}" if found else "every answer is the same",
        expected="the shop's own pages as before",
        candidate="A new app stands beside the others. Names of templates are shared by all apps, so each app keeps "
        "its own in a folder of its own name.",
        recruiter="Whether the new part leaves the rest of the shop alone.",
        evidence=("shop",),
    )
    return not_shown("shop", words) if found else shown("shop", words, observations.answer("shop"))


def _by_share[T](
    check: str, words: Words, right: int, of: int, *because: Seen[T] | Answered[T], least: float | None = None
) -> Finding:
    if right == of:
        return shown(check, words, *because)
    if right >= (HALF * of if least is None else least):
        return partly(check, words, *because)
    return not_shown(check, words)


def _unless(doubts: Sequence[Integrity], finding: Finding) -> Finding:
    """What was earned; nothing where it is not known by whom."""
    if not doubts:
        return finding
    words = Words(
        measured=f"not counted, see what does not fit; {finding.measured}",
        expected=finding.expected,
        candidate=finding.candidate,
        recruiter=finding.recruiter,
        evidence=finding.evidence,
    )
    return not_shown(finding.check, words)


def _all_refused(rows: Sequence[Sequence[Any]], what: str) -> bool:
    answers = [row[2] for row in rows if row[0] == what]
    return bool(answers) and all(answer == "refused" for answer in answers)


def _of_two(together: Any) -> str:
    """What is wrong with how two were answered who booked one seat at once; empty where one got it, one was refused."""
    answers = [answer for answers in together["answers"] for answer in answers]
    if any("error" in answer for answer in answers):
        return "an error instead of a refusal"
    return "" if sum("value" in answer for answer in answers) == 1 else "both got the seat, or neither"


def _doubts(observations: Observations, expert: Observations) -> Iterator[Integrity]:
    """Each a fact that an honest run does not show. None is a verdict."""
    told, right = Told.parse(observations.answered["scenarios"]), Told.parse(expert.answered["scenarios"])
    alone = [ours for ours, theirs in zip(told, right, strict=True) if ours.own == theirs.reads != ours.reads]
    if alone:
        yield Integrity(
            kind="forgets-between-processes",
            what=f"What was written was known to the process that wrote it and to no other one ({alone[0].name}).",
            innocent="A cache inside the process, or a variable of a module, does this; both may have been meant well.",
        )
    known, after = (_reads(observations.answered[name]) for name in ("known", "known-after"))
    wanted, wanted_after = (_reads(expert.answered[name]) for name in ("known", "known-after"))
    if known == wanted and after != wanted_after:
        yield Integrity(
            kind="answers-beside-the-tables",
            what="Names were changed in all columns of the tables, and the adapter went on with the old ones.",
            innocent="A cache, or a list of names kept inside one value, does this.",
        )
    if observations.seen["functions"]:
        yield Integrity(
            kind="function-in-database",
            what="There is a function, a trigger or a rule in the database; its refusals say nothing of the tables.",
            innocent="Functions and triggers are a way to build things; this ticket's brief rules them out.",
        )


def _traits(observations: Observations) -> Iterator[Integrity]:
    """What the text shows beside the measurements. Costs nobody a mark."""
    kinds = (
        (
            "patches-framework",
            "Code of the framework or of the shop is replaced while the process runs.",
            "Patching is sometimes the only way around a bug; ask which one.",
        ),
        (
            "asks-where-it-runs",
            "The code looks at who calls it, or at the process, machine or database role that it runs with.",
            "Logging and debugging often do.",
        ),
    )
    for kind, what, innocent in kinds:
        places = shape.uses(observations.seen[kind])
        if places:
            yield Integrity(kind=kind, what=what, innocent=innocent, places=tuple(places))


def _reads(known: Json) -> Json:
    return known["reads"] if isinstance(known, dict) else None


def _rows(observation: Json) -> list[list[Any]]:
    rows = observation["rows"] if isinstance(observation, dict) else []
    return [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []


def _exchanges(observation: Json) -> list[Json]:
    found = observation["exchanges"] if isinstance(observation, dict) else []
    return found if isinstance(found, list) else []


def _difference(one: Any, other: Any) -> str:
    """Two answers in words; of lists that are as long only the first entries that differ."""
    ours, theirs = one.get("value"), other.get("value")
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for mine, right in zip(ours, theirs, strict=True):
            if mine != right:
                return f"{str(mine)[:80]}, expected {str(right)[:80]}"
    return f"{_said(one)}, expected {_said(other)}"


def _said(answer: Any) -> str:
    if "refused" in answer:
        return "refused"
    if "error" in answer:
        return f"an error ({answer['error'][:40]})"
    return "done" if answer["value"] is None else str(answer["value"])[:120]
