"""SH1: what is measured. Any model will do: only the adapter and the pages are asked, and the database.

Two processes of the shop run on one database. What is written through the first is read through both, so that nothing
counts which lies in a process. Then the judge looks into the tables, whatever they are called.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from random import Random

from djudge.engine.probes import contract, race, relations, shape
from djudge.engine.probes.patience import arranging
from djudge.engine.run import PERSON, Connection, Crowd, Run, RunningGuest
from djudge.engine.sandbox.contract import Request
from djudge.engine.values import Json, Observations

from .fair import Fair
from .scenarios import Call, Draw, Scenario, ask, drawn
from .tables import Names, Table, below_zero, once, rename, tables_of

DOOR = "/workshops/adapter/"
LIST = "/workshops/"

#: What the shop's own tables begin with.
APPS = frozenset(
    {"auth", "django", *(place.name for place in (Path(__file__).parents[2] / "system").iterdir() if place.is_dir())}
)

ARTICLES = contract.PageReader(
    card="article.workshop",
    fields={
        "word": "@data-word",
        "title": ".title",
        "amount": ".price@data-amount",
        "makers": ".makers li[]",
        "labels": ".labels li[]",
    },
)
DATES = contract.PageReader(
    card=".dates li",
    fields={"starts": "@data-starts", "price": "@data-price", "left": "@data-left"},
    facts={"word": "article.workshop@data-word", "title": "article.workshop .title"},
)
ROLES = contract.PageReader(card=".makers li", fields={"name": "", "role": "@data-role"})
PRODUCTS = contract.PageReader(
    card="article.product",
    fields={"sku": "@data-sku", "name": ".name", "amount": ".price@data-amount"},
    facts={"heading": "h1"},
)

#: Names by which code looks at who asks it, or at what it runs on.
ASKS = (
    "_getframe", "currentframe", "getouterframes", "stack", "get_objects", "get_referrers", "settings_dict", "getpid",
    "getppid", "gethostname", "getuser", "get_dsn_parameters",
)  # fmt: skip

#: The functions that are asked for what they answer; of the others it counts whether they refuse.
READS = frozenset(
    "themes_inside workshops_in makers_of workshops_of labels_of workshops_with dates_of booked".split()  # noqa: SIM905
)

MAKERS = 14
GOODS = 5
_LONGEST = 60
_TEXT = 120


def arrange(connection: Connection, random: Random) -> None:
    """A small shop: makers, and one more who sells a few products. The workshops come through the adapter."""
    with connection.transaction():
        draw = Draw(random, [])
        for word in _makers(random):
            _insert(connection, "brand", name=draw.word().title(), slug=word)
        shelf, seller = draw.word(), draw.word()
        brand = _insert(connection, "brand", name=seller.title(), slug=seller)
        category = _insert(connection, "category", name=shelf.title(), slug=shelf, position=0)
        for number in range(GOODS):
            word = draw.word()
            _insert(
                connection,
                "product",
                sku=f"{word[:6].upper()}-{number}",
                name=word.title(),
                slug=word,
                category_id=category,
                brand_id=brand,
                price=Decimal(draw.price()),
                currency="EUR",
                published=True,
                added_at=datetime(2019, 3, 1, number, tzinfo=UTC),
            )


def observe(run: Run) -> Observations:
    """The shop's own pages; the fair in answers, pages and tables, and again under new names; scenarios; a race."""
    draw = Draw(run.seed.random("workshops"), _makers(run.seed.random("arrange")))
    fair, scenarios = Fair.drawn(draw), drawn(draw)
    renamed, names = fair.renamed(draw)
    with run.crowd(2) as crowd:
        one, other = crowd.guests
        shop = contract.visit(other, ["/", "/makers/", "/products/"], PRODUCTS)
        _asked(one, fair.made(draw))
        answered: dict[str, Json] = {
            "shop": shop,
            "known": _known(crowd, fair),
            "pages": _pages(other, fair, draw.word()),
        }
        run.progress(1, 4, "what the database refuses")
        tables, seen = _looked_into(one, fair)
        run.progress(2, 4, "what is true after a change")
        _rename(one, tables, names, fair.makers[0], f"{draw.word().title()} & Daughters")
        answered |= {"known-after": _known(crowd, renamed), "pages-after": _pages(other, renamed, fair.one)}
        run.progress(3, 4, "the scenarios")
        answered["scenarios"] = _told(crowd, scenarios)
        seen["race"], answered["together"] = _together(crowd, tables, renamed, draw.email())
        seen["functions"] = crowd.finish().functions
    return Observations(seen={**seen, **_text(run)}, answered=answered)


def _text(run: Run) -> dict[str, Json]:
    return {
        "relations-text": relations.observe_text(run.changed),
        "asks-where-it-runs": shape.observe(run.changed, ASKS),
        "patches-framework": shape.patches(run.changed),
    }


def _told(crowd: Crowd, scenarios: Sequence[Scenario]) -> Json:
    """For each scenario what was said to writing, and what the process that wrote and the other one read then.

    The first rounds of all scenarios go together, then the second ones: they know nothing of each other.
    """
    one, other = crowd.guests
    told = [_Told(scenario.name, scenario.check, [], [], []) for scenario in scenarios]
    for number in range(max(len(scenario.rounds) for scenario in scenarios)):
        going = [(each, scenario.rounds[number]) for each, scenario in zip(told, scenarios, strict=True)
                 if number < len(scenario.rounds)]  # fmt: skip
        _asked_together(one, [(each.writes, now.writes) for each, now in going])
        _asked_together(other, [(each.reads, now.reads) for each, now in going])
        _asked_together(one, [(each.own, now.reads) for each, now in going])
    return [asdict(each) for each in told]


@dataclass(frozen=True, slots=True)
class _Told:
    """What was said in a scenario, round by round."""

    name: str
    check: str
    writes: list[Json]
    reads: list[Json]
    own: list[Json]


def _asked_together(guest: RunningGuest, calls: Sequence[tuple[list[Json], Sequence[Call]]]) -> None:
    """Ask in one request, and give everybody the own answers."""
    answers = iter(_asked(guest, [call for _, own in calls for call in own]))
    for told, own in calls:
        told.append([next(answers) for _ in own])


def _known(crowd: Crowd, fair: Fair) -> Json:
    one, other = crowd.guests
    return {"reads": _asked(other, fair.reads()), "own": _asked(one, fair.reads())}


def _pages(guest: RunningGuest, fair: Fair, unknown: str) -> Json:
    """The list, a workshop in three parts, the other one, the draft, and a word that no workshop has."""
    word = f"{LIST}{fair.one}/"
    found = [
        contract.visit(guest, [LIST, word, f"{LIST}{fair.draft}/", f"{LIST}{unknown}/"], ARTICLES),
        contract.visit(guest, [word, f"{LIST}{fair.two}/"], DATES),
        contract.visit(guest, [word], ROLES),
    ]
    exchanges = [each for visit in found if isinstance(visit, dict) for each in _list(visit["exchanges"])]
    return {"kind": "exchange", "exchanges": [_in_one_form(each) for each in exchanges]}


def _in_one_form(exchange: Json) -> Json:
    """Moments and amounts as they are always written."""
    if isinstance(exchange, dict):
        for card in _list(exchange["cards"]):
            if isinstance(card, dict):
                card |= {name: _plain(value) for name, value in card.items() if name in ("starts", "price", "amount")}
    return exchange


def _looked_into(guest: RunningGuest, fair: Fair) -> tuple[list[Table], dict[str, Json]]:
    """The tables, and what they hold of the fair and refuse of it."""
    facts, numbers = fair.facts, fair.numbers
    with arranging(guest) as connection:
        tables = tables_of(connection, APPS)
        refused, lowered = once(connection, tables, facts), below_zero(connection, tables, numbers)
        rows = connection.execute("SELECT name FROM catalogue_brand WHERE slug = ANY(%s)", [list(fair.makers)])
        names = [str(name) for (name,) in rows]
    words = {"brand": [*fair.makers, *names], "label": fair.labels, "theme": facts.themes}
    return tables, {
        "once": {"kind": "rows", "columns": ["what", "table", "a second time"], "rows": refused},
        "bounds": {"kind": "rows", "columns": ["what", "column", "below zero"], "rows": lowered},
        "relations": relations.observe_schema(guest, words),
    }


def _together(crowd: Crowd, tables: Sequence[Table], fair: Fair, person: str) -> tuple[Json, Json]:
    """One person books one date at two processes at the same moment: how it came about, and what was answered."""
    call = ask("book", workshop=fair.draft, starts=fair.starts[3], email=person)
    hold = race.tables(*(table.name for table in tables if table.own))
    seen, visits = race.forced(crowd, [_request([call])] * 2, hold, names=["the workshops' tables"])
    # Which of the two comes first is chance.
    answers: list[Json] = [*sorted((_answers(visit.answer.body, [call]) for visit in visits), key=json.dumps)]
    booked = _asked(crowd.guests[1], [ask("booked", workshop=fair.draft, starts=fair.starts[3])])
    return _without_chance(seen), {"answers": answers, "booked": [*booked]}


def _without_chance(seen: Json) -> Json:
    if isinstance(seen, dict):
        return {**seen, "racers": sorted(_list(seen["racers"]), key=json.dumps)}
    return seen


def _rename(guest: RunningGuest, tables: Sequence[Table], names: Names, maker: str, name: str) -> None:
    with arranging(guest) as connection:
        rename(connection, tables, names)
        connection.execute("UPDATE catalogue_brand SET name = %s WHERE slug = %s", [name, maker])


def _asked(guest: RunningGuest, calls: Sequence[Call]) -> list[Json]:
    """The answers of the adapter, one a call, each in one form."""
    return _answers(guest.ask(_request(calls)).answer.body, calls)


def _request(calls: Sequence[Call]) -> Request:
    body = json.dumps([[call.name, call.given] for call in calls]).encode()
    return Request(method="POST", target=DOOR, headers=[*PERSON, ("Content-Type", "application/json")], body=body)


def _answers(body: bytes, calls: Sequence[Call]) -> list[Json]:
    try:
        answers = json.loads(body)
        if isinstance(answers, list) and len(answers) == len(calls):
            return [_answer(call, answer) for call, answer in zip(calls, answers, strict=True)]
    except (ValueError, RecursionError):
        pass
    return [{"error": "no answer"} for _ in calls]


def _answer(call: Call, answer: object) -> Json:
    """What writing gives back is nobody's business."""
    match answer:
        case {"refused": True}:
            return {"refused": True}
        case {"value": value}:
            return {"value": _in_order(value) if call.name in READS else None}
        case {"error": str(error)}:
            return {"error": _cut(error)}
    return {"error": "no answer"}


def _in_order(value: object) -> Json:
    """Lists without an order of their own are sorted; triples of dates keep theirs, which is asked for."""
    if not isinstance(value, list):
        return _plain(value)
    entries = [[_plain(part) for part in one[:4]] if isinstance(one, list) else _plain(one) for one in value[:_LONGEST]]
    has_order = any(isinstance(one, list) and len(one) == 3 for one in entries)
    return entries if has_order else sorted(entries, key=json.dumps)


def _plain(value: object) -> Json:
    """A moment in UTC, an amount with two decimals, a whole number, else a text."""
    if value is None or isinstance(value, bool | int):
        return value if not isinstance(value, int) or abs(value) < 10**9 else "a large number"
    text = _cut(str(value))
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else text
    except (ValueError, OverflowError):
        pass
    try:
        amount = Decimal(text)
        return f"{amount:.2f}" if amount.is_finite() and abs(amount) < 10**9 else text
    except InvalidOperation:
        return text


def _cut(text: str) -> str:
    """Not too long, and with nothing in it that has no bytes."""
    return text[:_TEXT].encode("utf-8", "replace").decode()


def _makers(random: Random) -> list[str]:
    return [f"maker-{random.randrange(16**8):08x}" for _ in range(MAKERS)]


def _insert(connection: Connection, table: str, **values: object) -> int:
    columns, places = ", ".join(values), ", ".join(["%s"] * len(values))
    row = connection.execute(
        f"INSERT INTO catalogue_{table} ({columns}) VALUES ({places}) RETURNING id", list(values.values())
    ).fetchone()
    assert row is not None
    return int(row[0])


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
