"""PY3: the submission fetches from a server of the judge's own, which sees who asks, waits and hangs up."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from operator import itemgetter

from djudge.engine.calling import HOLD, Named, Operation, Use, raising
from djudge.engine.probes.services import (
    Act,
    Ask,
    Break,
    Close,
    Drip,
    Hang,
    Hold,
    Log,
    Reply,
    Services,
    serving,
)
from djudge.engine.run import Run
from djudge.engine.values import Json, Observations

from ..scenes import Told, observe_scenes

MODULE = "toolbelt.fetching"
FETCH_ALL, FETCH_UNTIL = Named("toolbelt.nightly:fetch_all"), Named("toolbelt.nightly:fetch_until")
#: Where nothing is to be given up, nobody gives up.
ENDLESS = 30.0
#: How long the judge waits for what honest code does at once.
PATIENCE = 2.0
#: The one wait of real time. A busy machine may take half a second to make a client, and has still asked in time.
SHORT = 2.0
#: Longer than `SHORT` by so much that nobody who gives up in time is still there.
LONG = 6.0
#: Longer than the judge waits for all that may come before it calls the job off.
STUCK = 6.0


class Supplier:
    """The judge's server, with pages of which nobody has heard, and what the night's job makes of them."""

    def __init__(self, told: Told, pages: int) -> None:
        self.told = told
        random = told.random
        self.paths = [f"/{told.word()}/{number}" for number in range(pages)]
        self.texts = {path: f"{told.word()} {told.word()} {random.randrange(10_000)}" for path in self.paths}
        self.acts: dict[str, Callable[[Ask, Log], Act]] = {}
        self.report = told.caller.function("report", self._keep)
        self.sleep = told.caller.function("sleep", is_async=True)
        self.until = told.caller.function("until", lambda use: HOLD, is_async=True)
        self.services: Services
        self.base = ""

    def script(self, ask: Ask, log: Log) -> Act:
        """A page's own act, or its text."""
        act = self.acts.get(ask.target)
        return act(ask, log) if act else self.page(ask)

    def page(self, ask: Ask) -> Reply:
        """The text of a page, at once."""
        known = ask.target in self.texts
        return Reply(status=200 if known else 404, body=self.texts.get(ask.target, "no such page").encode())

    def urls(self, paths: list[str] | None = None) -> list[str]:
        """As the submission is given them."""
        return [self.base + path for path in (self.paths if paths is None else paths)]

    @property
    def log(self) -> Log:
        """What the server has seen so far."""
        return self.services[0].log

    def begin(self, first: list[str], *others: list[str], limit: int, timeout: float = ENDLESS) -> Operation:
        """Start the night's job on these lists of paths."""
        given = {"limit": limit, "timeout": timeout, "sleep": self.sleep}
        lists = [self.urls(first), [self.urls(each) for each in others]]
        return self.told.caller.start(FETCH_ALL, *lists, self.report, where="loop", is_async=True, **given)

    def peek(self, paths: list[str], limit: int) -> Operation:
        """Start the job that leaves when the judge says so."""
        given = {"limit": limit, "timeout": ENDLESS, "sleep": self.sleep}
        urls, caller = self.urls(paths), self.told.caller
        return caller.start(FETCH_UNTIL, urls, self.until, self.report, where="loop", is_async=True, **given)

    def finish(self, operation: Operation) -> None:
        """Wait for the end, and keep how it came."""
        self.told.note(self.told.caller.wait(operation))

    def wait_for(self, condition: Callable[[], bool], patience: float = PATIENCE) -> bool:
        """Serve and listen until something is so. For what honest code does at once."""
        end = time.monotonic() + patience
        while not condition():
            if time.monotonic() > end:
                return False
            self.told.caller.until(condition, 0.02)
        return True

    def until_all_are_there(self, limit: int) -> int:
        """Wait until as many requests hang as may; how many there are."""
        self.wait_for(lambda: self.log.in_flight >= limit)
        return self.log.in_flight

    def left(self) -> dict[str, Json]:
        """What is still there when all should be gone: it is given a moment to go.

        A task that is left would be seen by the sleep that it waits for; what the guest says of its tasks is a claim.
        """
        self.wait_for(lambda: self.log.open_connections == 0)
        self.wait_for(lambda: not self.told.caller.held)
        return {"connections": self.log.open_connections, "sleeps": len(self.told.caller.held)}

    def _keep(self, use: Use) -> None:
        """What the submission says that it has: an answer, as it was told nothing."""
        pages, failed = [*use.args, {}, {}][:2]
        self.told.answers.append({"pages": self._named(pages), "failed": sorted(self._named(failed))})

    def _named(self, found: object) -> dict[str, Json]:
        """By path; what is no plain text is named as what it is."""
        if not isinstance(found, dict):
            return {"?": None}
        return {
            url: text[:200] if type(text) is str else {"object": _claim(text)}
            for url, text in sorted(self._by_path(found), key=itemgetter(0))
        }

    def _by_path(self, found: dict[object, object]) -> list[tuple[str, object]]:
        return [(str(url)[:200].removeprefix(self.base), text) for url, text in islice(found.items(), 200)]


def _claim(value: object) -> str:
    """What an object of the guest's calls its type, or what type came."""
    return str(getattr(value, "claim", type(value).__name__))


type Play = Callable[[Supplier], dict[str, Json]]


def scene(pages: int, play: Play) -> Callable[[Told], Json]:
    """A story with a supplier of its own, and what its server saw."""

    def played(told: Told) -> Json:
        supplier = Supplier(told, pages)
        with serving(told.caller, supplier.script) as services:
            supplier.services, supplier.base = services, services[0].url
            facts = play(supplier)
        return {"facts": facts | _of_every_scene(supplier), "traffic": services.to_json()[0]}

    return played


def _of_every_scene(supplier: Supplier) -> dict[str, Json]:
    """What is asked everywhere: who was asked for, how often, and whether the server saw it all."""
    counts = sorted(supplier.log.arrivals(path) for path in supplier.paths)
    return {
        "arrivals": list[Json](counts),
        "others": len(supplier.log.records) - sum(counts) + supplier.services.strangers,
        "flooded": supplier.log.flooded,
        "garbage": supplier.log.garbage,
    }


def mixed(supplier: Supplier) -> dict[str, Json]:
    """Pages, errors, a connection that breaks; one URL named twice."""
    missing, broken, closed, error, empty, *_ = supplier.paths
    supplier.acts = {
        missing: lambda ask, log: Reply(status=404, body=b"no such page"),
        error: lambda ask, log: Reply(status=500, body=b"sorry"),
        broken: lambda ask, log: Break(body=b"half a p", promised=400),
        closed: lambda ask, log: Close(),
    }
    supplier.texts[empty] = ""
    supplier.finish(supplier.begin([*supplier.paths, supplier.paths[-1]], limit=3))
    return {}


def many(supplier: Supplier) -> dict[str, Json]:
    """Two lists at once; the first requests are held until no more come."""
    limit = supplier.told.random.randrange(3, 6)
    held = 2 * limit

    def act(ask: Ask, log: Log) -> Act:
        if ask.number > held or log.forced:
            return supplier.page(ask)
        return Hold(until=lambda log: log.in_flight >= limit, then=supplier.page(ask), quiet=0.15, patience=PATIENCE)

    supplier.acts = dict.fromkeys(supplier.paths, act)
    half = len(supplier.paths) // 2
    supplier.finish(supplier.begin(supplier.paths[:half], supplier.paths[half:], limit=limit))
    return {"peak": supplier.log.peak - limit, "left": supplier.left()}


def slow(supplier: Supplier) -> dict[str, Json]:
    """The page that is asked for first is answered when all others have been."""
    others = len(supplier.paths) - 1

    def all_others(log: Log) -> bool:
        return log.ends("answered") == others

    def act(ask: Ask, log: Log) -> Act:
        if ask.number > 1:
            return supplier.page(ask)
        return Hold(until=all_others, then=supplier.page(ask), patience=PATIENCE)

    supplier.acts = dict.fromkeys(supplier.paths, act)
    supplier.finish(supplier.begin(supplier.paths, limit=3))
    return {"forced": supplier.log.forced}


def never(supplier: Supplier, act: Act) -> dict[str, Json]:
    """A page that does not come, or not to its end; what the server saw of its end."""
    supplier.acts[supplier.paths[0]] = lambda ask, log: act
    supplier.finish(supplier.begin(supplier.paths, limit=2, timeout=SHORT))
    ends = {record.ask.target: record.end for record in supplier.log.records}
    return {"path": supplier.paths[0], "end": ends.get(supplier.paths[0])}


def busy(supplier: Supplier) -> dict[str, Json]:
    """Some pages are answered with 429: once, twice, always."""
    random = supplier.told.random
    once, twice, always, *_ = supplier.paths
    refusals = {once: 1, twice: 2, always: 99}
    waits = {path: [str(random.randrange(2, 90)) for _ in range(4)] for path in refusals}

    def act(ask: Ask, log: Log) -> Act:
        if ask.attempt > refusals[ask.target]:
            return supplier.page(ask)
        return Reply(status=429, headers=(("Retry-After", waits[ask.target][min(ask.attempt, 4) - 1]),), body=b"later")

    supplier.acts = dict.fromkeys(refusals, act)
    supplier.finish(supplier.begin(supplier.paths, limit=2))
    uses = supplier.told.caller.uses_of(supplier.sleep)
    return {"sleeps": sorted((_seconds(use) for use in uses), key=str)}


def _seconds(use: Use) -> Json:
    """How long was to be waited, whether it was said as an int or as a float."""
    match [*use.args, *use.kwargs.values()]:
        case [int() | float() as seconds] if 0 <= seconds <= 1000:  # larger ones may not even be a float
            return float(seconds)
        case _:
            return None


def place(supplier: Supplier) -> dict[str, Json]:
    """Only one at a time, and the first page is to be waited for: the others are fetched meanwhile."""

    def act(ask: Ask, log: Log) -> Act:
        return supplier.page(ask) if ask.number > 1 else Reply(status=429, headers=(("Retry-After", "9"),))

    supplier.acts = dict.fromkeys(supplier.paths, act)
    caller = supplier.told.caller
    supplier.sleep = caller.function("sleep", lambda use: HOLD, is_async=True)
    operation = supplier.begin(supplier.paths, limit=1)
    supplier.wait_for(lambda: bool(caller.held) or operation.is_done)
    others = len(supplier.paths) - 1
    meanwhile = supplier.wait_for(lambda: supplier.log.ends("answered") == others + 1)
    for use in caller.held:
        caller.answer(use)
    supplier.finish(operation)
    return {"meanwhile": meanwhile}


def cancelled(supplier: Supplier) -> dict[str, Json]:
    """Two pages come, the others hang; the job is cancelled."""
    limit = supplier.told.random.randrange(2, 5)
    _hang_but(supplier, 2)
    operation = supplier.begin(supplier.paths, limit=limit)
    under_way = supplier.until_all_are_there(limit)
    asked = len(supplier.log.records)
    supplier.told.caller.cancel(operation)
    supplier.finish(operation)
    return _gone(supplier, under_way, asked)


def left_early(supplier: Supplier, *, raises: bool) -> dict[str, Json]:
    """The block is left while a fetch is at work: normally, or by an exception of the judge's. One page waits."""
    limit = supplier.told.random.randrange(2, 5)
    caller = supplier.told.caller
    supplier.sleep = caller.function("sleep", lambda use: HOLD, is_async=True)
    _hang_but(supplier, 2, busy=1)
    operation = supplier.peek(supplier.paths[: 3 + limit], limit)  # nobody is left who has not begun
    under_way = supplier.until_all_are_there(limit)
    supplier.wait_for(lambda: bool(caller.uses_of(supplier.until)) or operation.is_done)
    asked = len(supplier.log.records)
    waiting = sum(use.of is supplier.sleep for use in caller.held)
    for use in caller.held:
        if use.of is supplier.until:
            caller.answer(use, raising("builtins:LookupError", supplier.told.word()) if raises else None)
    supplier.finish(operation)
    return _gone(supplier, under_way, asked, waiting)


def _hang_but(supplier: Supplier, pages: int, busy: int = 0) -> None:
    """The first so many pages come. Of the others, for those asked first somebody has to come back later, and the
    rest never come: whichever order a submission asks in, the same happens to it.
    """
    later = Reply(status=429, headers=(("Retry-After", "9"),))
    asked_first: list[str] = []

    def act(ask: Ask, log: Log) -> Act:
        if len(asked_first) < busy and ask.target not in asked_first:
            asked_first.append(ask.target)
        return later if ask.target in asked_first else Hang(patience=STUCK)

    for path in supplier.paths[pages:]:
        supplier.acts[path] = act


def _gone(supplier: Supplier, under_way: int, asked: int, waiting: int = 0) -> dict[str, Json]:
    """What became of the requests that were under way, beside pages that wait, and whether there were more."""
    left = supplier.left()
    return {
        "all given up": under_way + waiting > 0 and supplier.log.ends("given-up") == under_way,
        "asked afterwards": len(supplier.log.records) - asked,
        "left": left,
    }


PLAYS: Mapping[str, Callable[[Told], Json]] = {
    "mixed": scene(8, mixed),
    "many": scene(24, many),
    "slow": scene(9, slow),
    "hangs": scene(5, partial(never, act=Hang(patience=LONG))),
    "drips": scene(5, partial(never, act=Drip(every=0.1, most=round(LONG / 0.1)))),
    "busy": scene(6, busy),
    "place": scene(4, place),
    "cancelled": scene(9, cancelled),
    "left": scene(9, partial(left_early, raises=False)),
    "left-by-exception": scene(9, partial(left_early, raises=True)),
}


def observe(run: Run) -> Observations:
    """All scenes, each in a guest of its own."""
    return observe_scenes(run, MODULE, PLAYS)
