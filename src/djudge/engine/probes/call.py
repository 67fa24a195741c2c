"""Call: functions and classes of the submission are called, with collaborators that live in the judge.

How a task uses it, in `observe.py`:

    with run.caller() as caller:                    # a fresh guest; Django is set up where the pack has it
        retry = must(caller.named("toolbelt.retrying:retry"), "toolbelt.retrying")
        clock = call.Clock()
        sleep = caller.function("sleep", clock.sleep)                   # every use comes here, in order
        fetch = caller.function(word, call.script(raising("builtins:ConnectionError", word), 7), parameters="order")
        decorate = caller.call(retry, attempts=3, on=[Named("builtins:ConnectionError")], sleep=sleep)
        wrapped = caller.call(must(decorate, "retry(...)"), fetch)
        outcome = caller.call(wrapped.value, "a-12")                    # Outcome: .value, or .raised
        seen["uses"] = call.uses(caller)                                # Seen: they reached the judge
        answered["outcome"] = call.answer(outcome)                      # Answered: it was not told what is right

and in `judge.py`:

    uses = observations.saw("uses").read(call.Uses.parse)                       # Seen[Uses]
    outcome = observations.answer("outcome").read(call.Answer.parse)            # Answered[Answer]
    if uses.value.number("sleep") == 1 and outcome.value.returned(7): ...

What there is (`djudge.engine.calling`): `caller.call`, `start` and `wait` (a thread of its own, or `where="loop"`: a
task on the one event loop), `named`, `attribute`, `signature`, `enter` and `leave`, `steps`, `cancel`, `tasks_left`,
`forget`; `function` and `instance` lend collaborators. `is_async=True` awaits what the call gives, on the event loop.
`must(outcome, what)` is the value, or a CandidateFault where nothing can be observed without it.

Races are forced and not awaited. A handler that returns HOLD leaves its use waiting; `caller.until(lambda: ...)`
listens until something has come; `caller.settle()` until every thread of the guest waits for something, so that what
comes by itself has come; `caller.answer(use, value)` lets one go:

    compute = caller.function("compute", lambda use: HOLD)
    first, second = caller.start(cached, 3), caller.start(cached, 3)
    caller.until(lambda: bool(caller.held))
    caller.settle()
    together = len(caller.held)                                                 # 2: both compute. Seen, without a clock
    while caller.held: caller.answer(caller.held[0], 9); caller.settle()

Values are compared by `is_exactly`: type and all. What has no exact built-in type never crosses; it is a `Reference`,
and what it calls its type is a claim. See docs/decisions/0014-calls-and-collaborators.md for what is evidence of which
type.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from djudge.engine.calling import CallingGuest, Collaborator, Outcome, Use
from djudge.engine.sandbox.calling import Reference
from djudge.engine.values import Json
from djudge.guest import values
from djudge.guest.wire import WireError

__all__ = ["Answer", "Clock", "Used", "Uses", "answer", "is_exactly", "script", "uses"]


class Clock:
    """Time as the code under test meets it: it goes on when the judge says so, or when somebody sleeps."""

    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now

    def read(self, use: Use) -> float:
        """A handler: what time it is."""
        return self.now

    def sleep(self, use: Use) -> None:
        """A handler: the time that was asked for has passed when the sleeper wakes."""
        if use.args and type(use.args[0]) in (int, float) and 0 <= use.args[0] < 1e6:
            self.now += use.args[0]


def script(*answers: object) -> Callable[[Use], object]:
    """A handler that answers the first use with the first answer and so on; the last one goes on for ever."""
    left = list(answers)

    def handle(use: Use) -> object:
        return left.pop(0) if len(left) > 1 else left[0]

    return handle


def answer(outcome: Outcome) -> Json:
    """An outcome as it is stored, an observation of kind `answered`."""
    if outcome.raised is None:
        return {"kind": "answered", "value": _stored(outcome.value)}
    return {"kind": "answered", "raised": outcome.raised_type or "?", "args": _stored(outcome.raised.args)}


def uses(caller: CallingGuest, of: Sequence[Collaborator] | None = None) -> Json:
    """The uses of collaborators, all or some, in the order in which they came, an observation of kind `uses`."""
    kept = [use for use in caller.uses if of is None or use.of in of]
    rows: list[Json] = [
        {"of": use.of.name, "method": use.method, "args": _stored(use.args), "kwargs": _stored(dict(use.kwargs))}
        for use in kept
    ]
    return {"kind": "uses", "uses": rows}


def is_exactly(one: object, other: object) -> bool:
    """Whether two values are the same in type and content, all the way down: 1 is neither 1.0 nor True."""
    return json.dumps(_stored(one)) == json.dumps(_stored(other))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call came to. `raised` names the standard library's class (`builtins.ValueError`), or is "?" or empty."""

    value: Any
    raised: str
    args: tuple[Any, ...]

    @classmethod
    def parse(cls, observation: Json) -> Self:
        """From the stored form; raises ValueError when it is not one (the task author's fault)."""
        match observation:
            case {"raised": str(raised), "args": args}:
                return cls(None, raised, tuple(_loaded(args)))
            case {"value": value}:
                return cls(_loaded(value), "", ())
        raise ValueError("This is no stored answer.")

    def returned(self, value: object) -> bool:
        """Whether it ended with exactly this value."""
        return not self.raised and is_exactly(self.value, value)

    def raised_with(self, name: str, *args: object) -> bool:
        """Whether it raised the standard library's class of this name with exactly these arguments."""
        return self.raised == name and is_exactly(self.args, args)


@dataclass(frozen=True, slots=True)
class Used:
    """A use of a collaborator, as stored."""

    of: str
    method: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Uses:
    """All uses, in order."""

    all: tuple[Used, ...]

    @classmethod
    def parse(cls, observation: Json) -> Self:
        """From the stored form; raises ValueError when it is not one (the task author's fault)."""
        match observation:
            case {"uses": list(rows)}:
                return cls(tuple(_use(row) for row in rows))
        raise ValueError("These are no stored uses.")

    def of(self, name: str) -> tuple[Used, ...]:
        """Those of one collaborator."""
        return tuple(use for use in self.all if use.of == name)

    def number(self, name: str) -> int:
        """How often it was used."""
        return len(self.of(name))

    @property
    def order(self) -> tuple[str, ...]:
        """The names of what was used, one after the other."""
        return tuple(use.of for use in self.all)


def _use(row: Json) -> Used:
    match row:
        case {"of": str(of), "method": str(method), "args": args, "kwargs": kwargs}:
            return Used(of, method, tuple(_loaded(args)), _loaded(kwargs))
    raise ValueError("This is no stored use.")


def _stored(value: object) -> Json:
    return values.encode(value, _object)


def _object(value: object) -> Json:
    """Without its number, which depends on what else was asked."""
    if isinstance(value, Collaborator):
        return {"collaborator": value.name}
    return {"object": value.claim if isinstance(value, Reference) else "?"}


def _loaded(content: Json) -> Any:
    try:
        return values.decode(content, _special)
    except WireError as error:
        raise ValueError(str(error)) from None


def _special(tag: str, inner: Json) -> object:
    if tag in ("object", "collaborator") and isinstance(inner, str):
        return Reference(0, inner)
    raise WireError("A value of an unknown kind.")
