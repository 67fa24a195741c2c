"""A guest that is called: what crosses, what stays there, and collaborators that answer from the judge."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from tests.sandbox.conftest import LIMITS, project

from djudge.engine.calling import HOLD, CallingGuest, Named, Operation, Use, must, raising
from djudge.engine.errors import CandidateFault, TaskFault
from djudge.engine.probes.call import is_exactly
from djudge.engine.sandbox.calling import MOST_BYTES, MOST_USES, Reference
from djudge.engine.sandbox.contract import Limits
from djudge.engine.sandbox.sandbox import Sandbox

SHORT = Limits(wall_seconds=15, cpu_seconds=6, request_seconds=1)


@contextmanager
def calling(
    sandbox: Sandbox,
    code: str,
    limits: Limits = LIMITS,
    tree: dict[str, bytes] | None = None,
    settings: str | None = None,
) -> Iterator[CallingGuest]:
    """A guest with a module `tool`."""
    files = {"tool.py": textwrap.dedent(code).encode(), **(tree or {})}
    entry = {"kind": "call", "settings": settings, "migrate": settings is not None}
    with sandbox.spawn(files, entry=entry, limits=limits) as guest:
        guest.ready()
        yield CallingGuest(guest)


def tool(name: str) -> Named:
    return Named(f"tool:{name}")


VALUES = [
    None, True, 0, 1, -1.5, 2**63, -(2**200), "é\0", b"\xff" * 20_000, Decimal("1.50"), float("inf"), date(2019, 3, 1),
    datetime(2019, 3, 1, 8, 30, tzinfo=timezone(timedelta(hours=2))), timedelta(days=-1, microseconds=5),
    [1, (2, "x"), {"a": {3, 4}}], {1: "one", "two": 2, (3,): frozenset({5})}, [[[[1]]]], "x" * 40_000,
]  # fmt: skip


def test_plain_values_cross_as_they_are_and_nothing_else_does(sandbox: Sandbox) -> None:
    code = """
        import decimal, enum, collections
        class Text(str):
            def __eq__(self, other): raise RuntimeError("asked")
            __len__ = __repr__ = __hash__ = __str__ = __iter__ = __reduce__ = __eq__
        class Metres(float): pass
        class Lying:
            __class__ = int
        class Colour(enum.IntEnum):
            RED = 1
        ODD = {
            "text": Text("x"), "metres": Metres(1), "lying": Lying(), "colour": Colour.RED, "type": int,
            "surrogate": "\\ud800", "deep": [[[[[[[]]]]]]], "many": list(range(9000)), "long": "x" * 70_000,
            "named": collections.namedtuple("Point", "x")(1), "counter": collections.Counter("a"), "huge": 1 << 9999,
            "signal": decimal.Decimal("sNaN"), "within": [Text("x")],
        }
        def same(value): return value
        def odd(name): return ODD[name]
        def names(): return list(ODD)
    """
    with calling(sandbox, code) as caller:
        for value in VALUES:
            assert is_exactly(caller.call(tool("same"), value).value, value)
        assert caller.call(tool("same"), float("nan")).value != 0
        names = caller.call(tool("names")).value
        assert len(names) == 14
        for name in set(names) - {"within", "deep"}:
            assert isinstance(caller.call(tool("odd"), name).value, Reference), name
        assert isinstance(caller.call(tool("odd"), "within").value[0], Reference)
        text = caller.call(tool("odd"), "text").value
        assert text == caller.call(tool("same"), text).value
        assert not is_exactly(text, "x")
        assert not is_exactly(True, 1)
        assert not is_exactly(1, 1.0)
        with pytest.raises(TaskFault, match="can't be given"):
            caller.call(tool("same"), object())


def test_exceptions_come_out_with_what_was_put_into_them(sandbox: Sandbox) -> None:
    code = """
        class ConnectionError(Exception):
            __module__ = "builtins"
        def own(): raise ConnectionError("x")
        def through(function):
            try:
                function()
            except OSError as error:
                kept.append(error)
                raise
        kept = []
        def ends(): raise SystemExit(0)
    """
    with calling(sandbox, code) as caller:
        assert caller.call(tool("own")).raised_type == "", "a class that only calls itself so"
        failing = caller.function("failing", lambda use: raising("builtins:TimeoutError", "drawn", 7))
        outcome = caller.call(tool("through"), failing)
        assert outcome.raised is not None
        assert (outcome.raised_type, outcome.raised.args) == ("builtins.TimeoutError", ("drawn", 7))
        assert (
            caller.call(Named("operator:getitem"), caller.named("tool:kept").value, 0).value == outcome.raised.reference
        )
        assert caller.call(tool("ends")).raised_type == "builtins.SystemExit"
        assert caller.call(tool("nothing")).raised_type == "builtins.AttributeError"
        assert caller.named("no_such_module").raised_type == "builtins.ModuleNotFoundError"
        with pytest.raises(CandidateFault, match="SystemExit"):
            must(caller.call(tool("ends")), "ends")


def test_a_function_of_the_judge_looks_like_one_and_every_use_is_numbered(sandbox: Sandbox) -> None:
    code = """
        import asyncio, functools
        def kept(function):
            @functools.wraps(function)
            def inner(*args, **kwargs):
                return function(*args, **kwargs)
            return inner
        def client(client): return client.get("a", timeout=5), client
        async def both(fetch): return await asyncio.gather(fetch(1), fetch(2))
        def passed(function, *, key): return function(object(), key=key, big="x" * 70_000)
        def back(value): return [value]
    """
    with calling(sandbox, code) as caller:
        fetch = caller.function(
            "fetch", lambda use: use.args[0] * 2, parameters="order: int, *, note=None", doc="Fetch."
        )
        kept = must(caller.call(tool("kept"), fetch), "kept")
        assert caller.attribute(kept, "__name__").value == "fetch"
        assert caller.attribute(kept, "__doc__").value == "Fetch."
        assert caller.signature(kept).value == "(order: int, *, note=None)"
        assert caller.call(kept, 21).value == 42
        client = caller.instance("Client", lambda use: use.kwargs["timeout"], {"get": False})
        assert caller.call(tool("client"), client).value == (5, client)
        later = caller.function("later", lambda use: use.args[0] + 1, is_async=True)
        assert caller.call(Named("inspect:iscoroutinefunction"), later).value is True
        assert caller.call(tool("both"), later, is_async=True).value == [2, 3]
        seen = caller.function("seen", lambda use: sorted(use.kwargs))
        assert caller.call(tool("passed"), seen, key=7).value == ["big", "key"]
        assert caller.call(tool("back"), seen).value == [seen]
        assert [use.of.name for use in caller.uses] == ["fetch", "Client", "later", "later", "seen"]
        assert [use.number for use in caller.uses] == [1, 2, 3, 4, 5]
        assert isinstance(caller.uses[-1].kwargs["big"], Reference), "what does not fit into a head stays there"


RACE = """
    import asyncio, threading, time
    values, lock = {}, threading.Lock()
    def naive(key, compute):
        if key not in values:
            time.sleep(0.03)
            values[key] = compute(key)
        return values[key]
    def locked(key, compute):
        with lock:
            return naive(key, compute)
"""


@pytest.mark.parametrize(("name", "together", "in_all"), [("naive", 2, 2), ("locked", 1, 1)])
def test_a_race_is_forced_by_holding_answers_back(sandbox: Sandbox, name: str, together: int, in_all: int) -> None:
    with calling(sandbox, RACE) as caller:
        compute = caller.function("compute", lambda use: HOLD)
        first, second = caller.start(tool(name), "k", compute), caller.start(tool(name), "k", compute)
        assert caller.until(lambda: bool(caller.held))
        assert caller.settle()
        assert len(caller.held) == together
        while caller.held:
            caller.answer(caller.held[0], 9)
            caller.settle()
        assert caller.wait(first).value == caller.wait(second).value == 9
        assert len(caller.uses_of(compute)) == in_all


def test_a_cancelled_task_leaves_what_it_waited_for(sandbox: Sandbox) -> None:
    code = """
        import asyncio
        async def wait(fetch):
            try:
                return await fetch()
            finally:
                kept.append("cleaned")
        kept = []
        async def leaves_a_task(fetch):
            kept.append(asyncio.ensure_future(fetch()))
            await asyncio.sleep(0)
        def cleaned(): return kept.count("cleaned")
    """
    with calling(sandbox, code) as caller:
        fetch = caller.function("fetch", lambda use: HOLD, is_async=True)
        going = caller.start(tool("wait"), fetch, where="loop", is_async=True)
        assert caller.until(lambda: bool(caller.held))
        assert caller.cancel(going)
        assert caller.wait(going).raised_type == "asyncio.exceptions.CancelledError"
        assert [use.of for use in caller.left] == [fetch]
        assert not caller.held
        assert caller.call(tool("cleaned")).value == 1
        assert not caller.cancel(going), "it has ended"
        assert caller.tasks_left() == 0
        assert caller.call(tool("leaves_a_task"), fetch, is_async=True).raised is None
        assert caller.tasks_left() == 1
        own_loop = caller.start(tool("wait"), fetch, is_async=True)
        assert caller.until(lambda: len(caller.held) == 2)
        caller.answer(caller.held[-1], 5)
        assert caller.wait(own_loop).value == 5


def test_contexts_and_iterators_are_gone_through_step_by_step(sandbox: Sandbox) -> None:
    code = """
        import contextlib
        @contextlib.contextmanager
        def swallowing(log, kind):
            with contextlib.suppress(kind):
                yield log("in")
            log("out")
        @contextlib.asynccontextmanager
        async def twin(log):
            try:
                yield await log("in")
            finally:
                await log("out")
        def numbers():
            yield from (1, 2)
            raise KeyError("three")
        async def later():
            yield 1
    """
    with calling(sandbox, code) as caller:
        log = caller.function("log", lambda use: use.args[0])
        for error, swallowed in ((raising("builtins:KeyError", "k"), True), (None, False)):
            manager = must(caller.call(tool("swallowing"), log, Named("builtins:LookupError")), "it")
            assert caller.enter(manager).value == "in"
            assert caller.leave(manager, error).value is swallowed
        manager = must(caller.call(tool("swallowing"), log, Named("builtins:LookupError")), "it")
        caller.enter(manager)
        left = caller.leave(manager, raising("builtins:ValueError", "v"))
        assert left.value is False
        twin = must(caller.call(tool("twin"), caller.function("log", lambda use: use.args[0], is_async=True)), "twin")
        assert caller.enter(twin, is_async=True).value == "in"
        assert caller.leave(twin, raising("asyncio:CancelledError"), is_async=True).value is False
        assert [use.args[0] for use in caller.uses] == ["in", "out", "in", "out", "in", "in", "out"]
        numbers = must(caller.call(tool("numbers")), "numbers")
        assert caller.steps(numbers, 2).items == (1, 2)
        assert caller.steps(numbers, 2).raised is not None
        later = must(caller.call(tool("later")), "later")
        assert caller.steps(later, 3, is_async=True) == type(caller.steps(later, 0, is_async=True))((1,), ended=True)


def test_what_is_forgotten_may_be_freed(sandbox: Sandbox) -> None:
    code = """
        import weakref
        class Thing: pass
        seen = []
        def make():
            thing = Thing()
            seen.append(weakref.ref(thing))
            return thing
        def lives(): return seen[-1]() is not None
    """
    with calling(sandbox, code) as caller:
        thing = must(caller.call(tool("make")), "make")
        assert caller.call(tool("lives")).value is True
        caller.forget(thing)
        assert caller.call(tool("lives")).value is False
        assert caller.call(tool("lives"), thing).raised is not None


def test_django_is_set_up_and_migrated_before_anything_is_called(sandbox: Sandbox) -> None:
    code = """
        def count():
            from stalls.models import Stall
            Stall.objects.create(name="cheese")
            return Stall.objects.count()
    """
    with calling(sandbox, code, tree=project(), settings="project.settings") as caller:
        assert [caller.call(tool("count")).value for _ in range(2)] == [1, 2]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("while True: pass", "time_limit"),
        ("import os; os._exit(0)", "died"),
        ("while True: use()", "use_limit"),
        ("while True: use('x' * 60_000)", "use_limit"),
        ("import threading; [threading.Thread(target=hold).start() for _ in range(50)]; use()", ""),
        ("import asyncio; asyncio.run(many())", "use_limit"),
    ],
)
def test_what_never_ends_is_the_candidates_fault(sandbox: Sandbox, code: str, kind: str) -> None:
    module = f"""
        import asyncio
        def go(use, hold, later):
            async def many():
                await asyncio.gather(*(later() for _ in range(500)))
            {code}
    """
    with calling(sandbox, module, SHORT) as caller:
        hold = caller.function("hold", lambda use: HOLD)
        later = caller.function("later", lambda use: HOLD, is_async=True)
        going = caller.start(tool("go"), caller.function("use"), hold, later)
        if kind:
            with pytest.raises(CandidateFault) as caught:
                caller.wait(going)
            assert caught.value.kind == kind
        else:
            assert caller.wait(going).raised is None
        assert len(caller.uses) <= (MOST_USES if "60_000" not in code else MOST_BYTES // 60_000)


#: `say` writes a head of the guest's own choice; `id` is the number of its operation, found as hostile code would.
SPEAKING = """
    import gc, json, os, struct, sys
    from djudge.guest.calls import Desk
    def say(kind, **fields):
        desk = next(one for one in gc.get_objects() if type(one).__name__ == "Desk")
        payload = json.dumps({"run": desk._run, **fields}).encode()
        os.write(3, struct.pack(">cI", kind, len(payload)) + payload)
    def own():
        frame = sys._getframe()
        while type(frame.f_locals.get("self")).__name__ != "Operation":
            frame = frame.f_back
        return frame.f_locals["self"].number
    def go(use):
        id = own()
        %s
        import time
        time.sleep(9)
"""

HOSTILE = {
    "the result of another operation": "say(b'V', id=id + 1, value=1)",
    "a result twice": "say(b'V', id=id, value=1); say(b'V', id=id, value=1)",
    "a result without a value": "say(b'V', id=id)",
    "a result that is no number": "say(b'V', id=True, value=1)",
    "an exception that is a number": "say(b'V', id=id, raised=5)",
    "an exception without its words": "say(b'V', id=id, raised={'ref': {'ref': [1, 'x']}})",
    "an exception that is no reference": "say(b'V', id=id, raised={'ref': 5, 'type': 'x', 'known': True, 'args': []})",
    "a value with two tags": "say(b'V', id=id, value={'int': '0x1', 'float': 'nan'})",
    "a value with no tag": "say(b'V', id=id, value={})",
    "a tag of its own": "say(b'V', id=id, value={'pickle': 'gASVAAAA'})",
    "a name of the judge's": "say(b'V', id=id, value={'named': 'os:system'})",
    "a number of words": "say(b'V', id=id, value={'int': '0o17'})",
    "an endless number": "say(b'V', id=id, value={'int': '0x' + 'f' * 5000})",
    "a decimal bomb": "say(b'V', id=id, value={'decimal': '1E99999999'})",
    "bytes that are none": "say(b'V', id=id, value={'bytes': '***'})",
    "a date that is none": "say(b'V', id=id, value={'date': '2019-02-30'})",
    "a time that overflows": "say(b'V', id=id, value={'timedelta': [9**17, 0, 0]})",
    "half a pair": "say(b'V', id=id, value={'dict': [1]})",
    "a key twice": "say(b'V', id=id, value={'dict': [1, 2, 1, 3]})",
    "a list as a key": "say(b'V', id=id, value={'dict': [[1], 2]})",
    "a set with one item twice": "say(b'V', id=id, value={'set': [1, 1]})",
    "a reference below nought": "say(b'V', id=id, value={'ref': [-1, 'x']})",
    "a reference with a long claim": "say(b'V', id=id, value={'ref': [1, 'x' * 500]})",
    "a collaborator that nobody gave": "say(b'V', id=id, value={'collaborator': 9})",
    "a use out of order": "say(b'U', use=2, collaborator=1, method='', args=[], kwargs={'dict': []})",
    "a use of what nobody gave": "say(b'U', use=1, collaborator=9, method='', args=[], kwargs={'dict': []})",
    "a use without arguments": "say(b'U', use=1, collaborator=1, method='')",
    "arguments without names": "say(b'U', use=1, collaborator=1, method='', args=[], kwargs={'dict': [1, 2]})",
    "a method without end": "say(b'U', use=1, collaborator=1, method='x' * 900, args=[], kwargs={'dict': []})",
    "leaves what it never used": "say(b'L', use=7)",
    "the judge's own words": "say(b'Y', use=1, value=1)",
    "an answer to a request": "say(b'A', id=id, status=200, headers=[])",
    "a body": "os.write(3, struct.pack('>cI', b'B', 1) + b'x')",
}  # fmt: skip


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_frame_that_does_not_fit_ends_a_guest_that_is_called(sandbox: Sandbox, code: str) -> None:
    with calling(sandbox, SPEAKING % code, SHORT) as caller:
        going = caller.start(tool("go"), caller.function("use"))
        with pytest.raises(CandidateFault) as caught:
            _listen(caller, going)
        assert caught.value.kind == "protocol"


def _listen(caller: CallingGuest, going: Operation) -> None:
    """To the end, and a little longer: a second result comes after the first."""
    caller.wait(going)
    caller.wait(caller.start(Named("time:sleep"), 3))


def test_a_forged_answer_is_an_answer_and_no_more(sandbox: Sandbox) -> None:
    """Positive control of the frames above: with the right number it arrives, as a plain value."""
    with calling(
        sandbox, SPEAKING % "say(b'V', id=id, value={'tuple': [1, {'float': 'inf'}]}); return", SHORT
    ) as caller:
        used: list[Use] = []
        assert caller.call(tool("go"), caller.function("use", used.append)).value == (1, float("inf"))
        assert not used
