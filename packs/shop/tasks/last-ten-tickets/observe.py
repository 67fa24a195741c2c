"""SH6: what is measured. Buyers, each in a process, buy at the same moment, forced by locks that the judge holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from djudge.engine.probes import patience, race, shape
from djudge.engine.probes.visitor import Visitor, location
from djudge.engine.run import Connection, Crowd, Run
from djudge.engine.serving import RunningGuest, Visit
from djudge.engine.values import Json, Observations

from ..data import copy_into, tables
from ..people import Person, drawn, put_in

BUYERS = 6
CHECKOUT = "/checkout/"
ADDRESS = {
    "name": "Bo Buyer",
    "street": "Long Lane 3",
    "postcode": "10115",
    "city": "Berlin",
    "country": "DE",
    "code": "",
}

#: What tells of other sessions and their locks. A purchase has no business there.
LOOKS = ("pg_locks", "pg_stat_activity", "pg_blocking_pids", "pg_stat_get_activity", "pg_lock_status")

#: Names by which code looks at what it runs on.
ASKS = ("gethostname", "getpid", "getppid", "getuser", "get_dsn_parameters", "backend_pid")

#: What a basket holds: variants and how many of each.
type Goods = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sale:
    """The goods of a run, and how many of each there are, by the seed."""

    people: list[Person]
    ticket: int
    scarf: int
    candle: int
    few: int
    pairs: int

    @classmethod
    def drawn(cls, random: Random) -> "Sale":
        """The sale that belongs to a seed. Variants lie far enough apart to be of different products."""
        ticket, scarf, candle = sorted(random.sample(range(40, 2000, 20), 3))
        return cls(drawn(random, BUYERS), ticket, scarf, candle, random.randint(2, 4), random.randint(2, 3) * 2 - 1)


def arrange(connection: Connection, random: Random) -> None:
    """The shop's goods, and the buyers of this seed."""
    sale = Sale.drawn(random)
    copy_into(connection, tables(random, "S"))
    put_in(connection, sale.people)
    for person in sale.people:
        connection.execute("insert into basket_basket (id, owner_id) values (%s, %s)", [person.id, person.id])


@dataclass(frozen=True, slots=True)
class Round:
    """Some buyers with what they have in their baskets, the stock before, and what the judge holds meanwhile."""

    name: str
    baskets: Sequence[Goods]
    stock: dict[int, int]
    holds: Sequence[race.Hold]
    held: Sequence[str]


def rounds(sale: Sale) -> Iterator[Round]:
    """All rounds of a run, one after another in the same processes."""
    table, name = [race.tables("catalogue_variant")], ["the table of variants"]
    ticket, scarf, candle = sale.ticket, sale.scarf, sale.candle
    single = [[(ticket, 1)]] * BUYERS
    for number in (1, 2):
        yield Round(f"one each, {number}", single, {ticket: sale.few}, table, name)
    yield Round("two each", [[(ticket, 2)]] * BUYERS, {ticket: sale.pairs}, table, name)
    opposite = [[(ticket, 1), (scarf, 1)], [(scarf, 1), (ticket, 1)]]
    each = [race.rows("catalogue_variant", one) for one in (ticket, scarf)]
    yield Round("opposite order", opposite, {ticket: 9, scarf: 9}, each, ["a variant's row", "another's"])
    # What is missing comes first in the basket and last in the table.
    yield Round("something is missing", [[(candle, 1), (scarf, 2)]] * 3, {scarf: 20, candle: 1}, table, name)


def observe(run: Run) -> Observations:
    """A quiet sale first, then the rounds."""
    sale = Sale.drawn(run.seed.random("arrange"))
    every = list(rounds(sale))
    sold: list[Json] = []
    races: dict[str, Json] = {}
    looks = 0
    with run.crowd(BUYERS) as crowd:
        run.progress(0, len(every), "one buyer after another")
        quiet = _quiet(crowd.guests[0], sale)
        for number, each in enumerate(every, 1):
            run.progress(number, len(every), f"{len(each.baskets)} at once: {each.name}")
            seen, outcome, looked = _race(crowd, sale, each)
            races[each.name] = seen
            sold.append(outcome)
            looks += looked
    return Observations(
        seen={
            **{f"race: {name}": seen for name, seen in races.items()},
            "sold": {"kind": "sales", "rounds": sold},
            "looks-at-sessions": looks,
            "asks-where-it-runs": shape.observe(run.changed, ASKS),
        },
        answered={"quiet": quiet},
    )


def _race(crowd: Crowd, sale: Sale, each: Round) -> tuple[Json, Json, int]:
    """One round: what was seen of it, what it came to, and how many statements looked at other sessions."""
    few = race.round_of(crowd, crowd.guests[: len(each.baskets)])
    people = sale.people[: len(each.baskets)]
    before = _set_up(few, people, each)
    requests = [person.visitor().posting(CHECKOUT, ADDRESS) for person in people]
    seen, visits = race.forced(few, requests, *each.holds, names=each.held)
    with patience.arranging(few.guests[0]) as connection:
        outcome = _outcome(connection, each, people, visits, before)
    return seen, outcome, sum(map(_looks, visits))


def _set_up(crowd: Crowd, people: Sequence[Person], each: Round) -> int:
    """The shelf and the baskets as the round wants them; the number of the last order before it."""
    with patience.arranging(crowd.guests[0]) as connection:
        found = 0
        for variant, stock in each.stock.items():
            found += connection.execute(
                "update catalogue_variant set stock = %s where id = %s", [stock, variant]
            ).rowcount
            connection.execute(
                "update catalogue_product set published = true, price = 10 where id ="
                " (select product_id from catalogue_variant where id = %s)",
                [variant],
            )
        patience.require_rows(found, len(each.stock), "the catalogue")
        for person, goods in zip(people, each.baskets, strict=True):
            fill(connection, person, goods)
        return _number(connection, "select coalesce(max(id), 0) from orders_order")


def fill(connection: Connection, person: Person, goods: Goods) -> None:
    """Put these goods into somebody's basket, and nothing else."""
    connection.execute("delete from basket_basketline where basket_id = %s", [person.id])
    connection.execute(
        "insert into basket_basket (id, owner_id) values (%s, %s) on conflict (owner_id) do nothing",
        [person.id, person.id],
    )
    for variant, quantity in goods:
        connection.execute(
            "insert into basket_basketline (basket_id, variant_id, quantity)"
            " select id, %s, %s from basket_basket where owner_id = %s",
            [variant, quantity, person.id],
        )


def _outcome(
    connection: Connection, each: Round, people: Sequence[Person], visits: Sequence[Visit], before: int
) -> Json:
    """What the database holds after a round, beside what the buyers were told."""
    told = [_told(visit) for visit in visits]
    refused = [person.id for person, said in zip(people, told, strict=True) if said == "refused"]
    return {
        "round": each.name,
        "goods": [_goods(connection, variant, stock, before) for variant, stock in each.stock.items()],
        "wanted": [[list(one) for one in basket] for basket in each.baskets],
        "orders": _number(connection, "select count(*) from orders_order where id > %s", before),
        "ordered": told.count("ordered"),
        "refused": len(refused),
        "broken": len(told) - told.count("ordered") - len(refused),
        "kept": _number(
            connection,
            "select count(distinct owner_id) from basket_basket basket join basket_basketline line"
            " on line.basket_id = basket.id where owner_id = any(%s)",
            refused,
        ),
    }


def _goods(connection: Connection, variant: int, stock: int, before: int) -> Json:
    sold = _number(
        connection,
        "select coalesce(sum(quantity), 0) from orders_orderline where variant_id = %s and order_id > %s",
        variant,
        before,
    )
    left = _number(connection, "select stock from catalogue_variant where id = %s", variant)
    return {"variant": variant, "stock": stock, "sold": sold, "left": left}


def _told(visit: Visit) -> str:
    leads = location(visit.answer) or ""
    if visit.answer.status == 302 and leads.startswith("/orders/"):
        return "ordered"
    return "refused" if visit.answer.status == 422 else "broken"


def _looks(visit: Visit) -> int:
    return sum(any(word in statement.sql.lower() for word in LOOKS) for statement in visit.reading.statements)


def _number(connection: Connection, statement: str, *values: object) -> int:
    row = connection.execute(statement.encode(), list(values)).fetchone()
    return int(row[0]) if row else 0


def _quiet(guest: RunningGuest, sale: Sale) -> Json:
    """One after another: a whole order, a form with a mistake, goods that are gone; as facts that can be compared."""
    ada, bo = sale.people[:2]
    found: list[Json] = []
    with patience.arranging(guest) as connection:
        connection.execute("update catalogue_variant set stock = 7 where id in (%s, %s)", [sale.ticket, sale.scarf])
        fill(connection, ada, [(sale.ticket, 3), (sale.scarf, 2)])
        fill(connection, bo, [(sale.scarf, 6)])
    for person, fields in ((ada, {**ADDRESS, "street": ""}), (ada, ADDRESS), (bo, ADDRESS)):
        visit = Visitor(person.visitor().cookies).post(guest, CHECKOUT, fields)
        with patience.arranging(guest) as connection:
            found.append({"told": _told(visit), "status": visit.answer.status, **_facts(connection, sale, person)})
    return {"kind": "orders", "steps": found}


def _facts(connection: Connection, sale: Sale, person: Person) -> dict[str, Json]:
    """What is written down of a person's orders, what lies on the shelf and in the basket."""
    return {
        "orders": _rows(connection, ORDERS, person.id),
        "lines": _rows(connection, LINES, person.id),
        "held": _rows(connection, HELD, person.id),
        "events": _rows(connection, EVENTS, person.id),
        "basket": _rows(connection, BASKET, person.id),
        "stock": _rows(connection, STOCK, [sale.ticket, sale.scarf]),
    }


ORDERS = (
    "select status, name, street, postcode, city, country, code, currency, subtotal::text, discount::text, total::text"
    " from orders_order where buyer_id = %s order by id"
)
LINES = (
    "select variant_id, line.brand_id, line.sku, line.name, unit_price::text, quantity from orders_orderline line"
    " join orders_order o on o.id = order_id where buyer_id = %s order by variant_id"
)
HELD = (
    "select variant_id, quantity, state, extract(epoch from expires_at - placed_at)::int / 60 from orders_reservation"
    " held join orders_order o on o.id = order_id where buyer_id = %s order by variant_id"
)
EVENTS = (
    "select before, after, by_id = buyer_id from orders_orderevent event join orders_order o on o.id = order_id"
    " where buyer_id = %s order by event.id"
)
BASKET = (
    "select variant_id, quantity from basket_basketline line join basket_basket b on b.id = basket_id"
    " where owner_id = %s order by variant_id"
)
STOCK = "select id, stock from catalogue_variant where id = any(%s) order by id"


def _rows(connection: Connection, statement: str, value: object) -> Json:
    return [list(row) for row in connection.execute(statement.encode(), [value]).fetchall()[:50]]
