"""PY6: what is measured. The module on drawn values, and the tests over modules that they can't tell apart."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from difflib import SequenceMatcher
from itertools import chain
from pathlib import Path
from random import Random

from djudge.engine.calling import Named, Outcome
from djudge.engine.probes import shape, suites
from djudge.engine.run import Run
from djudge.engine.sandbox.calling import Reference
from djudge.engine.values import Json, Observations

from ..scenes import Told, observe_scenes
from .looks import LOOKS, MODULE, examples
from .modules import broken, right

HERE = Path(__file__).parent
PACKING_LIST, POSTAGE, VAN_SHEET, LATE = (
    Named(f"toolbelt.parcels:{name}") for name in ("packing_list", "postage", "van_sheet", "late")
)
MINUTE = timedelta(minutes=1)

type Row = dict[str, object]


def gifts(told: Told) -> None:
    """Gifts and others, one after the other."""
    flags = [True, True, False, *(told.random.random() < 0.5 for _ in range(4))]
    for flag in flags:
        told.note(told.caller.call(PACKING_LIST, [told.word()], gift=flag))


def extras(told: Told) -> None:
    """Extras are given; afterwards they are looked at, and a parcel has none."""
    for flag in (True, False):
        given = [told.word() for _ in range(told.random.randrange(1, 4))]
        kept = told.caller.call(Named("builtins:list"), given, keep=True)
        told.note(told.caller.call(PACKING_LIST, [told.word(), told.word()], gift=flag, extras=kept.value))
        told.note(told.caller.call(Named("builtins:list"), kept.value))
        told.note(told.caller.call(PACKING_LIST, [told.word()]))


def one_parcel(told: Told) -> None:
    """The first parcels of a process, up to the first gift: they were always right."""
    told.note(told.caller.call(PACKING_LIST, [told.word() for _ in range(3)], extras=[told.word()]))
    told.note(told.caller.call(PACKING_LIST, []))
    told.note(told.caller.call(PACKING_LIST, [told.word()], gift=True))


def carriers(told: Told, number: int = 4) -> None:
    """Each carrier of a table is asked, then those of another table, then the first ones again."""
    names = [told.word() for _ in range(number)]
    tables = [_prices(told, names), _prices(told, names)]
    functions = [told.caller.call(POSTAGE, table) for table in tables]
    for place in (0, 1, 0):
        for name in told.random.sample(names, len(names)):
            _ask_price(told, functions[place], name, told.random.randrange(1, 9_000))


def one_carrier(told: Told) -> None:
    """A table of one: limits of a kilo, and weights that are none."""
    name = told.word()
    functions = told.caller.call(POSTAGE, _prices(told, [name]))
    for grams in (1, 999, 1000, 1001, 1 + 1000 * told.random.randrange(2, 9), 0, -told.random.randrange(1, 5_000)):
        _ask_price(told, functions, name, grams)


def _prices(told: Told, names: list[str]) -> dict[str, tuple[int, int]]:
    """For each its own, so that none can be taken for another's."""
    parcels = told.random.sample(range(200, 900), len(names))
    kilos = told.random.sample(range(20, 200), len(names))
    return dict(zip(names, zip(parcels, kilos, strict=True), strict=True))


def _ask_price(told: Told, functions: Outcome, name: str, grams: int) -> None:
    """Note a price, or the type of what is raised: the words are free."""
    found = functions.value.get(name) if type(functions.value) is dict else None
    if not isinstance(found, Reference):
        told.answers.append({"no function": True})
        return
    outcome = told.caller.call(found, grams)
    if outcome.raised is None:
        told.note(outcome)
    else:
        told.answers.append({"raised": outcome.raised_type or "?"})


def van(told: Told, *, once: bool = False) -> None:
    """Some parcels, some more, and none. The heaviest of all does not travel."""
    for number in (4, 7, 0):
        rows = _loaded(told.random, number)
        given = told.caller.call(Named("builtins:iter"), rows, keep=True).value if once else rows
        _note_sheet(told, told.caller.call(VAN_SHEET, given))


def _note_sheet(told: Told, outcome: Outcome) -> None:
    """In whatever order the two figures come."""
    if type(outcome.value) is dict:
        told.note(Outcome(value=sorted(([*pair] for pair in outcome.value.items()), key=lambda pair: str(pair[0]))))
    else:
        told.note(outcome)


def nothing_heavy(told: Told) -> None:
    """Nothing that travels weighs anything: the one sheet that was always right."""
    rows: list[Row] = [{"grams": 0, "collected": False}, {"grams": told.random.randrange(1, 900), "collected": True}]
    _note_sheet(told, told.caller.call(VAN_SHEET, rows))


def _loaded(random: Random, number: int) -> list[Row]:
    weights = random.sample(range(100, 30_000), number)
    rows: list[Row] = [{"grams": grams, "collected": False} for grams in weights]
    collected: list[Row] = [{"grams": 30_000 + random.randrange(900), "collected": True}]
    return random.sample(rows + collected, number + 1)


def mixed_times(told: Told) -> None:
    """Times with and without offsets; now has one or none."""
    for offset in (_offset(told.random), None):
        now = _now(told.random)
        rows: list[Row] = [
            {"number": told.word(), "promised": _told_in(now + minutes * MINUTE, zone)}
            for minutes, zone in _around(told.random)
        ]
        told.note(told.caller.call(LATE, rows, _told_in(now, offset)))


def _around(random: Random) -> list[tuple[int, timedelta | None]]:
    """Minutes from now, and in which zone they are told: whoever goes by the face of the clock is always wrong.

    What is hardly late shows a clock that is ahead of now, what is not yet late one that is behind; and of what is
    late the earliest shows the latest time.
    """
    ahead, behind = abs(_offset(random)), -abs(_offset(random))
    near, nearer, nearest = sorted(random.sample(range(10, 170), 3), reverse=True)
    late = [(-near, ahead), (-nearer, None), (-nearest, behind), (-random.randrange(3_000, 9_000), _offset(random))]
    early = [(nearest, behind), (nearer, None), (near, ahead), (random.randrange(3_000, 9_000), None)]
    return random.sample([*late, *early], 8)


def elsewhere(told: Told) -> None:
    """The same on a machine that is in another time zone."""
    told.caller.call(Named("os:putenv"), "TZ", f"AAA{told.random.choice('+-')}{told.random.randrange(3, 12)}")
    told.caller.call(Named("time:tzset"))
    mixed_times(told)


def same_times(told: Told) -> None:
    """All times are of one kind; what was promised for this very moment is not late."""
    for offset in (None, _offset(told.random)):
        now = _now(told.random)
        minutes = [0, *told.random.sample(range(-4_000, 0), 3), told.random.randrange(1, 4_000)]
        rows: list[Row] = [
            {"number": told.word(), "promised": _told_in(now + one * MINUTE, offset)}
            for one in told.random.sample(minutes, len(minutes))
        ]
        told.note(told.caller.call(LATE, rows, _told_in(now, offset)))


def _now(random: Random) -> datetime:
    return datetime(2019, 1, 1, tzinfo=UTC) + random.randrange(2_000_000) * MINUTE


def _offset(random: Random) -> timedelta:
    """From three hours to twelve, in quarters: more than there is between now and what is hardly late."""
    return random.choice((-1, 1)) * 15 * random.randrange(12, 48) * MINUTE


def _told_in(moment: datetime, offset: timedelta | None) -> datetime:
    return moment.replace(tzinfo=None) if offset is None else moment.astimezone(timezone(offset))


def _once(told: Told) -> None:
    van(told, once=True)


def _noting(play: Callable[[Told], None]) -> Callable[[Told], Json]:
    """A scene that has nothing to tell but its answers."""

    def played(told: Told) -> Json:
        play(told)
        return None

    return played


PLAYS = {
    "gifts": _noting(gifts),
    "extras": _noting(extras),
    "carriers": _noting(carriers),
    "van": _noting(van),
    "van-once": _noting(_once),
    "mixed-times": _noting(mixed_times),
    "elsewhere": _noting(elsewhere),
    "one-parcel": _noting(one_parcel),
    "one-carrier": _noting(one_carrier),
    "nothing-heavy": _noting(nothing_heavy),
    "same-times": _noting(same_times),
}


def observe(run: Run) -> Observations:
    """All scenes, each in a guest of its own; then the tests over all modules, in an order of the seed's."""
    told = observe_scenes(run, "toolbelt.parcels", PLAYS)
    bench = suites.Bench(
        module="toolbelt.parcels",
        path=MODULE,
        stub=(HERE / "stub.py").read_bytes(),
        tests="tests.test_parcels",
        right=right(),
        broken=broken(),
    )
    tried = suites.observe(run, bench, run.seed.random("order"))
    beside: dict[str, Json] = {
        "looks": shape.observe(run.changed, chain(*LOOKS.values())),
        "examples": examples(run.changed),
        "changed": _lines_changed(run.changed.get(MODULE)),
        "calls": tried.calls,
    }
    return Observations(seen={**told.seen, **beside}, answered={**told.answered, "suite": tried.verdicts})


def _lines_changed(content: bytes | None) -> Json:
    """How many lines of the module are not those of the start. Shown, and never marked."""
    before = (HERE / "start" / MODULE).read_text("utf-8").splitlines()
    after = before if content is None else content.decode("utf-8", "replace").splitlines()
    return {"lines": sum(_sizes(before, after))}


def _sizes(before: list[str], after: list[str]) -> Iterator[int]:
    for kind, first, last, begin, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield max(last - first, end - begin)
