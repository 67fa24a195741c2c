"""PY1: functions of the judge are decorated by the submission's `retry`; the judge sees each attempt and each wait."""

from djudge.engine.calling import HOLD, Named, Operation, Outcome, Raise, raising
from djudge.engine.probes.call import script
from djudge.engine.run import Run
from djudge.engine.values import Json, Observations

from ..scenes import Told, observe_scenes

MODULE = "toolbelt.retrying"
LISTED = ("builtins:ConnectionError", "builtins:TimeoutError", "builtins:KeyError")
EVERYTHING = Named("builtins:BaseException")


class Supplier:
    """A function that fails as it is told to, and what the submission's decorator makes of it."""

    def __init__(self, told: Told, *, is_async: bool = False) -> None:
        self.told = told
        self.is_async = is_async
        self.listed = told.random.choice(LISTED)
        self.sleep = told.caller.function("sleep")
        self.sleep_async = told.caller.function("sleep_async", is_async=True)

    def failure(self) -> Raise:
        """A listed exception, with a message that nobody knows beforehand."""
        return raising(self.listed, self.told.word())

    def decorated(self, *answers: object, attempts: int, on: object = None) -> Outcome:
        """A new function that answers so, attempt by attempt, decorated."""
        random, caller = self.told.random, self.told.caller
        fetch = caller.function(
            self.told.word(),
            script(*answers),
            parameters=f"{self.told.word()}, *, {self.told.word()}=7",
            doc=f"{self.told.word().title()} {self.told.word()}.",
            is_async=self.is_async,
        )
        decorator = caller.call(
            Named(f"{MODULE}:retry"),
            attempts=attempts,
            on=on or Named(self.listed),
            delay=random.randrange(1, 40) / 8,
            factor=random.randrange(2, 5),
            sleep=self.sleep,
            sleep_async=self.sleep_async,
        )
        return decorator if decorator.raised else caller.call(decorator.value, fetch)

    def ask(self, decorated: Outcome) -> None:
        """Call what was decorated, with an argument of its own."""
        if decorated.raised is None:
            caller, word = self.told.caller, self.told.word()
            decorated = caller.call(decorated.value, word, is_async=self.is_async)
        self.told.note(decorated)

    def begin(self, decorated: Outcome) -> Operation | None:
        """Call it as a task on the event loop, and do not wait."""
        if decorated.raised is None:
            return self.told.caller.start(decorated.value, self.told.word(), where="loop", is_async=True)
        self.told.note(decorated)
        return None


def recovers(told: Told, *, is_async: bool = False) -> None:
    """Two to four failures, then a value."""
    supplier = Supplier(told, is_async=is_async)
    failures = [supplier.failure() for _ in range(told.random.randrange(2, 5))]
    supplier.ask(supplier.decorated(*failures, told.word(), attempts=len(failures) + 2))


def succeeds_at_the_last(told: Told) -> None:
    """The very last attempt works."""
    supplier = Supplier(told)
    failures = [supplier.failure() for _ in range(told.random.randrange(2, 4))]
    supplier.ask(supplier.decorated(*failures, told.word(), attempts=len(failures) + 1))


def gives_up(told: Told, *, is_async: bool = False) -> None:
    """Nothing but failures, each with another message."""
    supplier = Supplier(told, is_async=is_async)
    attempts = told.random.randrange(3, 6)
    supplier.ask(supplier.decorated(*(supplier.failure() for _ in range(attempts + 3)), attempts=attempts))


def only_once(told: Told) -> None:
    """One attempt is allowed: nothing is repeated and nothing awaited; a second function is tried twice."""
    supplier = Supplier(told)
    for attempts in (1, 2):
        supplier.ask(supplier.decorated(*(supplier.failure() for _ in range(4)), attempts=attempts))


def another_error(told: Told, *, is_async: bool = False) -> None:
    """After a listed exception comes one that is not listed."""
    supplier = Supplier(told, is_async=is_async)
    other = raising("builtins:ValueError", told.word())
    supplier.ask(supplier.decorated(supplier.failure(), other, told.word(), attempts=4))


def kinds_of_errors(told: Told) -> None:
    """A tuple is listed; a subclass of what is listed counts as listed."""
    supplier = Supplier(told)
    on = (Named("builtins:LookupError"), Named("builtins:OSError"))
    failures = [raising(name, told.word()) for name in ("builtins:KeyError", "builtins:ConnectionResetError")]
    supplier.ask(supplier.decorated(*failures, told.word(), attempts=3, on=on))


def called_again(told: Told) -> None:
    """Three calls of one decorated function: each has all its attempts."""
    supplier = Supplier(told)
    answers = [supplier.failure(), supplier.failure(), told.word()]
    decorated = supplier.decorated(*answers * 3, attempts=3)
    for _ in range(3):
        supplier.ask(decorated)


def keeps_its_name(told: Told) -> None:
    """Name, docstring and signature; and it is no other function that was kept."""
    supplier = Supplier(told)
    decorated = supplier.decorated(supplier.failure(), told.word(), attempts=2)
    _note_identity(told, decorated)
    supplier.ask(decorated)


def keeps_its_name_async(told: Told) -> None:
    """A coroutine function's; whether it works is asked elsewhere."""
    supplier = Supplier(told, is_async=True)
    _note_identity(told, supplier.decorated(told.word(), attempts=2))


def _note_identity(told: Told, decorated: Outcome) -> None:
    if decorated.raised is None:
        for name in ("__name__", "__doc__"):
            told.note(told.caller.attribute(decorated.value, name))
        told.note(told.caller.signature(decorated.value))


def stays_a_coroutine_function(told: Told) -> None:
    """What `inspect` says of both kinds, and that both work."""
    for is_async in (True, False):
        supplier = Supplier(told, is_async=is_async)
        decorated = supplier.decorated(supplier.failure(), told.word(), attempts=2)
        if decorated.raised is None:
            told.note(told.caller.call(Named("inspect:iscoroutinefunction"), decorated.value))
        supplier.ask(decorated)


def cancelled_in_an_attempt(told: Told) -> Json:
    """The second attempt does not end; the call is cancelled."""
    supplier = Supplier(told, is_async=True)
    decorated = supplier.decorated(
        supplier.failure(), HOLD, told.word(), attempts=4, on=Named("builtins:BaseException")
    )
    return _cancel(told, supplier.begin(decorated))


def cancelled_in_a_wait(told: Told) -> Json:
    """The first wait does not end; the call is cancelled."""
    supplier = Supplier(told, is_async=True)
    supplier.sleep_async = told.caller.function("sleep_async", lambda use: HOLD, is_async=True)
    decorated = supplier.decorated(supplier.failure(), told.word(), attempts=4, on=EVERYTHING)
    return _cancel(told, supplier.begin(decorated))


def _cancel(told: Told, operation: Operation | None) -> Json:
    """What waited for the judge when the call was cancelled, and whether that was let go of."""
    caller = told.caller
    if operation is None:
        return None
    caller.until(lambda: bool(caller.held) or operation.is_done)
    waited: list[Json] = ["sleep_async" if use.of.name == "sleep_async" else "function" for use in caller.held]
    caller.cancel(operation)
    told.note(caller.wait(operation))
    return {"waited": waited, "left": len(caller.left)}


PLAYS = {
    "recovers": recovers,
    "succeeds-at-the-last": succeeds_at_the_last,
    "gives-up": gives_up,
    "only-once": only_once,
    "another-error": another_error,
    "kinds-of-errors": kinds_of_errors,
    "called-again": called_again,
    "keeps-its-name": keeps_its_name,
    "keeps-its-name-async": keeps_its_name_async,
    "stays-a-coroutine-function": stays_a_coroutine_function,
    "recovers-async": lambda told: recovers(told, is_async=True),
    "gives-up-async": lambda told: gives_up(told, is_async=True),
    "another-error-async": lambda told: another_error(told, is_async=True),
    "cancelled-in-an-attempt": cancelled_in_an_attempt,
    "cancelled-in-a-wait": cancelled_in_a_wait,
}


def observe(run: Run) -> Observations:
    """All scenes, each in a guest of its own."""
    return observe_scenes(run, MODULE, PLAYS)
