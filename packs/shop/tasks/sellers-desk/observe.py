"""SH5: what is measured. Every door of the desk, by everybody, for an own, a shared and a foreign order."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from uuid import UUID

from djudge.engine.probes import access, patience, shape
from djudge.engine.probes.access import Attempt
from djudge.engine.probes.visitor import Visitor
from djudge.engine.run import BARE, Connection, Run
from djudge.engine.sandbox.contract import Request
from djudge.engine.serving import RunningGuest
from djudge.engine.values import Json, Observations

from ..data import copy_into, tables
from ..people import Person, drawn, put_in, words

#: Names by which code looks at whom or what it runs for.
ASKS = ("gethostname", "getpid", "getppid", "getuser", "META", "headers")

#: Numbers of brands whose goods are ordered: the sellers' own, and another's.
OWN, OTHER = 3, 7


@dataclass(frozen=True, slots=True)
class Line:
    """One order line: its brand, an article number and a name that stand nowhere else."""

    brand: int
    sku: str
    name: str


@dataclass(frozen=True, slots=True)
class Placed:
    """One order of the run. `whose`: the sellers' own, foreign, or shared with another seller."""

    whose: str
    id: int
    public: UUID
    customer: str
    lines: tuple[Line, ...]

    def words(self, brand: int) -> list[str]:
        """Words that tell a line of this brand."""
        return [word for line in self.lines if line.brand == brand for word in (line.name, line.sku)]

    @property
    def page(self) -> str:
        """Its page at the desk."""
        return f"/desk/orders/{self.public}/"


@dataclass(frozen=True, slots=True)
class Desk:
    """The people and the orders of a seed."""

    people: list[Person]
    own: Placed
    shared: Placed
    foreign: Placed
    tracking: list[str]

    @classmethod
    def drawn(cls, random: Random) -> "Desk":
        """Two sellers of one brand, a buyer, and three orders."""
        people, names = drawn(random, 3), words(random)
        first = random.randrange(1_000, 900_000)
        orders = [
            _placed(random, first + number, whose, brands, names)
            for number, (whose, brands) in enumerate({"own": [OWN], "shared": [OWN, OTHER], "foreign": [OTHER]}.items())
        ]
        return cls(people, *orders, tracking=[f"T{random.randrange(10**9):09}" for _ in range(8)])

    @property
    def orders(self) -> tuple[Placed, ...]:
        """All three."""
        return self.own, self.shared, self.foreign


def _placed(random: Random, number: int, whose: str, brands: list[int], names: Iterator[str]) -> Placed:
    lines = tuple(
        Line(brand, f"SH-{random.randrange(10**6):06}-01", f"{next(names)} {next(names)}") for brand in brands
    )
    customer = f"{next(names).title()} {next(names).title()}"
    return Placed(whose, number, UUID(int=random.getrandbits(128), version=4), customer, lines)


def arrange(connection: Connection, random: Random) -> None:
    """The shop's goods, the people, and the orders."""
    desk = Desk.drawn(random)
    copy_into(connection, tables(random, "S"))
    put_in(connection, desk.people)
    ines, otto, bo = desk.people
    for seller in (ines, otto):
        connection.execute("insert into accounts_membership (user_id, brand_id) values (%s, %s)", [seller.id, OWN])
    for order in desk.orders:
        _put_order(connection, order, bo)


def _put_order(connection: Connection, order: Placed, buyer: Person) -> None:
    connection.execute(
        "insert into orders_order (id, public_id, buyer_id, status, placed_at, name, street, postcode, city, currency,"
        " subtotal, total) values (%s, %s, %s, 'paid', '2019-05-06 07:08:09Z', %s, 'Lane 1', '10115', 'Berlin', 'EUR',"
        " 20, 20)",
        [order.id, order.public, buyer.id, order.customer],
    )
    for place, line in enumerate(order.lines):
        connection.execute(
            "insert into orders_orderline (order_id, variant_id, brand_id, sku, name, unit_price, quantity)"
            " values (%s, %s, %s, %s, %s, 10, 1)",
            [order.id, 50 + place, line.brand, line.sku, line.name],
        )


def observe(run: Run) -> Observations:
    """What everybody is told at every door, then what everybody can change."""
    desk = Desk.drawn(run.seed.random("arrange"))
    ines, otto, bo = (person.visitor() for person in desk.people)
    # A seller who works with a program of her own: what she asks with tells nothing of itself.
    ines.headers = BARE
    people = {"ines": ines, "otto": otto, "bo": bo, "guest": Visitor({"csrftoken": "x" * 32})}
    run.progress(1, 2, "every door, by everybody")
    with run.guest() as guest:
        told = access.observe(guest, people, _looking(desk), lambda connection: _facts(connection, desk))
        run.progress(2, 2, "changes")
        changed = [_change(guest, people, desk, step) for step in steps(desk)]
    return Observations(
        seen={"asks-for-whom": shape.observe(run.changed, ASKS), "patches-framework": shape.patches(run.changed)},
        answered={"told": told, "changed": {"kind": "changes", "steps": changed}},
    )


def _looking(desk: Desk) -> Iterator[Attempt]:
    """All doors that only tell. The first words are the sellers' own, the last what is not for them."""
    for person in ("ines", "otto", "bo", "guest"):
        for order in desk.orders:
            for door, address in (("page", order.page), ("invoice", f"{order.page}invoice/")):
                yield _attempt(door, person, order.whose, address, _words(order))
        everything = [*desk.own.words(OWN)[:1], *desk.shared.words(OWN)[:1]]
        hidden = [*desk.shared.words(OTHER), *desk.foreign.words(OTHER), desk.foreign.customer]
        for door, address in (("list", "/desk/"), ("status", "/desk/?status=paid"), ("export", "/desk/orders.csv")):
            yield _attempt(door, person, "all", address, [*everything, *hidden])
        for order in desk.orders:
            yield _attempt("number", person, order.whose, f"/desk/?q={str(order.public)[:8]}", [str(order.public)])
        for order, brand in ((desk.own, OWN), (desk.shared, OTHER), (desk.foreign, OTHER)):
            address = f"/desk/?q={order.words(brand)[1]}"
            whose = "own" if brand == OWN else "foreign"
            yield _attempt("article", person, whose, address, [str(order.public)])


def _words(order: Placed) -> list[str]:
    hidden = [*order.words(OTHER), *([order.customer] if order.whose == "foreign" else [])]
    return [*(order.words(OWN)[:1] or ["-"]), "-", *hidden]


def _attempt(door: str, person: str, whose: str, address: str, words: list[str]) -> Attempt:
    return Attempt(
        door=door,
        person=person,
        whose=whose,
        request=lambda visitor: visitor.request("GET", address),
        words=[word if word != "-" else "no such word in any answer" for word in words],
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
    request: Request = person.posting(f"{step.order.page}edit/", step.fields)
    answer = person.finish(guest, request).answer
    with patience.arranging(guest) as connection:
        return {"step": step.name, "person": step.person, "status": answer.status, "facts": _facts(connection, desk)}


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
