"""PY5: functions of the judge are cached by the submission; the judge sees each computation, and holds some back."""

from collections.abc import Callable, Sequence

from djudge.engine.calling import HOLD, Named, Operation, Outcome, Raise, Use, raising
from djudge.engine.errors import CandidateFault
from djudge.engine.probes.call import Clock, script
from djudge.engine.run import Run
from djudge.engine.sandbox.calling import Reference
from djudge.engine.values import Json, Observations

from ..scenes import Told, observe_scenes

MODULE = "toolbelt.caching"

#: How long the judge looks out for a second computation, once all threads seemed to wait.
LOOK_OUT = 2.0

#: How long it looks out for what must come, unless somebody waits for ever.
PATIENCE = 3.0


class Cached:
    """A cache over functions of the judge, with a clock that stands still until the judge moves it."""

    def __init__(self, told: Told, *, most: int = 50, is_async: bool = False) -> None:
        self.told = told
        self.is_async = is_async
        self.most = most
        self.seconds = told.random.randrange(20, 300)
        self.clock = Clock(float(told.random.randrange(1_000, 9_000)))
        self._clock = told.caller.function("clock", self.clock.read)

    def function(self, handler: Callable[[Use], object]) -> Outcome:
        """Another function, cached; `handler` computes."""
        told = self.told
        compute = told.caller.function(
            told.word(),
            handler,
            parameters="*args, **kwargs",
            doc=f"{told.word().title()} {told.word()}.",
            is_async=self.is_async,
        )
        decorator = told.caller.call(
            Named(f"{MODULE}:ttl_cache"), seconds=self.seconds, most=self.most, clock=self._clock
        )
        return decorator if decorator.raised else told.caller.call(decorator.value, compute)

    def counting(self) -> Outcome:
        """A function that gives another value each time."""
        return self.function(lambda use: self.told.word())

    def ask(self, cached: Outcome, *args: object, **kwargs: object) -> None:
        """Ask for a value."""
        if cached.raised is None:
            cached = self.told.caller.call(cached.value, *args, is_async=self.is_async, **kwargs)
        self.told.note(cached)

    def begin(self, cached: Outcome, *args: object) -> list[Operation]:
        """Ask in a thread or task of its own, and do not wait; none where there is no function."""
        if cached.raised is not None:
            self.told.note(cached)
            return []
        where = "loop" if self.is_async else "thread"
        return [self.told.caller.start(cached.value, *args, where=where, is_async=self.is_async)]

    def finish(self, operations: Sequence[Operation], *answers: object) -> None:
        """Answer what is held, one after the other, until all have their value."""
        caller, answer = self.told.caller, script(*answers)
        while not _all_done(operations):
            if not _held_or_done(self.told, operations):
                raise CandidateFault("Somebody waits for ever.", phase="observing", kind="waits_for_ever")
            if not caller.held:
                break
            caller.answer(caller.held[0], answer(caller.held[0]))
        for operation in operations:
            self.told.note(caller.wait(operation))


def _all_done(operations: Sequence[Operation]) -> bool:
    return all(operation.is_done for operation in operations)


def grows_old(told: Told) -> None:
    """Asked young, nearly too old, exactly too old, and long afterwards."""
    cache = Cached(told)
    cached = cache.counting()
    for age in (0, cache.seconds / 2, cache.seconds / 2 - 0.125, 0.125, cache.seconds - 0.125, 5 * cache.seconds):
        cache.clock.now += age
        cache.ask(cached, "chf")


def nothing_is_a_value(told: Told) -> None:
    """None, nought and an empty list are values."""
    cache = Cached(told)
    cached = cache.function(script(None, 0, [], told.word()))
    for argument in (1, 2, 3):
        cache.ask(cached, argument)
        cache.ask(cached, argument)


def fails(told: Told) -> None:
    """A failure, then a value; later, when that is too old, a failure and a value again."""
    cache = Cached(told)
    failure = raising("builtins:ConnectionError", told.word())
    cached = cache.function(script(failure, told.word(), failure, told.word()))
    for _ in range(2):
        cache.ask(cached)
        cache.ask(cached)
        cache.ask(cached)
        cache.clock.now += cache.seconds


def combinations(told: Told) -> None:
    """Arguments by place and by name, pairs among them, and two functions of one decorator's making."""
    cache = Cached(told)
    for cached in (cache.counting(), cache.counting()):
        for _ in range(2):
            cache.ask(cached)
            cache.ask(cached, 1)
            cache.ask(cached, 1, 2)
            cache.ask(cached, (1, 2))
            cache.ask(cached, ("day", 1))
            cache.ask(cached, day=1)
            cache.ask(cached, 1, day=1)


def unhashable(told: Told) -> None:
    """A list as an argument: computed each time, beside others that are kept."""
    cache = Cached(told)
    cached = cache.counting()
    for _ in range(2):
        cache.ask(cached, [1, 2])
        cache.ask(cached, 1, day={"a": 1})
        cache.ask(cached, 1)


def full(told: Told) -> Json:
    """As many as it holds: none is computed twice."""
    cache = Cached(told, most=told.random.randrange(4, 9))
    cached = cache.counting()
    return _recomputed(told, cached, list(range(cache.most)))


def more_than_full(told: Told) -> Json:
    """Far more than it holds: the newest is kept, and what it can't hold is computed again."""
    cache = Cached(told, most=told.random.randrange(4, 9))
    cached = cache.counting()
    arguments = list(range(4 * cache.most))
    newest = _recomputed(told, cached, arguments, again=arguments[-1:])
    return {"newest": newest, "bounded": _recomputed(told, cached, [], again=arguments[::-1]) >= 3 * cache.most}


def _recomputed(told: Told, cached: Outcome, arguments: list[int], again: list[int] | None = None) -> int:
    """How many are computed once more when they are asked for again."""
    for argument in arguments:
        _ask_quietly(told, cached, argument)
    before = _computed(told)
    for argument in arguments if again is None else again:
        _ask_quietly(told, cached, argument)
    return _computed(told) - before


def _ask_quietly(told: Told, cached: Outcome, argument: int) -> None:
    if cached.raised is None:
        told.caller.call(cached.value, argument)


def _computed(told: Told) -> int:
    return sum(use.of.name != "clock" for use in told.caller.uses)


def cleared(told: Told) -> None:
    """Two values, all let go of, and computed again; another function keeps its own."""
    cache = Cached(told)
    first, second = cache.counting(), cache.counting()
    for _ in range(2):
        for cached in (first, second):
            cache.ask(cached, 1)
            cache.ask(cached, 2)
        if first.raised is None:
            clear = told.caller.attribute(first.value, "cache_clear", keep=True)
            if clear.raised or told.caller.call(clear.value).raised:
                told.note(clear)


def keeps_its_name(told: Told, *, is_async: bool = False) -> None:
    """Name, docstring and signature; and a value is kept."""
    cache = Cached(told, is_async=is_async)
    cached = cache.counting()
    if cached.raised is None:
        for name in ("__name__", "__doc__"):
            told.note(told.caller.attribute(cached.value, name))
        told.note(told.caller.signature(cached.value))
    if not is_async:
        for argument in (1, 2, 1, 2):
            cache.ask(cached, argument)


def held(told: Told, *, is_async: bool = False) -> None:
    """Values from before the block and from within it, much too old, and asked for once more afterwards."""
    cache = Cached(told, is_async=is_async)
    cached = cache.counting()
    cache.ask(cached, "chf")
    block = _enter(told, cached)
    for _ in range(2):
        cache.clock.now += 2 * cache.seconds
        cache.ask(cached, "chf")
        cache.ask(cached, "eur")
    _leave(told, block)
    cache.ask(cached, "chf")
    cache.ask(cached, "eur")


def held_twice(told: Told) -> None:
    """A block within a block, and one after the other."""
    cache = Cached(told)
    cached = cache.counting()
    outer, inner = _enter(told, cached), _enter(told, cached)
    for block in (None, inner, outer):
        _leave(told, block)
        cache.ask(cached, "chf")
        cache.clock.now += cache.seconds
    block = _enter(told, cached)
    cache.ask(cached, "chf")
    cache.ask(cached, "chf")
    _leave(told, block)


def held_and_failed(told: Told) -> None:
    """The block fails: its exception comes out, and values grow too old again."""
    cache = Cached(told)
    cached = cache.counting()
    block = _enter(told, cached)
    cache.ask(cached, "chf")
    _leave(told, block, raising("builtins:KeyboardInterrupt", told.word()))
    cache.clock.now += cache.seconds
    cache.ask(cached, "chf")


def _enter(told: Told, cached: Outcome) -> Reference | None:
    """A block of `held()`; None where there is none."""
    caller = told.caller
    for step in ("held", "()", "with"):
        if not isinstance(cached.value, Reference):
            told.note(cached)
            return None
        if step == "held":
            cached = caller.attribute(cached.value, "held", keep=True)
        elif step == "()":
            cached = caller.call(cached.value)
        else:
            caller.enter(cached.value)
    return cached.value


def _leave(told: Told, block: Reference | None, error: Raise | None = None) -> None:
    if block is not None:
        left = told.caller.leave(block, error)
        # That the exception goes on is the same whether it is raised once more or only not swallowed.
        told.note(Outcome(value="swallowed") if left.value is True else Outcome(value="goes on"))


def same_value(told: Told, *, is_async: bool = False) -> Json:
    """Three ask for one value; the first computation is held back until all others wait or compute too."""
    cache = Cached(told, is_async=is_async)
    cached = cache.function(lambda use: HOLD)
    operations = _gathered(told, cache, cached, "chf", "chf", "chf")
    together = len(told.caller.held)
    cache.finish(operations, told.word(), told.word(), told.word())
    cache.finish(cache.begin(cached, "chf"), told.word())
    return {"computing at once": together, "computed": _computed(told)}


def other_values(told: Told, *, is_async: bool = False) -> Json:
    """Three ask for different values; none of them waits for another."""
    cache = Cached(told, is_async=is_async)
    cached = cache.function(lambda use: HOLD)
    operations = _gathered(told, cache, cached, "chf", "eur", "gbp")
    told.caller.until(lambda: len(told.caller.held) == 3, LOOK_OUT)
    together = len(told.caller.held)
    cache.finish(operations, told.word())
    return {"computing at once": together}


def _gathered(told: Told, cache: Cached, cached: Outcome, *arguments: str) -> list[Operation]:
    """All asked, one after the other, and none of them can go on without the judge."""
    operations: list[Operation] = []
    for argument in arguments:
        operations += cache.begin(cached, argument)
        if operations:
            _held_or_done(told, operations)
            told.caller.settle()
    return operations


def _held_or_done(told: Told, operations: Sequence[Operation]) -> bool:
    """Listen until a computation is held or all have ended; False where neither comes."""
    return told.caller.until(lambda: bool(told.caller.held) or _all_done(operations), PATIENCE)


def fails_while_others_wait(told: Told) -> Json:
    """The computation that others wait for fails: nobody waits for ever, and the failure is not kept."""
    caller = told.caller
    cache = Cached(told)
    cached = cache.function(lambda use: HOLD)
    operations = _gathered(told, cache, cached, "chf", "chf")
    if not operations:
        return None
    word = told.word()
    for use in list(caller.held):
        caller.answer(use, raising("builtins:ConnectionError", word))
    _held_or_done(told, operations)
    value = told.word()
    while caller.held:
        caller.answer(caller.held[0], value)
        _held_or_done(told, operations)
    first = caller.wait(operations[0])
    told.note(first)
    return {"all ended": caller.until(lambda: _all_done(operations), PATIENCE)}


def kept_async(told: Told) -> None:
    """A coroutine function: what it says it is, its result kept, too old, and failing."""
    cache = Cached(told, is_async=True)
    failure = raising("builtins:ConnectionError", told.word())
    cached = cache.function(script(told.word(), failure, told.word(), told.word()))
    if cached.raised is None:
        told.note(told.caller.call(Named("inspect:iscoroutinefunction"), cached.value))
    for age in (0, 1, cache.seconds, 0, 1):
        cache.clock.now += age
        cache.ask(cached, 7)
    cache.ask(cached, [7])
    cache.ask(cached, [7])


def cancelled_computing(told: Told) -> Json:
    """The task that computes is cancelled while two others wait for the value."""
    return _cancel_one(told, 0)


def cancelled_waiting(told: Told) -> Json:
    """A task that waits for the value is cancelled while another computes and a third waits."""
    return _cancel_one(told, 1)


def _cancel_one(told: Told, number: int) -> Json:
    caller = told.caller
    cache = Cached(told, is_async=True)
    cached = cache.function(lambda use: HOLD)
    operations = _gathered(told, cache, cached, "chf", "chf", "chf")
    if not operations:
        return None
    together = len(caller.held)
    caller.cancel(operations[number])
    told.note(caller.wait(operations[number]))
    value = told.word()
    cache.finish([one for at, one in enumerate(operations) if at != number], value)
    cache.finish(cache.begin(cached, "chf"), value)
    return {"computing at once": together, "taken over once at most": _computed(told) <= 2 - number}


PLAYS = {
    "grows-old": grows_old,
    "nothing-is-a-value": nothing_is_a_value,
    "fails": fails,
    "combinations": combinations,
    "unhashable": unhashable,
    "full": full,
    "more-than-full": more_than_full,
    "cleared": cleared,
    "same-value-threads": same_value,
    "other-values-threads": other_values,
    "fails-while-others-wait": fails_while_others_wait,
    "keeps-its-name": keeps_its_name,
    "keeps-its-name-async": lambda told: keeps_its_name(told, is_async=True),
    "held": held,
    "held-twice": held_twice,
    "held-and-failed": held_and_failed,
    "held-async": lambda told: held(told, is_async=True),
    "kept-async": kept_async,
    "same-value-tasks": lambda told: same_value(told, is_async=True),
    "other-values-tasks": lambda told: other_values(told, is_async=True),
    "cancelled-computing": cancelled_computing,
    "cancelled-waiting": cancelled_waiting,
}


def observe(run: Run) -> Observations:
    """All scenes, each in a guest of its own."""
    return observe_scenes(run, MODULE, PLAYS)
