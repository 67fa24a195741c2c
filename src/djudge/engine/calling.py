"""A guest that is called: its functions and objects, and collaborators that live in the judge.

The judge imports nothing. It asks the guest to call this with that; what is no plain value stays there and has a
number. What the code under test is given (a clock, a sleep, a client) is a shell whose every use comes here, is
answered here, and is on record in the order in which it came. An answer can be held back for as long as the judge
likes, so that races and cancellations are forced instead of awaited.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal, final

from djudge.engine.errors import CandidateFault, TaskFault
from djudge.engine.postgres.databases import Connection
from djudge.engine.sandbox.calling import Given, Left, Raised, Reference, Result, Used
from djudge.engine.sandbox.contract import Aside
from djudge.engine.sandbox.guest import Guest
from djudge.engine.serving import Stage
from djudge.engine.values import Json
from djudge.guest import values
from djudge.guest.wire import WireError

type Where = Literal["main", "thread", "loop"]
type Handler = Callable[["Use"], object]

#: How long the judge looks out for what need not come.
PATIENCE: Final = 5.0


@final
class Hold:
    """What a handler returns to leave a use waiting: `CallingGuest.answer` ends the wait."""


HOLD: Final = Hold()


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the guest by name: `builtins:ConnectionError`, `asyncio:CancelledError`, `toolbelt.retry:retry`."""

    name: str


@dataclass(frozen=True, slots=True)
class Raise:
    """What a handler returns to have the use raise: a class by name or number with arguments, or an instance."""

    what: Named | Reference
    args: tuple[Any, ...] = ()


def raising(name: str, *args: object) -> Raise:
    """An exception of the guest's class of that name, for a handler to return."""
    return Raise(Named(name), args)


@dataclass(frozen=True, eq=False)
class Collaborator:
    """A function or object of the judge, as it was described to the guest. Make one with a `CallingGuest`."""

    number: int
    name: str
    spec: Mapping[str, Json]
    handler: Handler


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a collaborator. `number` is its place among all uses; `of` and `method` say of what."""

    number: int
    of: Collaborator
    method: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an operation ended. What came back is at most an answer: the guest was not told what is expected."""

    value: Any = None
    raised: Raised | None = None

    @property
    def raised_type(self) -> str:
        """The name of the standard library's class that was raised (`builtins.ValueError`); empty for anything else."""
        return self.raised.type if self.raised is not None and self.raised.known else ""


@dataclass(eq=False)
class Operation:
    """Something that was begun in the guest. `outcome` is None until it has ended."""

    number: int
    outcome: Outcome | None = None

    @property
    def is_done(self) -> bool:
        """Whether it has ended, as far as the judge has listened."""
        return self.outcome is not None


@dataclass(frozen=True, slots=True)
class Steps:
    """Items of an iterator, whether it ended before there were enough, and what it raised instead of going on."""

    items: tuple[Any, ...]
    ended: bool
    raised: Raised | None = None


@dataclass
class _Record:
    uses: list[Use] = field(default_factory=list)
    held: dict[int, Use] = field(default_factory=dict)
    left: list[Use] = field(default_factory=list)


class CallingGuest:
    """The judge's hold on a guest that is called. Made by `Run.caller`.

    Every method waits at most the task's `request_seconds` for what it waits for, and raises CandidateFault where
    nothing comes, the guest ends, or it breaks the wire. Arguments and answers may be plain values (None, bool, int,
    float, str, bytes, Decimal, date, datetime, time, timedelta, list, tuple, dict, set, frozenset), `Reference`,
    `Named` and `Collaborator`. What came from the guest is handed back to it only as a `Reference`: any other value of
    its choice may be too large or too deep to go the same way again.
    """

    def __init__(self, guest: Guest, stage: Stage | None = None) -> None:
        self._guest = guest
        self._stage = stage
        self._collaborators: dict[int, Collaborator] = {}
        self._operations: dict[int, Operation] = {}
        self._record = _Record()

    # What the judge lends.

    def function(
        self,
        name: str,
        handler: Handler = lambda use: None,
        *,
        parameters: str | None = None,
        doc: str | None = None,
        is_async: bool = False,
    ) -> Collaborator:
        """A function of the judge, `async def` or not. `parameters` ("order, *, note=None") is its signature there.

        `handler` gets each use and returns its answer, a `Raise`, or HOLD.
        """
        kind = "coroutine" if is_async else "function"
        return self._lend(name, {"kind": kind, "name": name, "doc": doc, "parameters": parameters}, handler)

    def instance(self, name: str, handler: Handler, methods: Mapping[str, bool]) -> Collaborator:
        """An object of the judge. `methods` says of each by name whether it is `async`; `__hash__` and the like too."""
        kinds: dict[str, Json] = {method: "coroutine" if later else "function" for method, later in methods.items()}
        return self._lend(name, {"kind": "object", "name": name, "methods": kinds}, handler)

    def listeners(self) -> tuple[socket.socket, ...]:
        """Where the guest's calls over TCP arrive; `probes.services` answers there."""
        return self._guest.listeners()

    def accompany(self, aside: Aside | None) -> None:
        """Have this done while the guest is waited for."""
        self._guest.accompany(aside)

    # What the guest is asked to do.

    def call(
        self, target: Reference | Named, *args: object, is_async: bool = False, keep: bool = False, **kwargs: object
    ) -> Outcome:
        """Call something and wait; a coroutine on the guest's one event loop. `keep`: even a plain result by number."""
        where: Where = "loop" if is_async else "main"
        return self.wait(self.start(target, *args, where=where, is_async=is_async, keep=keep, **kwargs))

    def start(
        self,
        target: Reference | Named,
        *args: object,
        where: Where = "thread",
        is_async: bool = False,
        keep: bool = False,
        **kwargs: object,
    ) -> Operation:
        """Call something and do not wait: in a thread of its own, or as a task on the event loop (`where="loop"`).

        A coroutine in `main` or `thread` runs under an `asyncio.run` of its own.
        """
        given = {"args": self._encode(list(args)), "kwargs": self._encode(kwargs)}
        return self._begin("call", where, is_async, {"target": self._encode(target), "keep": keep, **given})

    def named(self, name: str) -> Outcome:
        """Import `module:attribute` and keep it: the value is a `Reference`."""
        return self.wait(self._begin("named", "main", False, {"name": name, "keep": True}))

    def attribute(self, target: Reference | Named, name: str, *, keep: bool = False) -> Outcome:
        """Read an attribute."""
        fields: dict[str, Json] = {"target": self._encode(target), "name": name, "keep": keep}
        return self.wait(self._begin("attribute", "main", False, fields))

    def signature(self, target: Reference | Named) -> Outcome:
        """The text of `inspect.signature`."""
        return self.wait(self._begin("signature", "main", False, {"target": self._encode(target)}))

    def enter(self, manager: Reference, *, is_async: bool = False) -> Outcome:
        """Enter a context, as `with` does; the value is what `as` would bind."""
        where: Where = "loop" if is_async else "main"
        return self.wait(self._begin("enter", where, is_async, {"target": self._encode(manager)}))

    def leave(self, manager: Reference, error: Raise | None = None, *, is_async: bool = False) -> Outcome:
        """Leave a context, with an exception or without; the value is whether the exception was swallowed."""
        raised = self._encode(error.what if error else None)
        args = self._encode(list(error.args) if error else [])
        where: Where = "loop" if is_async else "main"
        fields = {"target": self._encode(manager), "raised": raised, "args": args}
        return self.wait(self._begin("leave", where, is_async, fields))

    def steps(self, iterator: Reference, count: int, *, is_async: bool = False) -> Steps:
        """Up to so many items of an iterator or generator."""
        where: Where = "loop" if is_async else "main"
        fields: dict[str, Json] = {"target": self._encode(iterator), "count": count}
        outcome = self.wait(self._begin("next", where, is_async, fields))
        match outcome.value:
            case [list(items), bool(ended)]:
                return Steps(tuple(items), ended)
        return Steps((), True, outcome.raised)

    def cancel(self, operation: Operation) -> bool:
        """Cancel a task on the event loop; False where it had ended."""
        fields: dict[str, Json] = {"operation": operation.number}
        return self.wait(self._begin("cancel", "thread", False, fields)).value is True

    def tasks_left(self) -> int:
        """Tasks on the event loop that the judge did not start: what the code has left behind there."""
        value = self.wait(self._begin("tasks", "thread", False, {})).value
        return value if type(value) is int else -1

    def forget(self, reference: Reference) -> None:
        """Let go of an object, so that the guest may free it."""
        self.wait(self._begin("forget", "main", False, {"number": reference.number}))

    # What comes back, and when.

    def wait(self, operation: Operation) -> Outcome:
        """The outcome of an operation; uses are answered meanwhile."""
        while operation.outcome is None:
            self._take(self._guest.event())
        return operation.outcome

    def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        """Listen until something holds: a use is held, an operation has ended. False where it does not in time."""
        end = time.monotonic() + seconds
        while not condition():
            event = self._guest.event_within(max(0.0, end - time.monotonic()))
            if event is None:
                return condition()
            self._take(event)
        return True

    def settle(self) -> bool:
        """Listen until every thread of the guest waits for something: what comes by itself has come then."""
        return self.wait(self._begin("settle", "thread", False, {})).value is True

    def answer(self, use: Use, answer: object = None) -> None:
        """Answer a use that was held: with a value or a `Raise`."""
        self._record.held.pop(use.number, None)
        self._reply(use.number, answer)

    @property
    def uses(self) -> Sequence[Use]:
        """All uses of all collaborators so far, in the order in which they came. Seen: they reached the judge."""
        return tuple(self._record.uses)

    @property
    def held(self) -> Sequence[Use]:
        """Uses that wait for an answer."""
        return tuple(self._record.held.values())

    @property
    def left(self) -> Sequence[Use]:
        """Uses whose caller was cancelled before the answer."""
        return tuple(self._record.left)

    def uses_of(self, collaborator: Collaborator) -> Sequence[Use]:
        """The uses of one collaborator."""
        return tuple(use for use in self._record.uses if use.of is collaborator)

    @contextmanager
    def arrange(self) -> Iterator[Connection]:
        """The judge's own connection to the guest's database, where the pack has one: see `Stage.arrange`."""
        if self._stage is None:
            raise TaskFault("This pack has no database to arrange.", "Set `postgres = true` in pack.toml.")
        with self._stage.arrange() as connection:
            yield connection

    def last_words(self) -> str:
        """End the guest; what it printed last. Its own words."""
        return self._guest.stop().output[-8000:].decode("utf-8", "replace")

    def _lend(self, name: str, spec: dict[str, Json], handler: Handler) -> Collaborator:
        number = len(self._collaborators) + 1
        made = self._collaborators[number] = Collaborator(number, name, spec, handler)
        self._guest.give(number)
        return made

    def _begin(self, op: str, where: Where, is_async: bool, fields: Mapping[str, Json]) -> Operation:
        number = self._guest.begin_operation({"op": op, "where": where, "await": is_async, **fields})
        operation = self._operations[number] = Operation(number)
        return operation

    def _take(self, event: Result | Used | Left) -> None:
        if isinstance(event, Result):
            self._operations.pop(event.operation).outcome = Outcome(self._returned(event.value), event.raised)
        elif isinstance(event, Left):
            use = self._record.held.pop(event.use, None)
            if use is not None:
                self._record.left.append(use)
        else:
            self._answer_use(event)

    def _answer_use(self, used: Used) -> None:
        collaborator = self._collaborators[used.collaborator]
        args, kwargs = self._returned(used.args), self._returned(used.kwargs)
        use = Use(used.number, collaborator, used.method, args, kwargs)
        self._record.uses.append(use)
        self._record.held[use.number] = use
        answer = collaborator.handler(use)
        if not isinstance(answer, Hold):
            self.answer(use, answer)

    def _reply(self, use: int, answer: object) -> None:
        if isinstance(answer, Raise):
            fields = {"raise": self._encode(answer.what), "args": self._encode(list(answer.args))}
        else:
            fields = {"value": self._encode(answer)}
        self._guest.reply(use, fields)

    def _returned(self, value: Any) -> Any:
        """With the judge's own collaborators in the place of their numbers."""
        if isinstance(value, Given):
            return self._collaborators[value.number]
        if type(value) in (list, tuple, set, frozenset):
            return type(value)(self._returned(one) for one in value)
        if type(value) is dict:
            return {self._returned(key): self._returned(one) for key, one in value.items()}
        return value

    def _encode(self, value: object) -> Json:
        try:
            return values.encode(value, _special)
        except WireError as error:
            raise TaskFault(f"This can't be given to a guest: {error}", "See `CallingGuest` for what can.") from None


def _special(value: object) -> Json:
    match value:
        case Reference():
            return {"ref": value.number}
        case Named():
            return {"named": value.name}
        case Collaborator():
            return {"collaborator": [value.number, dict(value.spec)]}
        case Raise():
            raise TaskFault("A `Raise` was given as a value.", "Only handlers return it.")
        case _:
            raise TaskFault(
                f"A {type(value).__name__} can't be given to a guest.", "See `CallingGuest` for what can be."
            )


def must(outcome: Outcome, what: str) -> Any:
    """The value of a step without which nothing can be observed: CandidateFault where it raised instead."""
    if outcome.raised is None:
        return outcome.value
    raised = outcome.raised
    said = ", ".join(repr(arg) for arg in raised.args if not isinstance(arg, Reference))
    raise CandidateFault(
        f"{what} raised {raised.type}({said[:300]}).",
        "Look at what the brief says of how it is called.",
        phase="observing",
        kind="call_raised",
    )
