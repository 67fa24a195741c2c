"""SH5: what is measured. Every door of the desk, by everybody, for an own, a shared and a foreign order."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import sql

from djudge.engine.probes import access, patience, shape
from djudge.engine.probes.access import Attempt
from djudge.engine.probes.visitor import Visitor
from djudge.engine.run import BARE, Connection, Run
from djudge.engine.serving import RunningGuest
from djudge.engine.values import Json, Observations

from .desk import OTHER, OWN, Desk, Placed, arrange

__all__ = ["arrange", "observe"]

#: Names by which code looks at whom or what it runs for.
ASKS = ("gethostname", "getpid", "getppid", "getuser", "META", "headers")

#: Stands for a word that is in no answer.
NOTHING = "no such word in any answer"

#: The doors whose statements are counted, for a seller with one order and for one with more than a page of them.
COUNTED = {"list": "/desk/", "export": "/desk/orders.csv"}


def observe(run: Run) -> Observations:
    """What everybody is told at every door, what it costs, then what everybody can change."""
    desk = Desk.drawn(run.seed.random("arrange"))
    ines, otto, bo, solo = (person.visitor() for person in desk.people)
    # A seller who works with a program of her own: what she asks with tells nothing of itself.
    ines.headers = BARE
    people = {"ines": ines, "otto": otto, "bo": bo, "solo": solo, "guest": Visitor({"csrftoken": "x" * 32})}
    run.progress(1, 2, "every door, by everybody")
    with run.guest() as guest:
        told = access.observe(guest, people, _looking(desk), lambda connection: _facts(connection, desk))
        counts = {door: [_executions(guest, one, address) for one in (solo, otto)] for door, address in COUNTED.items()}
        run.progress(2, 2, "changes")
        changed = [_change(guest, people, desk, step) for step in steps(desk)]
        refused = zip(desk.torn, desk.tracking[-2:], WRITES, strict=True)
        halves = [_tear(guest, ines, order, tracking, write) for order, tracking, write in refused]
    return Observations(
        seen={
            "asks-for-whom": shape.observe(run.changed, ASKS),
            "patches-framework": shape.patches(run.changed),
            "statements": {"kind": "counts", "counts": counts},
        },
        answered={
            "told": told,
            "changed": {"kind": "changes", "steps": changed},
            "halves": {"kind": "changes", "steps": halves},
        },
    )


def _executions(guest: RunningGuest, person: Visitor, address: str) -> int:
    return person.finish(guest, person.request("GET", address)).reading.executions


def _looking(desk: Desk) -> Iterator[Attempt]:
    """All doors that only tell. The first words are the sellers' own, one is theirs and was not asked for, and the
    last are not for them."""
    for person in ("ines", "otto", "bo", "guest"):
        for order in desk.orders:
            for door, address in (("page", order.page), ("invoice", f"{order.page}invoice/")):
                yield _attempt(door, person, order.whose, address, _words(order))
        hidden = [*desk.shared.words(OTHER), *desk.foreign.words(OTHER), desk.foreign.customer, desk.single.name]
        for door, (address, words) in _lists(desk).items():
            yield _attempt(door, person, "all", address, [*words, *hidden])
        elsewhere = desk.older[0].name
        for order in desk.orders:
            words = [str(order.public), elsewhere]
            yield _attempt("number", person, order.whose, f"/desk/?q={str(order.public)[:8]}", words)
        for order, brand in ((desk.own, OWN), (desk.shared, OTHER), (desk.foreign, OTHER)):
            address, words = f"/desk/?q={order.words(brand)[1]}", [str(order.public), elsewhere]
            yield _attempt("article", person, "own" if brand == OWN else "foreign", address, words)


def _lists(desk: Desk) -> Mapping[str, tuple[str, tuple[str, str, str]]]:
    """Doors to many orders: the address, two names that have to be there and one that belongs on another page."""
    own, shared, newer, oldest = desk.own.name, desk.shared.name, desk.older[0].name, desk.older[-1].name
    return {
        "list": ("/desk/", (own, shared, oldest)),
        "second page": ("/desk/?page=2", (oldest, desk.older[-2].name, own)),
        "status": ("/desk/?status=paid", (own, shared, newer)),
        "other status": ("/desk/?status=delivered", (newer, desk.older[1].name, own)),
        "export": ("/desk/orders.csv", (own, oldest, NOTHING)),
    }


def _words(order: Placed) -> list[str]:
    hidden = [*order.words(OTHER), *([order.customer] if order.whose == "foreign" else [])]
    return [*(order.words(OWN)[:1] or [NOTHING]), NOTHING, NOTHING, *hidden]


def _attempt(door: str, person: str, whose: str, address: str, words: list[str]) -> Attempt:
    return Attempt(
        door=door, person=person, whose=whose, request=lambda visitor: visitor.request("GET", address), words=words
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One POST to the form of an order."""

    name: str
    person: str
    order: Placed
    fields: dict[str, str | int]


def steps(desk: Desk) -> list[Step]:
    """Changes that are allowed and that are not, one after another."""
    track = desk.tracking
    along: dict[str, str | int] = {
        "total": "0.01", "subtotal": "0.01", "name": "Eve", "buyer": desk.people[2].id, "code": "FREE",
        "quantity": 9, "unit_price": "0.01", "brand": OTHER, "placed_at": "2001-01-01T00:00:00Z",
    }  # fmt: skip
    return [
        Step("packs", "ines", desk.own, {"status": "packed", "tracking": track[0]}),
        Step("sends", "otto", desk.own, {"status": "sent", "tracking": track[1]}),
        Step("notes at a shared order", "ines", desk.shared, {"status": "", "tracking": track[2]}),
        Step("sends fields along", "ines", desk.shared, {"status": "", "tracking": track[2], **along}),
        Step("takes a step of others", "ines", desk.shared, {"status": "refunded", "tracking": track[3]}),
        Step("goes back", "ines", desk.own, {"status": "paid", "tracking": track[3]}),
        Step("changes a foreign order", "ines", desk.foreign, {"status": "packed", "tracking": track[4]}),
        Step("buyer changes", "bo", desk.shared, {"status": "packed", "tracking": track[5]}),
        Step("guest changes", "guest", desk.shared, {"status": "packed", "tracking": track[6]}),
    ]


def _change(guest: RunningGuest, people: dict[str, Visitor], desk: Desk, step: Step) -> Json:
    person = people[step.person]
    answer = person.finish(guest, person.posting(f"{step.order.page}edit/", step.fields)).answer
    with patience.arranging(guest) as connection:
        return {"step": step.name, "person": step.person, "status": answer.status, "facts": _facts(connection, desk)}


#: Writes that the database refuses, one at a time: as it does when something else is in their way.
WRITES = (
    ("orders_orderline", sql.SQL("check (tracking <> {tracking})")),
    ("orders_order", sql.SQL("check (public_id <> {public} or status <> 'packed')")),
)


def _tear(guest: RunningGuest, seller: Visitor, order: Placed, tracking: str, write: tuple[str, sql.SQL]) -> Json:
    """Pack an order and note its parcel while one of the two can't be written, and see what is left of it."""
    table, refusal = write
    with _refusing(guest, table, refusal.format(tracking=sql.Literal(tracking), public=sql.Literal(order.public))):
        answer = seller.finish(guest, seller.posting(f"{order.page}edit/", {"status": "packed", "tracking": tracking}))
    with patience.arranging(guest) as connection:
        left = connection.execute(
            "select (select status from orders_order where id = %(id)s),"
            " (select tracking from orders_orderline where order_id = %(id)s),"
            " (select count(*) from orders_orderevent where order_id = %(id)s)",
            {"id": order.id},
        ).fetchone()
    return {"step": f"{table} refuses", "status": answer.answer.status, "facts": list(left or ())}


@contextmanager
def _refusing(guest: RunningGuest, table: str, refusal: sql.Composable) -> Iterator[None]:
    named = {"table": sql.Identifier(table), "name": sql.Identifier(f"{table}_as_agreed")}
    with patience.arranging(guest) as connection:
        connection.execute(
            sql.SQL("alter table {table} add constraint {name} {refusal} not valid").format(**named, refusal=refusal)
        )
    yield
    with patience.arranging(guest) as connection:
        connection.execute(sql.SQL("alter table {table} drop constraint {name}").format(**named))


def _facts(connection: Connection, desk: Desk) -> Json:
    """Everything that an order and its lines hold, by what may be changed from the desk and what not."""
    numbers = [order.id for order in desk.orders]
    orders = connection.execute(
        "select id, status, to_jsonb(o) - 'status' from orders_order o where id = any(%s) order by id", [numbers]
    ).fetchall()
    lines = connection.execute(
        "select order_id, brand_id, tracking, to_jsonb(l) - 'tracking' from orders_orderline l where order_id = any(%s)"
        " order by order_id, variant_id",
        [numbers],
    ).fetchall()
    patience.require_rows(len(orders), len(numbers), "the orders")
    return {"orders": [list(row) for row in orders], "lines": [list(row) for row in lines]}
