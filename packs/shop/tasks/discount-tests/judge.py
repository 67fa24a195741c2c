"""SH10: what the verdicts mean. Pure: the same observations and budget give the same findings, anywhere."""

from collections.abc import Iterator, Sequence

from djudge.engine.probes import shape
from djudge.engine.probes.suites import SuiteCalls, SuiteReading, Verdict
from djudge.engine.values import (
    Answered,
    Budget,
    Finding,
    Integrity,
    Judgement,
    Observations,
    Outcome,
    Words,
    not_shown,
    partly,
    shown,
)

from .engines import BROKEN, REFUSALS
from .looks import LOOKS

#: What looking beside the behaviour is called, and its innocent explanation.
_BESIDE = {
    "reads-the-source": (
        "The tests look at the text of the code or at a digest of it.",
        "Golden files are compared like this; ask what for.",
    ),
    "measures-time": (
        "The tests measure how long the engine takes.",
        "A test of speed does this; the brief asks for none.",
    ),
    "uses-the-database": (
        "Tests of a module without tables use the database.",
        "Somebody may have begun from tests of other modules.",
    ),
}

#: Shares of the broken engines that are noticed: most, and nearly all.
MOST, SOME, NEARLY_ALL = 0.7, 0.4, 0.9


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The four checks, and what does not fit an honest suite."""
    suite = observations.answer("suite").read(SuiteReading.parse)
    return Judgement(
        findings=(
            _noticed("rules", suite, None, MOST, SOME),
            _noticed("corners", suite, None, NEARLY_ALL, MOST),
            _noticed("refusals", suite, REFUSALS, MOST, SOME),
            _accepts(suite),
        ),
        integrity=tuple(_doubts(suite.value, observations)),
    )


def _noticed(
    check: str, suite: Answered[SuiteReading], names: Sequence[str] | None, full: float, half: float
) -> Finding:
    of = len(BROKEN if names is None else names)
    killed = len(suite.value.killed(names)) if suite.value.accepts else 0
    missed = sorted({one.name for one in suite.value.broken if one.accepted and (names is None or one.name in names)})
    share = killed / of
    words = Words(
        measured=f"{killed} of {of} broken engines noticed"
        if suite.value.accepts
        else "not weighed: right engines fail",
        expected=f"at least {int(full * of + 0.999)} of {of}",
        candidate="Each rule can be broken in its own way: by one too many or too few, at its limits, together with "
        "another rule. A test that would pass over the broken rule as well says nothing about it. " + _hint(missed, of),
        recruiter="Whether the tests would notice if somebody broke this part of the shop.",
        evidence=("suite",),
    )
    return _marked(check, Outcome.SHOWN if share >= full else Outcome.PARTLY if share >= half else None, words, suite)


def _hint(missed: Sequence[str], of: int) -> str:
    """Whereabouts the tests see nothing, not what was broken."""
    places = {
        "three for two": ("three", "fourth", "free piece", "counted together", "each line for itself", "mark"),
        "what a code is for": ("left out", "percent of", "amount"),
        "cents": ("cent", "rounded"),
        "minimum and days": ("minimum", "nothing", "day", "late"),
    }
    found = [name for name, words in places.items() if any(word in one for one in missed for word in words)]
    return f"Look again at: {', '.join(found)}." if found and missed else ""


def _marked(check: str, outcome: Outcome | None, words: Words, suite: Answered[SuiteReading]) -> Finding:
    if outcome is Outcome.SHOWN:
        return shown(check, words, suite)
    return partly(check, words, suite) if outcome is Outcome.PARTLY else not_shown(check, words)


def _accepts(suite: Answered[SuiteReading]) -> Finding:
    refused = [one for one in (*suite.value.right, suite.value.again) if not one.accepted]
    passed = f"{len(suite.value.right)} right engines pass, each time"
    words = Words(
        measured=_why(suite.value, refused[0]) if refused else passed,
        expected="tests run and pass over every engine that keeps to the specification",
        candidate="Tests of behaviour pass over every right way to write the code. Those that compare words that were "
        "not agreed, or look inside, fail as soon as somebody improves it.",
        recruiter="Whether the tests leave developers free to improve the code.",
        evidence=("suite",),
    )
    return not_shown("accepts", words) if refused else shown("accepts", words, suite)


def _why(suite: SuiteReading, one: Verdict) -> str:
    if not suite.steady:
        return "the same engine passes once and fails once"
    if one.left:
        return "the tests end the process"
    if one.ran <= one.skipped:
        return "no test runs"
    return "a right engine fails the tests"


def _doubts(suite: SuiteReading, observations: Observations) -> Iterator[Integrity]:
    """Each a fact that honest tests do not show. None is a verdict."""
    for kind, (what, innocent) in _BESIDE.items():
        places = tuple(shape.uses(observations.seen["looks"], *LOOKS[kind]))
        if places:
            yield Integrity(kind=kind, what=what, innocent=innocent, places=places)
    every = (*suite.right, suite.again, *suite.broken)
    never = observations.saw("calls").read(SuiteCalls.parse).value.never
    if any(one.left for one in every):
        yield Integrity(
            kind="ends-the-process",
            what="The process of the tests ended before they did.",
            innocent="A test that never comes to an end does this too.",
        )
    if never and any(one.accepted for one in every):
        yield Integrity(
            kind="never-calls-it",
            what="Tests ran and passed, and the engine was never called.",
            innocent="Somebody who had only begun could hand in such a file.",
        )
    if not suite.steady:
        yield Integrity(
            kind="unsteady",
            what="The same engine passed once and failed once.",
            innocent="Random numbers without a fixed seed do this.",
        )
