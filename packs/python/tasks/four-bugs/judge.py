"""PY6: what came of it. Pure: the same observations and budget give the same findings, anywhere."""

from collections.abc import Iterator, Sequence

from djudge.engine.probes import shape
from djudge.engine.probes.suites import SuiteCalls, SuiteReading, Verdict
from djudge.engine.values import (
    Answered,
    Budget,
    Finding,
    Integrity,
    Json,
    Judgement,
    Observations,
    Outcome,
    Words,
    not_shown,
    partly,
    shown,
)

from ..scenes import Asked, answers, doubts, finding
from .looks import LOOKS
from .modules import BACK, HALF_MENDED

#: What is tried of each report, by the name of its check's story.
SCENES = {
    "gifts": {"gifts": "gifts and others in turn", "extras": "extras are given"},
    "carriers": {"carriers": "each carrier of two tables"},
    "van": {"van": "rows in a list", "van-once": "rows that can be read once"},
    "late": {"mixed-times": "times with and without offset", "elsewhere": "on a machine in another zone"},
}
#: What never was wrong.
KEPT = {
    "one-parcel": "the first parcels of a process",
    "one-carrier": "limits of a kilo, weights that are none",
    "nothing-heavy": "a van whose parcels weigh nothing",
    "same-times": "times that are all of one kind",
}

#: What looking beside the behaviour is called, and its innocent explanation.
BESIDE = {
    "uses-files": (
        "The module or its tests read or write files, or make digests.",
        "Golden files are compared like this, and somebody may have tried rows that come from a file.",
    ),
    "measures-time": (
        "The module or its tests measure how long something takes.",
        "A test of speed does this; the brief asks for none.",
    ),
}

#: Shares of the half mended modules that are noticed: most, and some.
MOST, SOME = 0.7, 0.4


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The eight checks, and what does not fit an honest run."""
    suite = observations.answer("suite").read(SuiteReading.parse)
    return Judgement(
        findings=(
            *(_noticed(number, report, suite) for number, report in enumerate(BACK, 1)),
            _half_mended(suite),
            _mended(observations, budget),
            _kept(observations, budget),
            _accepts(suite),
        ),
        integrity=(*doubts(observations), *_beside(suite.value, observations)),
    )


def _noticed(number: int, report: str, suite: Answered[SuiteReading]) -> Finding:
    """Whether the fault of one report is noticed when it comes back."""
    killed = suite.value.accepts and bool(suite.value.killed([BACK[report].__name__]))
    words = Words(
        measured=f"the fault of report {number} was put back, and the tests "
        + ("failed" if killed else "passed" if suite.value.accepts else "were not weighed: right modules fail"),
        expected="a test fails",
        candidate="A regression test is the report, written down so that a machine can tell it: it fails over the code "
        "as it was and passes over the code as it is. Try yours over the old module.",
        recruiter="Whether this fault would be noticed if it came back.",
        evidence=("suite",),
    )
    return shown(report, words, suite) if killed else not_shown(report, words)


def _half_mended(suite: Answered[SuiteReading]) -> Finding:
    names = [one.__name__ for several in HALF_MENDED.values() for one in several]
    killed = len(suite.value.killed(names)) if suite.value.accepts else 0
    words = Words(
        measured=f"{killed} of {len(names)} half mended modules noticed"
        if suite.value.accepts
        else "not weighed: right modules fail",
        expected=f"at least {_at_least(MOST, len(names))} of {len(names)}",
        candidate="A report tells one case. What was wrong has others: a second call, another order, an iterator, an "
        "empty list, a clock elsewhere. " + _hint(suite.value),
        recruiter="Whether the tests would notice a repair that only helps the one case that was reported.",
        evidence=("suite",),
    )
    if killed >= _at_least(MOST, len(names)):
        return shown("half-mended", words, suite)
    if killed >= _at_least(SOME, len(names)):
        return partly("half-mended", words, suite)
    return not_shown("half-mended", words)


def _at_least(share: float, of: int) -> int:
    return int(share * of + 0.999)


def _hint(suite: SuiteReading) -> str:
    """Around which reports the tests see too little, not what was wrong there."""
    accepted = {one.name for one in suite.broken if one.accepted}
    places = [
        str(number)
        for number, several in enumerate(HALF_MENDED.values(), 1)
        if accepted & {one.__name__ for one in several}
    ]
    return f"Look again at: report {', '.join(places)}." if places and suite.accepts else ""


def _mended(observations: Observations, budget: Budget) -> Finding:
    """Each report for itself: all four are a full mark, two or three half of one."""
    tried = [_tried("mended", scenes, observations, budget) for scenes in SCENES.values()]
    still = [f"report {number}: {one.measured}" for number, one in enumerate(tried, 1) if not _holds(one)]
    lines = observations.saw("changed").read(_lines).value
    told = "; ".join(still) or "none of the four is true any more"
    words = Words(
        measured=f"{told} ({lines} changed lines in the module, which is not marked)",
        expected="the module answers as its docstrings say, whatever it is asked",
        candidate="A cause is mended once and for all values: a default that is made once for all calls, a name that "
        "is looked up when it is too late, rows that are gone when they are asked for again, moments that can't be "
        "compared. What only helps the reported case moves the fault elsewhere.",
        recruiter="Whether what the four people reported is really gone.",
        evidence=tuple(name for scenes in SCENES.values() for name in scenes),
    )
    because = [observations.answer(name) for scenes in SCENES.values() for name in scenes]
    if not still:
        return shown("mended", words, *because)
    return partly("mended", words, *because) if len(still) <= len(SCENES) / 2 else not_shown("mended", words)


def _lines(observation: Json) -> int:
    """How many lines of the module were changed; ValueError for what is no such observation."""
    match observation:
        case {"lines": int(lines)}:
            return lines
    raise ValueError("This is no number of lines.")


def _kept(observations: Observations, budget: Budget) -> Finding:
    return _tried("kept", KEPT, observations, budget)


def _tried(check: str, scenes: dict[str, str], observations: Observations, budget: Budget) -> Finding:
    asked = Asked(
        check=check,
        scenes=scenes,
        facts=answers,
        expected="names, parameters and results as before, where nobody complained",
        candidate="A repair changes what is wrong. Who else uses the module relies on all the rest.",
        recruiter="Whether the repair broke something that worked.",
    )
    return finding(asked, observations, budget)


def _holds(one: Finding) -> bool:
    return one.outcome is Outcome.SHOWN


def _accepts(suite: Answered[SuiteReading]) -> Finding:
    refused = [one for one in (*suite.value.right, suite.value.again) if not one.accepted]
    passed = f"{len(suite.value.right)} right modules pass, each time"
    words = Words(
        measured=_why(suite.value, refused[0]) if refused else passed,
        expected="tests run and pass over every module that keeps to the docstrings",
        candidate="Tests of behaviour pass over every right way to write the code. Those that compare words that were "
        "not agreed, or use what only your own module has, fail as soon as somebody improves it.",
        recruiter="Whether the tests leave developers free to improve the code.",
        evidence=("suite",),
    )
    return not_shown("accepts", words) if refused else shown("accepts", words, suite)


def _why(suite: SuiteReading, one: Verdict) -> str:
    if not suite.steady:
        return "the same module passes once and fails once"
    if one.left:
        return "the tests end the process"
    if one.ran <= one.skipped:
        return "no test runs"
    return "a right module fails the tests"


def _beside(suite: SuiteReading, observations: Observations) -> Iterator[Integrity]:
    """Each a fact that honest work does not show. None is a verdict."""
    for kind, (what, innocent) in BESIDE.items():
        if places := tuple(shape.uses(observations.seen["looks"], *LOOKS[kind])):
            yield Integrity(kind=kind, what=what, innocent=innocent, places=places)
    if places := tuple(shape.uses(observations.seen["examples"])):
        yield Integrity(
            kind="knows-the-examples",
            what="The module names carriers, parcels or weights that only the reports of the brief name.",
            innocent="A default or an example may have been taken from there; ask.",
            places=places,
        )
    yield from _of_the_suite(suite, never=observations.saw("calls").read(SuiteCalls.parse).value.never)


def _of_the_suite(suite: SuiteReading, *, never: bool) -> Iterator[Integrity]:
    every: Sequence[Verdict] = (*suite.right, suite.again, *suite.broken)
    if any(one.left for one in every):
        yield Integrity(
            kind="ends-the-process",
            what="The process of the tests ended before they did.",
            innocent="A test that never comes to an end does this too.",
        )
    if never and any(one.accepted for one in every):
        yield Integrity(
            kind="never-calls-it",
            what="Tests ran and passed, and the module was never called.",
            innocent="Somebody who had only begun could hand in such a file.",
        )
    if not suite.steady:
        yield Integrity(
            kind="unsteady",
            what="The same module passed once and failed once.",
            innocent="Random numbers without a fixed seed do this.",
        )
