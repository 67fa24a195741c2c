"""SH2: what the steps mean. Pure: the same observations and budget give the same findings, anywhere."""

from collections.abc import Iterator, Sequence

from djudge.engine.probes import shape
from djudge.engine.values import (
    Answered,
    Budget,
    Finding,
    Integrity,
    Json,
    Judgement,
    Observations,
    Words,
    not_shown,
    shown,
)

#: A page may need this many statements more than the reference's.
SLACK = 4

type Step = dict[str, Json]


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The seven checks, and what does not fit an honest run."""
    steps = observations.answer("steps").read(_steps)
    expert = _steps(budget["expert"].answered["steps"])
    return Judgement(
        findings=(
            _refused(steps, expert),
            _named(steps, expert),
            _prices(steps, expert),
            _signing_in(steps, expert),
            _statements(observations, budget["expert"]),
            _works(steps, expert),
            _own(steps, expert),
        ),
        integrity=tuple(_traits(observations)),
    )


def _steps(observation: Json) -> list[Step]:
    found = observation["steps"] if isinstance(observation, dict) else []
    return [step for step in found if isinstance(step, dict)] if isinstance(found, list) else []


def _departing(ours: Sequence[Step], theirs: Sequence[Step], group: str, parts: Sequence[str]) -> Iterator[str]:
    """Steps of a group in which one of these parts is not what it is for the reference."""
    for mine, right in zip(ours, theirs, strict=True):
        name = str(right["step"])
        if name.startswith(f"{group}: ") and any(mine.get(part) != right.get(part) for part in parts):
            yield name.removeprefix(f"{group}: ")


def _finding(check: str, wrong: Sequence[str], words: Words, steps: Answered[list[Step]]) -> Finding:
    return not_shown(check, words) if wrong else shown(check, words, steps)


def _said(wrong: Sequence[str], otherwise: str) -> str:
    first = ", ".join(dict.fromkeys(wrong[:5]))
    return f"{len(wrong)} times not as asked: {first}" if wrong else otherwise


def _refused(steps: Answered[list[Step]], expert: list[Step]) -> Finding:
    wrong = [*_departing(steps.value, expert, "refused", ("status", "lines"))]
    words = Words(
        measured=_said(wrong, "answered 422 each time, and nothing changed"),
        expected="422, and the basket as it was",
        candidate="What comes from outside may be anything: other pages, old pages and programs send it too. A form "
        "says of each field what it takes, and nothing is done before all of it is checked.",
        recruiter="Whether nonsense is refused instead of breaking the page or being taken for real.",
        evidence=("steps",),
    )
    return _finding("refused", wrong, words, steps)


def _named(steps: Answered[list[Step]], expert: list[Step]) -> Finding:
    ours = [one for one in steps.value if str(one["step"]).startswith("refused: change")]
    theirs = [one for one in expert if str(one["step"]).startswith("refused: change")]
    wrong = [*_departing(ours, theirs, "refused", ("named", "kept"))]
    words = Words(
        measured=_said(wrong, "named and tied to the field, with what was typed in"),
        expected="an error that belongs to its field, and the value still there",
        candidate="Who typed something wrong should see what and where, without typing everything again; and so should "
        "somebody who hears the page read out.",
        recruiter="Whether people are told kindly what to mend.",
        evidence=("steps",),
    )
    return _finding("named", wrong, words, steps)


def _prices(steps: Answered[list[Step]], expert: list[Step]) -> Finding:
    wrong = [*_departing(steps.value, expert, "prices", ("lines", "amounts", "total"))]
    words = Words(
        measured=_said(wrong, "the catalogue's, each time"),
        expected="the catalogue's prices at that moment",
        candidate="A hidden field is a field that anybody can fill in. What a thing costs is known to the shop and is "
        "looked up there, not carried along by the visitor.",
        recruiter="Whether somebody can choose their own price.",
        evidence=("steps",),
    )
    return _finding("prices", wrong, words, steps)


def _signing_in(steps: Answered[list[Step]], expert: list[Step]) -> Finding:
    ours, theirs = ([_sorted(one) for one in each] for each in (steps.value, expert))
    wrong = [*_departing(ours, theirs, "signing-in", ("status", "lines", "total"))]
    words = Words(
        measured=_said(wrong, "added up, and the same on both devices"),
        expected="both baskets in one, as far as there is",
        candidate="A session belongs to a browser and a basket to a person. What somebody chose before signing in is "
        "theirs, and so is what they chose yesterday on another device.",
        recruiter="Whether customers keep what they chose when they sign in.",
        evidence=("steps",),
    )
    return _finding("signing-in", wrong, words, steps)


def _sorted(step: Step) -> Step:
    """In what order two baskets come together is not asked for."""
    lines = step.get("lines")
    return {**step, "lines": sorted(lines, key=str)} if isinstance(lines, list) else step


def _statements(observations: Observations, expert: Observations) -> Finding:
    seen = observations.saw("statements").read(_counts)
    best = _counts(expert.seen["statements"])
    few, many = seen.value
    good = many <= few + 1 and many <= best[1] + SLACK
    words = Words(
        measured=f"{few} statements with one line, {many} with twenty",
        expected=f"the same number; the reference solution needs {best[1]}",
        candidate="A view gathers what its page shows before the page is made. A template that asks for one thing "
        "after another costs a statement each.",
        recruiter="Whether the page stays quick when the basket is full.",
        evidence=("statements",),
    )
    return shown("statements", words, seen) if good else not_shown("statements", words)


def _counts(observation: Json) -> tuple[int, int]:
    rows = observation["rows"] if isinstance(observation, dict) else []
    match rows:
        case [[int(few), int(many)]]:
            return few, many
    raise ValueError("These are no counts.")


def _works(steps: Answered[list[Step]], expert: list[Step]) -> Finding:
    wrong = [*_departing(steps.value, expert, "works", ("status", "leads", "page", "lines"))]
    words = Words(
        measured=_said(wrong, "everything is where it belongs"),
        expected="what was put in, changed and taken out",
        candidate="A basket first has to hold what was put into it.",
        recruiter="Whether the basket does what a basket is for.",
        evidence=("steps",),
    )
    return _finding("works", wrong, words, steps)


def _own(steps: Answered[list[Step]], expert: list[Step]) -> Finding:
    wrong = [*_departing(steps.value, expert, "own", ("status", "lines"))]
    words = Words(
        measured=_said(wrong, "everybody sees their own, and forms without the token are refused"),
        expected="one's own basket, and 403 without the site's token",
        candidate="What is kept for one visitor must never be where another can reach it, and a form has to come from "
        "a page of the site.",
        recruiter="Whether customers are kept apart.",
        evidence=("steps",),
    )
    return _finding("own", wrong, words, steps)


def _traits(observations: Observations) -> Iterator[Integrity]:
    """What the text shows beside the answers. Costs nobody a mark."""
    kinds = (
        (
            "asks-for-whom",
            "The code looks at headers of the request, or at the machine that it runs on.",
            "Logging does, and languages or formats may be chosen so.",
        ),
        (
            "patches-framework",
            "Code of the framework or of other apps is replaced while the process runs.",
            "Patching is sometimes the only way around a bug; ask which one.",
        ),
    )
    for kind, what, innocent in kinds:
        places = shape.uses(observations.seen[kind])
        if places:
            yield Integrity(kind=kind, what=what, innocent=innocent, places=tuple(places))
