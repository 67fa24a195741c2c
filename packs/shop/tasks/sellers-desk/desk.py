"""SH5: the sellers, the buyer and the orders of a seed, and how they are put into the shop."""

from dataclasses import dataclass
from itertools import count
from random import Random
from uuid import UUID

from djudge.engine.run import Connection

from ..data import copy_into, tables
from ..people import Person, drawn, put_in, words

#: Numbers of brands whose goods are ordered: the sellers' own, another's, and that of a seller with one order.
OWN, OTHER, SINGLE = 3, 7, 11

#: Older orders of the sellers', all delivered: more than a page of the list holds.
OLDER = 32


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
    status: str
    day: str

    def words(self, brand: int) -> list[str]:
        """Words that tell a line of this brand."""
        return [word for line in self.lines if line.brand == brand for word in (line.name, line.sku)]

    @property
    def name(self) -> str:
        """The name of what was bought first."""
        return self.lines[0].name

    @property
    def page(self) -> str:
        """Its page at the desk."""
        return f"/desk/orders/{self.public}/"


@dataclass(frozen=True, slots=True)
class Desk:
    """The people and the orders of a seed: `older` newest first, `torn` for changes of which one half fails."""

    people: list[Person]
    own: Placed
    shared: Placed
    foreign: Placed
    older: list[Placed]
    torn: tuple[Placed, Placed]
    single: Placed
    tracking: list[str]

    @classmethod
    def drawn(cls, random: Random) -> "Desk":
        """Two sellers of one brand, a buyer, a seller with one order, and what was ordered."""
        people, drawing = drawn(random, 4), _Drawing(random)
        days = (f"2018-{12 - place // 28:02}-{28 - place % 28:02}" for place in range(OLDER))
        tracking = [f"T{random.randrange(10**9):09}" for _ in range(9)]
        return cls(
            people=people,
            own=drawing.order("own", OWN),
            shared=drawing.order("shared", OWN, OTHER),
            foreign=drawing.order("foreign", OTHER),
            older=[drawing.order("own", OWN, status="delivered", day=day) for day in days],
            torn=(drawing.order("own", OWN), drawing.order("own", OWN)),
            single=drawing.order("single", SINGLE),
            tracking=tracking,
        )

    @property
    def orders(self) -> tuple[Placed, ...]:
        """Those that are tried one by one: an own, a shared, a foreign one."""
        return self.own, self.shared, self.foreign


class _Drawing:
    """Draws orders of which no number and no word comes twice."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._names = words(random)
        self._numbers = count(random.randrange(1_000, 900_000))

    def order(self, whose: str, *brands: int, status: str = "paid", day: str = "2019-05-06") -> Placed:
        """One order with a line of each brand."""
        customer = self._named().title()
        lines = tuple(Line(brand, f"SH-{self._random.randrange(10**6):06}-01", self._named()) for brand in brands)
        public = UUID(int=self._random.getrandbits(128), version=4)
        return Placed(whose, next(self._numbers), public, customer, lines, status, day)

    def _named(self) -> str:
        return f"{next(self._names)} {next(self._names)}"


def arrange(connection: Connection, random: Random) -> None:
    """The shop's goods, the people, and the orders."""
    desk = Desk.drawn(random)
    copy_into(connection, tables(random, "S"))
    put_in(connection, desk.people)
    ines, otto, bo, solo = desk.people
    for seller, brand in ((ines, OWN), (otto, OWN), (solo, SINGLE)):
        connection.execute("insert into accounts_membership (user_id, brand_id) values (%s, %s)", [seller.id, brand])
    for order in (*desk.orders, desk.single, *desk.torn, *desk.older):
        _put_order(connection, order, bo)


def _put_order(connection: Connection, order: Placed, buyer: Person) -> None:
    connection.execute(
        "insert into orders_order (id, public_id, buyer_id, status, placed_at, name, street, postcode, city, currency,"
        " subtotal, total) values (%s, %s, %s, %s, %s, %s, 'Lane 1', '10115', 'Berlin', 'EUR', 20, 20)",
        [order.id, order.public, buyer.id, order.status, f"{order.day} 07:08:09Z", order.customer],
    )
    for place, line in enumerate(order.lines):
        connection.execute(
            "insert into orders_orderline (order_id, variant_id, brand_id, sku, name, unit_price, quantity)"
            " values (%s, %s, %s, %s, %s, 10, 1)",
            [order.id, 50 + place, line.brand, line.sku, line.name],
        )
