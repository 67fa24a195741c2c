"""PY1: what the scenes mean. Pure: the same observations and budget give the same findings, anywhere."""

from djudge.engine.values import Budget, Judgement, Observations

from ..scenes import Asked, Scene, answers, doubts, everything, finding

SLEEPS = ("sleep", "sleep_async")
FAILING = {
    "recovers": "some failures, then a value",
    "succeeds-at-the-last": "the very last attempt works",
    "gives-up": "nothing but failures",
    "only-once": "one attempt and two attempts allowed",
}


def attempts(scene: Scene) -> object:
    """Each call of the judge's function, with its arguments."""
    return {"attempts": [(use.of, use.args, use.kwargs) for use in scene.uses.all if use.of not in SLEEPS]}


def waits(scene: Scene) -> object:
    """Each wait, and between which attempts it was."""
    slept = [use.args for use in scene.uses.all if use.of in SLEEPS]
    return {"waits": slept, "places": [use.of in SLEEPS for use in scene.uses.all]}


def attempts_and_answers(scene: Scene) -> object:
    """What was tried, and what came out."""
    return {"attempts": attempts(scene), "answers": answers(scene)}


ASKED = (
    Asked(
        check="attempts",
        scenes=FAILING
        | {"kinds-of-errors": "a tuple is listed, subclasses come", "called-again": "three calls of one function"},
        facts=attempts,
        expected="one attempt more after each listed exception, at most `attempts`, in every call",
        candidate="A decorator is made once and its function is called often: what it counts belongs to the call. And "
        "what is not listed is no reason to try again: the second attempt may do damage.",
        recruiter="Whether failures are tried again exactly as often as asked.",
    ),
    Asked(
        check="waits",
        scenes=FAILING,
        facts=waits,
        expected="the waits grow by `factor`, one before each further attempt and none after the last",
        candidate="Waiting gives the other side time to recover, more each time. A wait after the last attempt helps "
        "nobody: the caller learns later what is known already.",
        recruiter="Whether it waits where that helps, and nowhere else.",
    ),
    Asked(
        check="truth",
        scenes={
            "gives-up": "nothing but failures",
            "only-once": "one attempt and two attempts allowed",
            "another-error": "an exception that is not listed",
        },
        facts=attempts_and_answers,
        expected="the last attempt's own exception, or the one that is not listed, at once",
        candidate="Who calls must be able to tell what went wrong. An exception that is swallowed, or replaced by "
        "another one, leaves an empty price list and nothing in the log.",
        recruiter="Whether errors come out as they are instead of being hidden.",
    ),
    Asked(
        check="identity",
        scenes={
            "keeps-its-name": "name, docstring and signature of the decorated function",
            "keeps-its-name-async": "the same of a coroutine function",
        },
        facts=attempts_and_answers,
        expected="name, docstring and signature of the function that was decorated",
        candidate="Logs, help texts and frameworks ask a function for its name and its parameters. A decorator that "
        "does not hand them on makes every function look the same.",
        recruiter="Whether tools still recognise the function.",
    ),
    Asked(
        check="coroutines",
        scenes={
            "stays-a-coroutine-function": "what both kinds of functions say they are",
            "recovers-async": "a coroutine function: some failures, then a value",
            "gives-up-async": "a coroutine function: nothing but failures",
            "another-error-async": "a coroutine function: an exception that is not listed",
        },
        facts=everything,
        expected="coroutine functions are retried by the same rules, and their waits are awaited",
        candidate="Calling a coroutine function only makes the coroutine; it fails when it is awaited, so that is "
        "where trying again belongs. A wait that is not awaited stops everything else on the event loop.",
        recruiter="Whether it works in asynchronous code without holding everything up.",
    ),
    Asked(
        check="cancelled",
        scenes={
            "cancelled-in-an-attempt": "cancelled in an attempt",
            "cancelled-in-a-wait": "cancelled in a wait",
        },
        facts=everything,
        expected="the call ends as cancelled, with no further attempt",
        candidate="Cancelling is how asyncio ends work: by time-outs, by shut-down, by a failing sibling. Code that "
        "takes it for a failure and tries again can't be stopped.",
        recruiter="Whether work that is called off really ends.",
    ),
)


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The six checks, and what does not fit an honest run."""
    findings = tuple(finding(asked, observations, budget) for asked in ASKED)
    return Judgement(findings, tuple(doubts(observations)))
