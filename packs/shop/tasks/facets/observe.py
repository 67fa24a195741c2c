"""SH9: what is measured. The sidebar's numbers on pages with many filters, how many statements they take as the shop
grows, how many rows a step of their plans makes, and the right numbers, counted product by product.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from djudge.engine.probes import contract, growth, patience, shape
from djudge.engine.run import BARE, Connection, Run, RunningGuest, Visit
from djudge.engine.values import Json, Observations

from . import fanout
from .shelves import Sample, Shelves, address, fill, stir
from .truth import Query, Shop

NUMBERS = contract.PageReader(
    card=".facet",
    fields={
        "kind": "@data-kind",
        "value": "@data-value",
        "count": "@data-count",
        "variants": "@data-variants",
        "pieces": "@data-pieces",
        "reviews": "@data-reviews",
    },
)

PRODUCTS = contract.PageReader(
    card="article.product",
    fields={
        "sku": "@data-sku",
        "name": ".name",
        "brand": ".brand",
        "amount": ".price@data-amount",
        "image": "img.main@src",
        "tags": ".tags li[]",
        "average": ".rating@data-average",
        "ratings": ".rating@data-count",
    },
    facts={"total": ".total@data-total", "page": ".pages@data-page", "pages": ".pages@data-pages"},
)

#: Another person with another browser: numbers are the same for everybody.
PHONE = (
    ("User-Agent", "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/143.0 Mobile Safari/537.36"),
    ("Accept", "text/html"),
    ("Accept-Language", "de-CH"),
)

#: Names by which code looks at what it runs on.
ASKS = ("settings_dict", "gethostname", "getpid", "getppid", "getuser", "get_dsn_parameters")

#: What would be SQL by hand instead of the ORM.
RAW_SQL = ("raw", "RawSQL", "cursor", "execute", "executemany", "extra")


def arrange(connection: Connection, random: Random) -> None:
    """The shop's own goods, and the shelves among them. Runs once for a seed; the result is kept as a template."""
    fill(connection, random)


def observe(run: Run) -> Observations:
    """Growth on every axis, then the numbers behind all filters, then a change in the database."""
    shelves = Shelves.drawn(run.seed.random("arrange"))
    word = run.seed.random("change").randbytes(16).hex()
    truth: dict[str, Json] = {}

    def change(connection: Connection, sample: Sample) -> None:
        stir(connection, sample.shelf, word)
        truth[sample.target] = Shop.read(connection).numbers({"category": sample.shelf.slug})

    measured = growth.observe(run, shelves.samples, NUMBERS, change)
    run.progress(len(shelves.samples), len(shelves.samples), "the numbers behind all filters")
    with run.guest() as guest:
        behind = _behind_filters(guest, shelves, word[::-1])
    return Observations(
        seen={
            "growth": measured.seen,
            "joins": behind.joins,
            "truth": {"kind": "truth", "measured": truth, **behind.truth},
            "shape": shape.observe(run.changed, RAW_SQL),
            "joins-in-text": fanout.observe_text(run.changed),
            "patches-framework": shape.patches(run.changed),
            "asks-where-it-runs": shape.observe(run.changed, ASKS),
        },
        answered={"measured": measured.answered, **behind.answered},
    )


@dataclass(frozen=True, slots=True)
class _Behind:
    """What one guest told of many pages, and what it should have told."""

    joins: Json
    truth: dict[str, Json]
    answered: dict[str, Json]


def _behind_filters(guest: RunningGuest, shelves: Shelves, word: str) -> _Behind:
    queries = asked(shelves)
    visits = {address(**query): guest.get(address(**query)) for query in queries}
    refused = {target: guest.get(target) for target in (address(**query) for query in REFUSED)}
    odd = shelves.odd.target
    others = [guest.get(odd, BARE), guest.get(odd, PHONE)]
    with patience.arranging(guest) as connection:
        shop = Shop.read(connection)
        stir(connection, shelves.plain, word)
        after = Shop.read(connection).numbers({"category": shelves.plain.slug})
    fresh = guest.get(shelves.plain.target)
    whole, deep = visits[address()], visits[shelves.deep.target]
    return _Behind(
        joins=fanout.observe({"a shelf of many variants and reviews": deep, "the whole shop": whole}),
        truth={
            "pages": {address(**query): shop.numbers(query) for query in queries},
            "others": {odd: shop.numbers({"category": shelves.odd.slug})},
            "after": {shelves.plain.target: after},
        },
        answered={
            "numbers": _read(NUMBERS, list(visits.items())),
            "others": _read(NUMBERS, [(odd, visit) for visit in others]),
            "after": _read(NUMBERS, [(shelves.plain.target, fresh)]),
            "page": _read(PRODUCTS, [*visits.items(), *refused.items()]),
        },
    )


def asked(shelves: Shelves) -> list[Query]:
    """Filters of every kind, alone and together."""
    odd = shelves.odd
    return [
        {},
        {"category": odd.slug},
        {"category": odd.slug, "in_stock": "on"},
        {"category": odd.slug, "price_from": 20, "price_to": 60, "sort": "-price"},
        {"category": odd.slug, "brand": odd.brand},
        {"category": odd.slug, "tag": odd.tag, "sort": "name"},
        {"category": odd.slug, "brand": odd.brand, "tag": odd.tag, "in_stock": "on"},
        {"category": odd.slug, "q": "a"},
        {"category": shelves.many.slug, "sort": "price", "page": 2},
        {"category": shelves.plain.slug},
        {"category": shelves.deep.slug},
    ]


#: What the list answers with 400 and 404; whether numbers are shown there nobody asks.
REFUSED: tuple[Query, ...] = ({"price_from": 9, "price_to": 3}, {"page": 9999})


def _read(reader: contract.PageReader, visits: Iterable[tuple[str, Visit]]) -> Json:
    return {
        "kind": "exchange",
        "exchanges": [{"target": target, **reader.read(visit.answer)} for target, visit in visits],
    }
