"""The judge's half of a conversation with a guest that is called: operations go out, results and uses come back.

Everything that comes is checked for number, order and size, and values are rebuilt from exact built-in types alone; see
`djudge.guest.values`. What a value is worth as evidence is not decided here.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from djudge.engine.sandbox.channel import Channel
from djudge.engine.sandbox.heads import Fields
from djudge.engine.values import Json
from djudge.guest import values, wire
from djudge.guest.wire import WireError

#: Uses of the judge's collaborators: in the whole life of a guest, and waiting at once.
MOST_USES: Final = 5_000
MOST_WAITING: Final = 256
#: What a guest may say in all, uses and results together: the judge keeps it until the guest ends.
MOST_BYTES: Final = 16 * 1024 * 1024
_NUMBERS: Final = 2**31
_NAME: Final = 100


class TooManyUsesError(Exception):
    """Collaborators are used without end, or more is said than anybody wants to hear."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that stays in the guest, by number. `claim` is what it calls its type: never to be relied on."""

    number: int
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """One of the judge's own collaborators, on its way back."""

    number: int


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that came out. `known`: the guest says it is the standard library's own class of that name.

    `args` are plain values and references; what the judge put into an exception itself is found there again.
    """

    reference: Reference
    type: str
    known: bool
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How an operation ended: a value, or an exception."""

    operation: int
    value: Any = None
    raised: Raised | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """Somebody in the guest uses a collaborator and waits for what the judge answers."""

    number: int
    collaborator: int
    method: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """Who waited for an answer to this use was cancelled."""

    use: int


type Event = Result | Used | Left


class CallLine:
    """Operations with one guest. Raises `WireError`, `DeadlineError`, `ClosedError` or `TooManyUsesError`."""

    def __init__(self, run: str, channel: Channel, parse: Callable[[bytes], Fields]) -> None:
        self._run = run
        self._channel = channel
        self._parse = parse
        self._operations: set[int] = set()
        self._drawn: set[int] = set()
        self._uses = 0
        self._heard = 0
        self._waiting: set[int] = set()
        self._given: set[int] = set()

    def give(self, number: int) -> None:
        """From here on the guest may use this collaborator."""
        self._given.add(number)

    def begin(self, fields: dict[str, Json], end: float) -> int:
        """Send an operation; its number, which nobody can foresee: no result is there before its operation."""
        number = 0
        while not number or number in self._drawn:
            number = secrets.randbelow(_NUMBERS)
        self._drawn.add(number)
        self._operations.add(number)
        self._channel.send(wire.head(wire.CALL, {"run": self._run, "id": number, **fields}), end)
        return number

    def reply(self, use: int, fields: dict[str, Json], end: float) -> None:
        """Answer a use. One that nobody waits for any more is left alone."""
        if use in self._waiting:
            self._waiting.discard(use)
            self._channel.send(wire.head(wire.REPLY, {"run": self._run, "use": use, **fields}), end)

    def receive(self, end: float) -> Event:
        """What comes next."""
        kind, payload = self._channel.receive(end)
        if kind in wire.RAW:
            raise WireError("Content came where a head belongs.")
        self._heard += len(payload)
        if self._heard > MOST_BYTES:
            raise TooManyUsesError
        fields = self._parse(payload)
        if kind == wire.RESULT:
            return self._result(fields)
        if kind == wire.USE:
            return self._used(fields)
        if kind == wire.LEFT:
            return self._left(fields)
        raise WireError("Something else came than results and uses.")

    def _result(self, fields: Fields) -> Result:
        number = fields.number("id", 1, _NUMBERS)
        if number not in self._operations:
            raise WireError("The result of an operation that nobody waits for.")
        self._operations.discard(number)
        if fields.has("raised"):
            return Result(number, raised=self._raised(fields.inner("raised")))
        return Result(number, value=self._value(fields, "value"))

    def _raised(self, fields: Fields) -> Raised:
        reference, args = self._value(fields, "ref"), self._value(fields, "args")
        if not isinstance(reference, Reference):
            raise WireError("An exception is no reference.")
        told = args if isinstance(args, tuple) else (args,)
        return Raised(reference, fields.text("type", _NAME), fields.flag("known"), told)

    def _used(self, fields: Fields) -> Used:
        number = fields.number("use", 1, _NUMBERS)
        if number != self._uses + 1:
            raise WireError("A use out of order.")
        self._uses = number
        self._waiting.add(number)
        if number > MOST_USES or len(self._waiting) > MOST_WAITING:
            raise TooManyUsesError
        collaborator = fields.number("collaborator", 1, _NUMBERS)
        args, kwargs = self._value(fields, "args"), self._value(fields, "kwargs")
        if collaborator not in self._given:
            raise WireError("A use of what was never given.")
        if not isinstance(args, list) or not isinstance(kwargs, dict) or not all(type(key) is str for key in kwargs):
            raise WireError("A use without arguments.")
        return Used(number, collaborator, fields.text("method", _NAME), tuple(args), kwargs)

    def _left(self, fields: Fields) -> Left:
        number = fields.number("use", 1, _NUMBERS)
        if not number <= self._uses:
            raise WireError("Somebody left a use that never began.")
        self._waiting.discard(number)
        return Left(number)

    def _value(self, fields: Fields, name: str) -> Any:
        return values.decode(fields.anything(name), self._special)

    def _special(self, tag: str, inner: Json) -> object:
        match tag, inner:
            case "ref", [int(number), str(claim)] if _is_number(number) and len(claim) <= _NAME:
                return Reference(number, claim)
            case "collaborator", int(number) if _is_number(number) and number in self._given:
                return Given(number)
        raise WireError("A value of an unknown kind.")


def _is_number(number: int) -> bool:
    return not isinstance(number, bool) and 0 < number < _NUMBERS
