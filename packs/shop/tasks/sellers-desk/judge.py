"""SH5: what the answers mean. Pure: the same observations and budget give the same findings, anywhere."""

from collections.abc import Iterator, Sequence

from djudge.engine.probes import shape
from djudge.engine.probes.access import AccessReading, Tried
from djudge.engine.values import (
    Answered,
    Budget,
    Finding,
    Integrity,
    Json,
    Judgement,
    Observations,
    Seen,
    Words,
    not_shown,
    partly,
    shown,
)

SELLERS = ("ines", "otto")
PAGES = ("page", "invoice")
FOUND = ("number", "article")
#: How many of an attempt's words are the sellers' own; what follows is not for them.
OWN_WORDS = 3
#: Of which this one was not asked for.
ELSEWHERE = 2
#: What may be left of a change that could not be made as a whole: the status, the tracking number, the events.
UNCHANGED = ["paid", "", 0]
#: More statements than this for a page full of orders, or all of an export, than for one order are a loop.
MORE_STATEMENTS = 1
#: Steps after which only what the form offers may have changed, and those of people who may change nothing.
SENT_ALONG = ("sends fields along", "takes a step of others", "goes back")
FOREIGN = ("notes at a shared order", "changes a foreign order", "buyer changes", "guest changes")
ALLOWED = ("packs", "sends")


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The six checks, and what does not fit an honest run."""
    told = observations.answer("told").read(AccessReading.parse)
    changed = observations.answer("changed").read(_steps)
    halves = observations.answer("halves").read(_steps)
    growing = observations.saw("statements").read(_growing)
    expert = _steps(budget["expert"].answered["changed"])
    return Judgement(
        findings=(
            _pages(told),
            _lists(told, growing),
            _changing(changed, halves, expert),
            _fields(changed, expert),
            _others(told, changed),
            _works(told, changed, expert),
        ),
        integrity=tuple(_traits(observations)),
    )


def leaks(one: Tried) -> bool:
    """Whether an answer told somebody what is not for them."""
    if one.door in FOUND:
        return bool(one.told) if one.person not in SELLERS else one.whose == "foreign" and 0 in one.told
    return any(place >= OWN_WORDS for place in one.told) or (one.person not in SELLERS and bool(one.told))


def _pages(told: Answered[AccessReading]) -> Finding:
    found = [one for one in told.value.attempts if one.door in PAGES and leaks(one)]
    words = Words(
        measured=_where(found) or "nothing that is not the seller's own",
        expected="own lines, and 404 for orders without any",
        candidate="An address that is hard to guess is no permission. What a page fetches has to be asked for as "
        "somebody: among what is theirs, and not among everything and checked afterwards, door by door.",
        recruiter="Whether somebody can read orders that are none of their business.",
        evidence=("told",),
    )
    return not_shown("pages", words) if found else shown("pages", words, told)


def _lists(told: Answered[AccessReading], growing: Seen[list[str]]) -> Finding:
    found = [one for one in told.value.attempts if one.door not in PAGES and leaks(one)]
    words = Words(
        measured=_where(found) or "; ".join(growing.value) or "own lines and no others",
        expected="own lines and no others, in the list, behind its filters and in the export; as many statements for "
        "many orders as for one",
        candidate="Lists, searches and exports give away as much as pages do, and more at once; a search that finds "
        "something tells that it is there. And what is asked for row by row gets slower with each order.",
        recruiter="Whether lists and downloads hold only what the person may see, and stay quick.",
        evidence=("told", "statements"),
    )
    if found:
        return not_shown("lists", words)
    return partly("lists", words, told) if growing.value else shown("lists", words, told)


def _changing(
    changed: Answered[list[dict[str, Json]]],
    halves: Answered[list[dict[str, Json]]],
    expert: list[dict[str, Json]],
) -> Finding:
    wrong = [*_departing(changed.value, expert, FOREIGN)]
    torn = [str(step["step"]) for step in halves.value if step["facts"] != UNCHANGED]
    words = Words(
        measured=_changes(wrong, torn),
        expected="orders and lines of others stay as they are; a change is made as a whole or not at all",
        candidate="Whoever may see an order at all may not change all of it: a form that writes has to fetch what it "
        "writes to in the same scope as the page that shows it. And two writes that belong together need one "
        "transaction.",
        recruiter="Whether somebody can change what belongs to others, and whether changes can be left half made.",
        evidence=("changed", "halves"),
    )
    if wrong:
        return not_shown("changing", words)
    return partly("changing", words, changed) if torn else shown("changing", words, changed)


def _changes(wrong: Sequence[str], torn: Sequence[str]) -> str:
    if wrong:
        return f"not as it should be after: {', '.join(wrong)}"
    return f"half a change was left: {', '.join(torn)} the write" if torn else "only what is the seller's own changed"


def _fields(changed: Answered[list[dict[str, Json]]], expert: list[dict[str, Json]]) -> Finding:
    wrong = [*_departing(changed.value, expert, SENT_ALONG)]
    words = Words(
        measured=f"more changed than the form offers: {', '.join(wrong)}" if wrong else "nothing else changed",
        expected="status to packed or sent, and the tracking number",
        candidate="A form that takes every field of a model takes them from everybody who can write a request. Name "
        "the fields and the steps that are this person's.",
        recruiter="Whether fields that no page offers can be changed by a handmade request.",
        evidence=("changed",),
    )
    return not_shown("fields", words) if wrong else shown("fields", words, changed)


def _others(told: Answered[AccessReading], changed: Answered[list[dict[str, Json]]]) -> Finding:
    answers = [*_answers(told.value, changed.value)]
    wrong = sorted({f"{who}: {status}, not {wanted}" for who, status, wanted in answers if status != wanted})
    close = all(status in (302, 403, 404) for _, status, _ in answers)
    words = Words(
        measured="; ".join(wrong[:6]) or "403, the sign-in and 404, as asked",
        expected="buyers 403, guests to the sign-in, orders of others 404",
        candidate="An answer that differs between forbidden and missing tells which orders there are. One rule for all "
        "doors is easier to keep than one for each.",
        recruiter="Whether everybody is answered as was agreed.",
        evidence=("told", "changed"),
    )
    if not wrong:
        return shown("others", words, told)
    return partly("others", words, told) if close else not_shown("others", words)


def _answers(told: AccessReading, changed: Sequence[dict[str, Json]]) -> Iterator[tuple[str, int, int]]:
    """Who was answered what at which door, and what should have been answered."""
    wanted = {"bo": 403, "guest": 302}
    for one in told.attempts:
        if one.person in wanted:
            yield f"{one.person} at {one.door}", one.status, wanted[one.person]
        elif one.door in PAGES and one.whose == "foreign":
            yield f"seller at {one.door}", one.status, 404
    for step in changed:
        if step["person"] in wanted:
            yield f"{step['person']} changing", _number(step["status"]), wanted[str(step["person"])]
        elif step["step"] == "changes a foreign order":
            yield "seller changing", _number(step["status"]), 404


def _works(
    told: Answered[AccessReading], changed: Answered[list[dict[str, Json]]], expert: list[dict[str, Json]]
) -> Finding:
    missed = sorted({one.door for one in told.value.attempts if one.person in SELLERS and _misses(one)})
    wrong = [*missed, *_departing(changed.value, expert, ALLOWED, statuses=True)]
    words = Words(
        measured=f"no longer works: {', '.join(wrong)}" if wrong else "everything that is theirs is still theirs",
        expected="sellers see, find, export, pack and send what is theirs",
        candidate="A door that is shut to everybody is safe, and of no use.",
        recruiter="Whether the desk can still be worked at.",
        evidence=("told", "changed"),
    )
    return not_shown("works", words) if wrong else shown("works", words, told)


def _misses(one: Tried) -> bool:
    """Whether a seller did not get what is theirs, or much that was not asked for."""
    if one.door in PAGES:
        return one.whose != "foreign" and not (one.status == 200 and 0 in one.told)
    if one.door in FOUND:
        return 1 in one.told or (one.whose != "foreign" and 0 not in one.told)
    return one.status != 200 or not {0, 1} <= set(one.told) or ELSEWHERE in one.told


def _steps(observation: Json) -> list[dict[str, Json]]:
    found = observation["steps"] if isinstance(observation, dict) else []
    return [step for step in found if isinstance(step, dict)] if isinstance(found, list) else []


def _growing(observation: Json) -> list[str]:
    """Doors that need more statements for many orders than for one, with both numbers."""
    counts = observation["counts"] if isinstance(observation, dict) else None
    if not isinstance(counts, dict):
        raise ValueError("No counts of statements.")
    told = []
    for door, pair in counts.items():
        few, many = (_number(one) for one in pair) if isinstance(pair, list) else (0, 0)
        if many - few > MORE_STATEMENTS:
            told.append(f"{door}: {few} statements for one order, {many} for many")
    return told


def _departing(
    ours: Sequence[dict[str, Json]], theirs: Sequence[dict[str, Json]], names: Sequence[str], *, statuses: bool = False
) -> Iterator[str]:
    """Steps that changed something else than the same step of the reference did; what was there before is left out."""
    before: tuple[Json, Json] = (None, None)
    for mine, right in zip(ours, theirs, strict=True):
        now = (mine["facts"], right["facts"])
        moved = (_moved(before[0], now[0]), _moved(before[1], now[1]))
        different = moved[0] != moved[1] or (statuses and mine["status"] != right["status"])
        if mine["step"] in names and different:
            yield str(mine["step"])
        before = now


def _moved(before: Json, after: Json) -> list[str]:
    """Which rows are not what they were, with what they are now."""
    return sorted(set(_rows(after)) - set(_rows(before)))


def _rows(facts: Json) -> list[str]:
    if not isinstance(facts, dict):
        return []
    return [f"{name} {row}" for name, rows in facts.items() if isinstance(rows, list) for row in rows]


def _where(found: Sequence[Tried]) -> str:
    places = sorted({f"{one.door} ({_person(one.person)}, {one.whose} order)" for one in found})
    return f"told at: {', '.join(places[:8])}" if places else ""


def _person(name: str) -> str:
    return {"bo": "buyer", "guest": "guest"}.get(name, "seller")


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _traits(observations: Observations) -> Iterator[Integrity]:
    """What the text shows beside the answers. Costs nobody a mark."""
    kinds = (
        (
            "asks-for-whom",
            "The code looks at headers of the request, or at the machine that it runs on.",
            "Logging does, and languages or formats may be chosen so; permissions should not.",
        ),
        (
            "patches-framework",
            "Code of the framework or of other apps is replaced while the process runs.",
            "Patching is sometimes the only way around a bug; ask which one.",
        ),
    )
    for kind, what, innocent in kinds:
        places = shape.uses(observations.seen[kind])
        if places:
            yield Integrity(kind=kind, what=what, innocent=innocent, places=tuple(places))
