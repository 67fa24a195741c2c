"""SH3: what is measured. Dozens of purchases read from PostgreSQL, orders after everything else has changed, sums over
many orders, and rows that have to be refused."""

import json
from collections.abc import Mapping
from uuid import UUID

from psycopg import Error, sql

from djudge.engine.probes import patience, shape
from djudge.engine.probes.contract import PageReader
from djudge.engine.probes.visitor import Visitor, location
from djudge.engine.run import BARE, Connection, Run
from djudge.engine.serving import RunningGuest, Visit
from djudge.engine.values import Json, Observations

from ..people import Person
from .ledger import written
from .purchases import Purchase
from .shelves import Past, Shop, arrange

__all__ = ["arrange", "observe"]

CHECKOUT, ORDERS, SPENT = "/checkout/", "/orders/", "/orders/spent/"

#: Names by which code looks at whom or what it runs for.
ASKS = ("gethostname", "getpid", "getppid", "getuser", "META", "headers", "current_user", "session_user")

#: By which many rows are sent as one.
PACKS = ("array_agg", "string_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "xmlagg", "array(")

#: Purchases whose orders are looked at again after everything has changed, of each kind the first.
LOOKED_AT = ("half a cent", "several lines", "percent", "tie", "amount", "three for two")

ORDER_PAGE = PageReader(
    card="tr.line",
    fields={
        "sku": "@data-sku",
        "name": ".name",
        "quantity": "@data-quantity",
        "unit price": "@data-unit-price",
        "amount": "@data-amount",
        "share": "@data-discount",
    },
    facts={
        "subtotal": "tr.sum@data-subtotal",
        "discount": "tr.sum@data-discount",
        "tax": "tr.sum@data-tax",
        "percent": "tr.sum@data-percent",
        "total": "tr.sum td@data-total",
    },
)
LIST_PAGE = PageReader(card="tr.order", fields={"order": "@data-order", "total": "td.figure"})
SPENT_PAGE = PageReader(
    card="tr.currency",
    fields={name: f"@data-{name}" for name in ("currency", "orders", "subtotal", "discount", "total", "tax")},
)


def observe(run: Run) -> Observations:
    """All purchases, then the sums, then what became of the orders and what the database refuses."""
    shop = Shop.drawn(run.seed.random("arrange"))
    with run.crowd(2) as crowd:
        one, other = crowd.guests
        run.progress(1, 3, f"{len(shop.purchases)} purchases")
        bought = _buy_all(one, shop)
        works = _works(one, shop)
        run.progress(2, 3, "everything changes")
        snapshot, undone = _snapshot(one, other, shop)
        with patience.arranging(one) as connection:
            columns, refused = _columns(connection), _refused(connection, shop)
    run.progress(3, 3, "what was spent in a year")
    with run.guest() as guest:
        asked = [_spent(guest, shop, *one) for one in _askings(shop)]
        gap = guest.finish().audit.gap
    return Observations(
        seen={
            "bought": {"kind": "purchases", "purchases": bought},
            "columns": columns,
            "refused": {"kind": "rows", "columns": ["what", "refused"], "rows": refused},
            "undone": undone,
            "statements": {"kind": "counts", "asked": [one["cost"] for one in asked], "gap": gap},
            "asks-for-whom": shape.observe(run.changed, ASKS),
            "patches-framework": shape.patches(run.changed),
        },
        answered={
            "snapshot": {"kind": "orders", "orders": snapshot},
            "spent": {"kind": "sums", "asked": [one["sums"] for one in asked]},
            "works": works,
        },
    )


def _visitor(person: Person, *, by_program: bool) -> Visitor:
    visitor = person.visitor()
    if by_program:
        visitor.headers = BARE
    return visitor


def _buy_all(guest: RunningGuest, shop: Shop) -> list[Json]:
    """All purchases: what each order has to hold, and what PostgreSQL holds of it."""
    told = [_told(_buy(guest, shop, place)) for place in range(len(shop.purchases))]
    with patience.arranging(guest) as connection:
        rows = [_order_rows(connection, buyer) for buyer in shop.buyers]
    return [
        {"kind": one.kind, "twin of": one.twin_of, "told": said, "wanted": _wanted(one), "got": got}
        for one, said, got in zip(shop.purchases, told, rows, strict=True)
    ]


def _buy(guest: RunningGuest, shop: Shop, place: int) -> Visit:
    purchase = shop.purchases[place]
    fields = {**shop.addresses[place], "code": purchase.code.word if purchase.code else ""}
    return _visitor(shop.buyers[place], by_program=purchase.by_program).post(guest, CHECKOUT, fields)


def _wanted(purchase: Purchase) -> Json:
    wanted = purchase.wanted
    lines = [[one.sku, written(one.price), one.quantity, written(share)]
             for one, share in zip(purchase.sold, wanted.shares, strict=True)]  # fmt: skip
    amounts = (wanted.subtotal, wanted.discount, wanted.total, wanted.tax, purchase.percent)
    return {"amounts": [*map(written, amounts)], "lines": [*sorted(lines, key=str)]}


def _told(visit: Visit) -> str:
    if visit.answer.status == 302 and (location(visit.answer) or "").startswith(ORDERS):
        return "ordered"
    return "refused" if visit.answer.status == 422 else "broken"


AMOUNTS = (
    "select subtotal::text, discount::text, total::text, tax::text, tax_percent::text from orders_order"
    " where buyer_id = %s order by id"
)
LINES = (
    "select line.sku, unit_price::text, quantity::text, line.discount::text, line.name from orders_orderline line"
    " join orders_order o on o.id = order_id where buyer_id = %s order by line.sku, line.id"
)


def _order_rows(connection: Connection, buyer: Person) -> dict[str, Json]:
    """What is written down of somebody's orders, as text of at most some length."""
    return {"orders": _rows(connection, AMOUNTS, buyer.id), "lines": _rows(connection, LINES, buyer.id)}


def _rows(connection: Connection, statement: str, *values: object) -> list[Json]:
    found = connection.execute(statement.encode(), list(values)).fetchmany(50)
    return [[str(value)[:80] for value in row] for row in found]


# everything else that a purchase is

HELD = (
    "select line.sku, line.quantity, line.brand_id - 1 = line.variant_id %% 4, held.quantity, held.state,"
    " extract(epoch from expires_at - placed_at)::int / 60 from orders_order o join orders_orderline line"
    " on line.order_id = o.id left join orders_reservation held on held.order_id = o.id"
    " and held.variant_id = line.variant_id where o.buyer_id = %s order by line.sku"
)
KEPT = "select status, name, street, postcode, city, country, code, currency from orders_order where buyer_id = %s"
EVENTS = (
    "select before, after, by_id = buyer_id from orders_orderevent event join orders_order o on o.id = order_id"
    " where buyer_id = %s order by event.id"
)
BASKET = (
    "select variant_id, quantity from basket_basketline line join basket_basket b on b.id = basket_id"
    " where owner_id = %s order by variant_id"
)
STOCK = "select id, stock from catalogue_variant where id = any(%s) order by id"


def _works(guest: RunningGuest, shop: Shop) -> Json:
    """What may not have changed: the rest of an order, a refusal, and who is shown what."""
    first, buyer, stranger = shop.purchases[0], shop.buyers[0], shop.buyers[1]
    late = _visitor(shop.late, by_program=False).post(guest, CHECKOUT, {**shop.addresses[0], "code": ""})
    with patience.arranging(guest) as connection:
        numbers = [one.number for one in (*first.goods, *shop.scarce)]
        facts: dict[str, Json] = {
            "order": _rows(connection, KEPT, buyer.id),
            "goods": _rows(connection, HELD, buyer.id),
            "events": _rows(connection, EVENTS, buyer.id),
            "basket": _rows(connection, BASKET, buyer.id),
            "stock": _rows(connection, STOCK, numbers),
            "too late": [_told(late), late.answer.status, _rows(connection, KEPT, shop.late.id),
                         _rows(connection, BASKET, shop.late.id)],
        }  # fmt: skip
        page = _page_of(connection, buyer)
    guests = {name: Visitor().get(guest, address) for name, address in (("page", page), ("spent", SPENT))}
    return {
        **facts,
        "strangers": _visitor(stranger, by_program=False).get(guest, page).answer.status,
        "guests": {
            name: [visit.answer.status, (location(visit.answer) or "").partition("?")[0][:60]]
            for name, visit in guests.items()
        },
    }


def _page_of(connection: Connection, buyer: Person) -> str:
    """The page of somebody's order; that of no order where there is none."""
    row = connection.execute(
        "select public_id from orders_order where buyer_id = %s order by id", [buyer.id]
    ).fetchone()
    return f"{ORDERS}{row[0] if row and isinstance(row[0], UUID) else UUID(int=1)}/"


# snapshot


def _snapshot(one: RunningGuest, other: RunningGuest, shop: Shop) -> tuple[list[Json], list[Json]]:
    """Some orders before and after everything else changed, and what of the changes did not last.

    The other process has shown none of them before, so that nothing counts which lies in the memory of one.
    """
    kinds = [purchase.kind for purchase in shop.purchases]
    places = [kinds.index(kind) for kind in LOOKED_AT]
    with patience.arranging(one) as connection:
        pages = [_page_of(connection, shop.buyers[place]) for place in places]
    seen = dict(zip(places, pages, strict=True))
    before = _looks(one, shop, seen)
    with patience.arranging(one) as connection:
        undone = _change_everything(connection)
    after, again = _looks(other, shop, seen), _looks(one, shop, seen)
    found: list[Json] = []
    for number, place in enumerate(places):
        purchase = shop.purchases[place]
        found.append(
            {
                "kind": purchase.kind,
                "wanted": _wanted(purchase),
                "names": {goods.sku: f"{goods.name}, {goods.size}" for goods in purchase.goods},
                "before": before[number],
                "after": after[number],
                "again": again[number],
            }
        )
    return found, undone


def _looks(guest: RunningGuest, shop: Shop, pages: Mapping[int, str]) -> list[Json]:
    """Orders on their pages and in the list, and what PostgreSQL holds after that."""
    shown = [_look(guest, shop, place, page) for place, page in pages.items()]
    with patience.arranging(guest) as connection:
        return [
            {**one, "rows": _order_rows(connection, shop.buyers[place])}
            for one, place in zip(shown, pages, strict=True)
        ]


def _look(guest: RunningGuest, shop: Shop, place: int, page: str) -> dict[str, Json]:
    visitor = _visitor(shop.buyers[place], by_program=shop.purchases[place].by_program)
    shown = ORDER_PAGE.read(visitor.get(guest, page).answer)
    # The list comes second: a page that writes amounts anew is to be found there too, by whichever process.
    listed = LIST_PAGE.read(visitor.get(guest, ORDERS).answer)["cards"]
    totals = [card["total"] for card in listed if isinstance(card, dict) and f"/{card['order']}/" in page]
    return {"page": shown, "listed": totals}


#: Changes of the catalogue, of codes and of rates, and what is there afterwards if they last.
CHANGES = {
    "prices": (
        "update catalogue_product set price = price + 1.37, name = name || ' new'",
        "select count(*) from catalogue_product where name not like '% new'",
    ),
    "own prices": (
        "update catalogue_variant set price_override = 3.21, name = name || ' new', sku = 'N' || sku",
        "select count(*) from catalogue_variant where price_override is distinct from 3.21",
    ),
    "rates": (
        "update orders_taxrate set percent = percent + 1.50",
        "select count(*) from orders_taxrate where percent in (0, 4, 12, 20, 28)",
    ),
    "codes": (
        "update discounts_code set percent = percent / 2 + 0.01, amount = amount / 2 + 0.01",
        "select count(*) from discounts_code where percent in (3.33, 5, 7.5, 10, 12.5, 15, 33)",
    ),
}


def _change_everything(connection: Connection) -> list[Json]:
    """The names of changes that did not last."""
    undone: list[Json] = []
    prices = "select coalesce(sum(price), 0) from catalogue_product"
    before = connection.execute(prices.encode()).fetchone()
    for name, (change, left) in CHANGES.items():
        connection.execute(change.encode())
        if (row := connection.execute(left.encode()).fetchone()) and row[0]:
            undone.append(name)
    if connection.execute(prices.encode()).fetchone() == before and "prices" not in undone:
        undone.append("prices")
    return undone


# what was spent


def _askings(shop: Shop) -> list[tuple[Person, int, bool]]:
    """Who asks for which year, and whether by a program."""
    return [
        (shop.few, shop.year, False),
        (shop.many, shop.year, False),
        (shop.many, shop.year, True),
        (shop.many, shop.year + 1, False),
        (shop.few, shop.year + 5, True),
    ]


def _spent(guest: RunningGuest, shop: Shop, person: Person, year: int, by_program: bool) -> dict[str, Json]:
    visit = _visitor(person, by_program=by_program).get(guest, f"{SPENT}?year={year}")
    reading, page = visit.reading, SPENT_PAGE.read(visit.answer)
    packed = sum(any(word in one.sql.lower() for word in PACKS) for one in reading.statements)
    return {
        "cost": {
            "executions": reading.executions + reading.unmeasured,
            "rows": reading.rows,
            "unmeasured": reading.unmeasured,
            "packed": packed,
        },
        "sums": {"status": page["status"], "cards": page["cards"], "wanted": shop.spent(person, year)},
    }


# what the database refuses

#: Classes of PostgreSQL's errors that refuse a row: what it holds, a constraint, a column, a function.
REFUSALS = ("22", "23", "42", "P0")

COLUMNS = (
    "select table_name || '.' || column_name, data_type, coalesce(numeric_scale, 9) from information_schema.columns"
    " where table_schema = 'public' and (table_name, column_name) in"
    " (('orders_order', 'tax'), ('orders_orderline', 'discount')) order by 1"
)


def _columns(connection: Connection) -> Json:
    return {"kind": "rows", "columns": ["column", "type", "decimals"], "rows": _rows(connection, COLUMNS)}


def _refused(connection: Connection, shop: Shop) -> list[Json]:
    """For a true order and for such that can't be: how PostgreSQL refused it, or nothing. All are rolled back."""
    true = max(shop.past, key=lambda one: one.amounts.tax)
    attempts: list[tuple[str, dict[str, str], dict[str, str]]] = [
        ("a true order", {}, {}),
        ("a tax below zero", {"tax": written(-1)}, {}),
        ("a tax above the total", {"tax": written(true.amounts.total + 1)}, {}),
        ("a share below zero", {}, {"discount": written(-1)}),
        ("a share above its line", {}, {"discount": written(true.sold[0].amount + 1)}),
    ]
    return [[what, _refusal(connection, true, order, line)] for what, order, line in attempts]


def _refusal(connection: Connection, true: Past, order: dict[str, str], line: dict[str, str]) -> str:
    """How PostgreSQL refuses a copy of a true order with something else in its row, or in that of its first line."""
    number, public = true.number + 500_000, str(UUID(int=true.public.int ^ 1))
    try:
        with connection.transaction(force_rollback=True):
            _copy(connection, "orders_order", true.number, {"id": number, "public_id": public, **order})
            lines = connection.execute(LINES_OF, [true.number, true.sold[0].sku]).fetchmany(10)
            for place, (one,) in enumerate(lines):
                other = line if place == 0 else {}
                _copy(connection, "orders_orderline", one, {"id": one + 10**6, "order_id": number, **other})
            connection.execute("set constraints all immediate")
    except Error as refusal:
        state = refusal.sqlstate or ""
        if state[:2] not in REFUSALS:
            raise
        return state
    patience.require_rows(len(lines), len(true.sold), "the lines of orders")
    return ""


LINES_OF = "select coalesce(id::bigint, 0) from orders_orderline where order_id = %s order by sku <> %s, id"
WRITABLE = (
    "select attname from pg_attribute where attrelid = %s::text::regclass and attnum > 0 and not attisdropped"
    " and attgenerated = '' order by attnum"
)
COPY = "insert into {table} ({columns}) select {values} from {table} old, {changed} new where old.id = %s"
CHANGED = "jsonb_populate_record(null::{table}, to_jsonb(old) || %s::text::jsonb)"


def _copy(connection: Connection, table: str, number: int, other: Mapping[str, str | int]) -> None:
    """A row once more, with all its columns, whichever a submission has added; what is generated is left out."""
    names = [sql.Identifier(name) for (name,) in connection.execute(WRITABLE, [table])]
    copy = sql.SQL(COPY).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(names),
        values=sql.SQL(", ").join(sql.SQL("new.{}").format(name) for name in names),
        changed=sql.SQL(CHANGED).format(table=sql.Identifier(table)),
    )
    patience.require_rows(connection.execute(copy, [json.dumps(other), number]).rowcount, 1, table)
