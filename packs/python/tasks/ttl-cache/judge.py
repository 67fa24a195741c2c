"""PY5: what the scenes mean. Pure: the same observations and budget give the same findings, anywhere."""

from djudge.engine.values import Budget, Judgement, Observations

from ..scenes import Asked, Scene, doubts, finding


def computed(scene: Scene) -> object:
    """Each computation with its arguments, and every answer. How often the clock was looked at is nobody's business."""
    computations = [(use.of, use.args, use.kwargs) for use in scene.uses.all if use.of != "clock"]
    return {"seen": scene.more, "computations": computations, "answers": scene.answers}


def outcome(scene: Scene) -> object:
    """What came of it, however often something was computed on the way."""
    return {"seen": scene.more, "answers": scene.answers}


def shared(scene: Scene) -> object:
    """As `computed`; where a computation failed, how the others came to their value is theirs to choose."""
    return outcome(scene) if isinstance(scene.more, dict) and "all ended" in scene.more else computed(scene)


ASKED = (
    Asked(
        check="expiry",
        scenes={
            "grows-old": "asked young, and exactly too old",
            "nothing-is-a-value": "None and other empty values",
            "fails": "a failure, then a value",
        },
        facts=computed,
        expected="a value is computed once while it is younger than `seconds`, and a failure is never kept",
        candidate="A cache is a promise about age. A value that is never too old is wrong one day, and a failure that "
        "is kept turns a hiccup into an outage. None is a value: who can't tell it from nothing computes it each time.",
        recruiter="Whether figures are reused while they are fresh, and renewed when they are not.",
    ),
    Asked(
        check="keys",
        scenes={
            "combinations": "arguments by place and by name, two functions",
            "unhashable": "arguments that can't be hashed",
        },
        facts=computed,
        expected="a value for each function and combination of arguments; unhashable ones are computed each time",
        candidate="A key that two different calls share gives one of them the other's value, and nothing looks wrong. "
        "And a decorator should not forbid arguments that the function takes.",
        recruiter="Whether nobody is given somebody else's figure.",
    ),
    Asked(
        check="bounds",
        scenes={
            "full": "as many values as it holds",
            "more-than-full": "far more values than it holds",
            "cleared": "`cache_clear()`",
        },
        facts=lambda scene: computed(scene) if scene.more is None else scene.more,
        expected="`most` values are held and no more, the newest among them, and all can be let go of",
        candidate="A cache without an end is a leak with a nice name. Which value goes is a matter of taste; that one "
        "goes is not.",
        recruiter="Whether the program stays small however long it runs.",
    ),
    Asked(
        check="threads",
        scenes={
            "same-value-threads": "three threads ask for one value",
            "other-values-threads": "three threads ask for different values",
            "fails-while-others-wait": "the computation that others wait for fails",
        },
        facts=shared,
        expected="one computation for a value, the others wait; different values side by side; nobody waits for ever",
        candidate="When a value expires, all who want it come at once. Looking, computing and keeping is one step for "
        "each value: one lock for all makes a queue of everything, and none lets everybody compute.",
        recruiter="Whether an expired figure is fetched once instead of forty times, with nothing else held up.",
    ),
    Asked(
        check="identity",
        scenes={
            "keeps-its-name": "name, docstring and signature of the decorated function",
            "keeps-its-name-async": "the same of a coroutine function",
        },
        facts=computed,
        expected="name, docstring and signature of the function that was decorated, whose value is kept",
        candidate="Logs, help texts and frameworks ask a function for its name and its parameters. A decorator that "
        "does not hand them on makes every function look the same.",
        recruiter="Whether tools still recognise the function.",
    ),
    Asked(
        check="held",
        scenes={
            "held": "values from before the block and from within it",
            "held-twice": "a block within a block",
            "held-and-failed": "the block fails",
            "held-async": "values of a coroutine function",
        },
        facts=computed,
        expected="nothing grows too old until the last block has ended, and everything does afterwards",
        candidate="A context that changes something has to change it back, however its block ends; and where two can "
        "be open at once, a switch is not enough, somebody has to count.",
        recruiter="Whether a special mode ends when it should, also after failures.",
    ),
    Asked(
        check="coroutines",
        scenes={
            "kept-async": "a coroutine function's value: kept, too old, failing",
            "same-value-tasks": "three tasks ask for one value",
            "other-values-tasks": "three tasks ask for different values",
        },
        facts=computed,
        expected="the awaited result is kept, one task computes, different values side by side",
        candidate="What a coroutine function gives back at once is a coroutine, which can be awaited once: the result "
        "has to be kept. And between looking and keeping stands an await, where other tasks come in.",
        recruiter="Whether it works in asynchronous code.",
    ),
    Asked(
        check="cancelled",
        scenes={
            "cancelled-computing": "the task that computes is cancelled",
            "cancelled-waiting": "a task that waits is cancelled",
        },
        facts=outcome,
        expected="the cancelled task ends as cancelled, all others get a value",
        candidate="Tasks that share one computation share its end too, unless it is shielded or taken over. One user "
        "who closes the page must not cost all others theirs.",
        recruiter="Whether one that gives up leaves the others alone.",
    ),
)


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The six checks, and what does not fit an honest run."""
    findings = tuple(finding(asked, observations, budget) for asked in ASKED)
    return Judgement(findings, tuple(doubts(observations)))
