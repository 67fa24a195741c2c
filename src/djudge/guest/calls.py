"""Serves the judge's operations instead of requests: call this, read that, keep what came of it.

Operations run in one of three places: `main`, one after another in the process' first thread; `thread`, each in a
thread of its own; `loop`, as tasks of one event loop that runs in a thread all the while. A thread of ours reads the
socket meanwhile, so that any number of them can wait for the judge's answers to what they use.

Everything here shares a process with candidate code. So all that it says is at most an answer.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import queue
import socket
import sys
import threading
import time
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, Final

from djudge.guest import values
from djudge.guest.collaborators import collaborator
from djudge.guest.wire import CALL, HEAD_BYTES, LEFT, REPLY, RESULT, USE, FrameReader, Json, WireError, head, parse_head

_PIECE: Final = 64 * 1024
_REFERENCES: Final = 20_000
#: Room for what a head holds beside its values.
_HEAD_REST: Final = 1024
#: A thread that used no processor time for so many looks in a row waits for something.
_QUIET_LOOKS: Final = 4
_LOOK_SECONDS: Final = 0.005
_MOST_LOOKS: Final = 400
#: As every exception has them, whatever its class says.
_ARGS: Final = BaseException.__dict__["args"].__get__

type Fields = dict[str, Json]
type Use = tuple[int, str, tuple[Any, ...], dict[str, Any]]


class Desk:
    """Where operations come in and results, and uses of the judge's collaborators, go out."""

    def __init__(self, channel: socket.socket, run: str) -> None:
        self._channel = channel
        self._run = run
        self._speaking = threading.Lock()
        self._uses = 0
        self._waiting: dict[int, Future[Fields]] = {}
        self.shelf = Shelf(self)
        self.crew = Crew()

    def say(self, kind: bytes, fields: Fields) -> None:
        """Send one head; raises WireError when it is too long, and nothing was sent then."""
        frame = head(kind, {"run": self._run, **fields})
        with self._speaking:
            self._channel.sendall(frame)

    def use(self, number: int, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A use of a collaborator, waited for in this thread."""
        _, answer = self._begin((number, method, args, kwargs))
        return self._outcome(answer.result())

    async def use_async(self, number: int, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A use of a collaborator, waited for on the event loop; who is cancelled meanwhile says that it has left."""
        use, answer = self._begin((number, method, args, kwargs))
        try:
            fields = await asyncio.wrap_future(answer)
        except asyncio.CancelledError:
            if self._waiting.pop(use, None) is not None:
                self.say(LEFT, {"use": use})
            raise
        return self._outcome(fields)

    def _begin(self, about: Use) -> tuple[int, Future[Fields]]:
        fields = self._asked(about)
        answer: Future[Fields] = Future()
        with self._speaking:  # numbers go out in their order
            use = self._uses = self._uses + 1
            self._waiting[use] = answer
            self._channel.sendall(head(USE, {"run": self._run, "use": use, **fields}))
        return use, answer

    def _asked(self, about: Use) -> Fields:
        """What a use says; arguments that are too long together go as references."""
        number, method, args, kwargs = about
        fields: Fields = {"collaborator": number, "method": method}
        for encode in (self.shelf.encode, self.shelf.refer):
            named: list[Json] = [part for name, value in kwargs.items() for part in (name, encode(value))]
            given: Fields = {"args": [encode(one) for one in args], "kwargs": {"dict": named}}
            if len(json.dumps(given)) < HEAD_BYTES - _HEAD_REST:
                break
        return fields | given

    def _outcome(self, fields: Fields) -> Any:
        if "raise" not in fields:
            return self.shelf.decode(fields["value"])
        raised = self.shelf.decode(fields["raise"])
        raise raised(*self.shelf.decode(fields["args"])) if isinstance(raised, type) else raised

    def read(self) -> None:
        """Take in frames until the judge closes the socket; then nothing here is wanted any more."""
        try:
            reader = FrameReader()
            while piece := self._channel.recv(_PIECE):
                reader.feed(piece)
                while found := reader.take():
                    self._sort(*found)
        except BaseException:
            traceback.print_exc()
        os._exit(0)

    def _sort(self, kind: bytes, payload: bytes) -> None:
        fields = parse_head(payload)
        if kind == REPLY:
            answer = self._waiting.pop(int(str(fields["use"])), None)
            if answer is not None and answer.set_running_or_notify_cancel():
                answer.set_result(fields)
        elif kind == CALL:
            self.crew.assign(Operation(self, fields))


class Shelf:
    """What can't cross as it is: objects of the guest by number, and the judge's collaborators."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._made = 0
        self._collaborators: dict[int, Any] = {}

    def encode(self, value: object) -> Json:
        """As it goes to the judge."""
        return values.encode(value, self.refer)

    def refer(self, value: object) -> Json:
        """A reference; the same object has the same number until it is forgotten."""
        for number, one in list(self._collaborators.items()):
            if one is value:
                return {"collaborator": number}
        with self._lock:
            number = self._numbers.get(id(value), 0)
            if not number:
                if len(self._objects) >= _REFERENCES:
                    raise MemoryError("The judge holds too many objects.")
                self._made = number = self._made + 1
                self._objects[number] = value
                self._numbers[id(value)] = number
        return {"ref": [number, _name(type(value))]}

    def decode(self, content: Json) -> Any:
        """What the judge gave: plain values, objects by number or by name, collaborators."""
        return values.decode(content, self._special)

    def forget(self, number: int) -> None:
        """Let go of an object; who else holds it goes on."""
        with self._lock:
            value = self._objects.pop(number)
            del self._numbers[id(value)]

    def _special(self, tag: str, inner: Json) -> Any:
        match tag, inner:
            case "ref", int(number):
                return self._objects[number]
            case "named", str(name):
                return named(name)
            case "collaborator", [int(number), dict(spec)]:
                if number not in self._collaborators:
                    self._collaborators[number] = collaborator(self._desk, number, spec)
                return self._collaborators[number]
        raise WireError(f"A value has the unknown tag {tag}.")


def named(name: str) -> Any:
    """What `package.module:attribute.attribute` names; without the colon a module."""
    module, _, attributes = name.partition(":")
    found: Any = importlib.import_module(module)
    for attribute in attributes.split(".") if attributes else ():
        found = getattr(found, attribute)
    return found


def _name(kind: type) -> str:
    """A claim: a class may give itself any name."""
    try:
        return f"{kind.__module__}.{kind.__qualname__}"[:100].encode("ascii", "replace").decode()
    except Exception:
        return "?"


class Crew:
    """The threads that operations run in."""

    def __init__(self) -> None:
        self.main: queue.SimpleQueue[Operation] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._idents: set[int] = set()
        self._starting = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: dict[int, asyncio.Task[Any]] = {}

    def work(self) -> None:
        """The first thread's life: one operation after another."""
        self._enlist()
        while True:
            self.main.get().perform()

    def assign(self, operation: Operation) -> None:
        """Have an operation performed where it belongs; never waits for it."""
        match operation.where:
            case "main":
                self.main.put(operation)
            case "loop":
                loop = self._running_loop()
                loop.call_soon_threadsafe(self._begin_task, loop, operation)
            case _:
                with self._lock:
                    self._starting += 1
                threading.Thread(target=self._alone, args=(operation,), daemon=True).start()

    def cancel(self, operation: int) -> bool:
        """Cancel an operation on the loop; False where it has ended, or is none."""
        task = self._tasks.get(operation)
        if task is None or self._loop is None:
            return False
        self._loop.call_soon_threadsafe(task.cancel)
        return True

    def tasks(self) -> int:
        """Tasks on the loop that are no operations of the judge: what code has left behind there."""
        if self._loop is None:
            return 0
        own = set(self._tasks.values())
        return sum(task not in own for task in asyncio.all_tasks(self._loop))

    def settle(self) -> bool:
        """Wait until every thread of an operation waits for something; False where one goes on and on.

        When to look is all that depends on it; what is seen then does not.
        """
        before: dict[int, float] = {}
        quiet = 0
        for _ in range(_MOST_LOOKS):
            now = self._processor_times()
            quiet = quiet + 1 if now == before and not self._starting else 0
            if quiet == _QUIET_LOOKS:
                return True
            before = now
            time.sleep(_LOOK_SECONDS)
        return False

    def _processor_times(self) -> dict[int, float]:
        with self._lock:  # a thread leaves the set before it ends: the clock of one that has ended can't be asked for
            own = threading.get_ident()
            clocks = {one: time.pthread_getcpuclockid(one) for one in self._idents if one != own}
            return {one: time.clock_gettime(clock) for one, clock in clocks.items()}

    def _alone(self, operation: Operation) -> None:
        self._enlist()
        with self._lock:
            self._starting -= 1
        try:
            operation.perform()
        finally:
            with self._lock:
                self._idents.discard(threading.get_ident())

    def _enlist(self) -> None:
        with self._lock:
            self._idents.add(threading.get_ident())

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._turn, args=(self._loop,), daemon=True).start()
        return self._loop

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        self._enlist()
        loop.run_forever()

    def _begin_task(self, loop: asyncio.AbstractEventLoop, operation: Operation) -> None:
        task = loop.create_task(operation.perform_async())
        self._tasks[operation.number] = task
        task.add_done_callback(lambda _: self._tasks.pop(operation.number, None))


class Operation:
    """One thing that the judge wants done."""

    def __init__(self, desk: Desk, fields: Fields) -> None:
        self._desk = desk
        self._fields = fields
        self.number = int(str(fields["id"]))
        self.where = str(fields["where"])

    def perform(self) -> None:
        """Do it in this thread; a coroutine on an event loop of its own."""
        try:
            if self._fields.get("await"):
                self._tell(asyncio.run(self._awaited()))
            else:
                self._tell(_PLAIN[str(self._fields["op"])](self))
        except BaseException as error:
            self._tell_raised(error)

    async def perform_async(self) -> None:
        """Do it on this event loop."""
        try:
            self._tell(await self._awaited())
        except BaseException as error:
            self._tell_raised(error)

    async def _awaited(self) -> Any:
        made = _AWAITED[str(self._fields["op"])](self)
        return await made

    def target(self) -> Any:
        """What it is done to."""
        return self._desk.shelf.decode(self._fields["target"])

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """What it is called with."""
        decode = self._desk.shelf.decode
        return decode(self._fields["args"]), decode(self._fields["kwargs"])

    def field(self, name: str) -> Any:
        """A plain field."""
        return self._fields.get(name)

    def raised_inside(self) -> BaseException | None:
        """The exception that leaves a context, if one does."""
        raised = self._desk.shelf.decode(self._fields["raised"])
        if isinstance(raised, type):
            raised = raised(*self._desk.shelf.decode(self._fields["args"]))
        return raised if isinstance(raised, BaseException) else None

    @property
    def desk(self) -> Desk:
        """Where it came in."""
        return self._desk

    def _tell(self, value: object) -> None:
        shelf = self._desk.shelf
        content = shelf.refer(value) if self._fields.get("keep") else shelf.encode(value)
        try:
            self._desk.say(RESULT, {"id": self.number, "value": content})
        except WireError:
            self._desk.say(RESULT, {"id": self.number, "value": shelf.refer(value)})

    def _tell_raised(self, error: BaseException) -> None:
        shelf = self._desk.shelf
        kind = type(error)
        about: Fields = {"ref": shelf.refer(error), "type": _name(kind), "known": _is_known(kind)}
        try:
            self._desk.say(RESULT, {"id": self.number, "raised": about | {"args": shelf.encode(_ARGS(error))}})
        except Exception:
            self._desk.say(RESULT, {"id": self.number, "raised": about | {"args": {"tuple": []}}})


def _is_known(kind: type) -> bool:
    """Whether it is the very class that the standard library has under that name."""
    if kind.__module__.partition(".")[0] not in sys.stdlib_module_names:
        return False
    found: Any = sys.modules.get(kind.__module__)
    for part in kind.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is kind


def _call(operation: Operation) -> Any:
    args, kwargs = operation.arguments()
    return operation.target()(*args, **kwargs)


def _enter(operation: Operation) -> Any:
    manager = operation.target()
    return type(manager).__enter__(manager)


def _leave(operation: Operation) -> bool:
    """Whether the exception was swallowed; as the `with` statement does it."""
    manager, error = operation.target(), operation.raised_inside()
    if error is None:
        type(manager).__exit__(manager, None, None, None)
        return False
    try:
        raise error
    except BaseException:
        return bool(type(manager).__exit__(manager, type(error), error, error.__traceback__))


async def _enter_async(operation: Operation) -> Any:
    manager = operation.target()
    return await type(manager).__aenter__(manager)


async def _leave_async(operation: Operation) -> bool:
    manager, error = operation.target(), operation.raised_inside()
    if error is None:
        await type(manager).__aexit__(manager, None, None, None)
        return False
    try:
        raise error
    except BaseException:
        return bool(await type(manager).__aexit__(manager, type(error), error, error.__traceback__))


def _steps(operation: Operation) -> list[Any]:
    """Up to `count` items of an iterator, and whether it ended before."""
    iterator: Iterator[Any] = iter(operation.target())
    items: list[Any] = []
    for _ in range(operation.field("count")):
        try:
            items.append(next(iterator))
        except StopIteration:
            return [items, True]
    return [items, False]


async def _steps_async(operation: Operation) -> list[Any]:
    iterator = aiter(operation.target())
    items: list[Any] = []
    for _ in range(operation.field("count")):
        try:
            items.append(await anext(iterator))
        except StopAsyncIteration:
            return [items, True]
    return [items, False]


async def _call_async(operation: Operation) -> Any:
    return await _call(operation)


async def _await(operation: Operation) -> Any:
    return await operation.target()


_PLAIN: Final[dict[str, Callable[[Operation], Any]]] = {
    "named": lambda operation: named(operation.field("name")),
    "call": _call,
    "attribute": lambda operation: getattr(operation.target(), operation.field("name")),
    "signature": lambda operation: str(inspect.signature(operation.target())),
    "enter": _enter,
    "leave": _leave,
    "next": _steps,
    "settle": lambda operation: operation.desk.crew.settle(),
    "cancel": lambda operation: operation.desk.crew.cancel(operation.field("operation")),
    "tasks": lambda operation: operation.desk.crew.tasks(),
    "forget": lambda operation: operation.desk.shelf.forget(operation.field("number")),
}
_AWAITED: Final[dict[str, Callable[[Operation], Awaitable[Any] | Coroutine[Any, Any, Any]]]] = {
    "call": _call_async,
    "await": _await,
    "enter": _enter_async,
    "leave": _leave_async,
    "next": _steps_async,
}


def serve(channel: socket.socket, run: str) -> None:
    """Perform operations until the judge closes the socket."""
    desk = Desk(channel, run)
    threading.Thread(target=desk.read, daemon=True).start()
    desk.crew.work()
