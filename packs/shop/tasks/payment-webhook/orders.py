"""SH7: orders that wait for their payment, put into the shop by the judge, and what the tables say of them."""

from dataclasses import dataclass
from random import Random

from djudge.engine.run import Connection
from djudge.engine.values import Json

from ..people import Person, drawn

COUNT = 40
STOCK = 5
TAKEN = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that waits, and its payment. `cents` can be divided by four."""

    id: int
    payment: str
    cents: int
    variant: int

    def part(self, quarters: int) -> str:
        """So many quarters of the amount."""
        return f"{self.cents * quarters // 400}.{self.cents * quarters // 4 % 100:02}"


def waiting(random: Random) -> tuple[Person, list[Waiting]]:
    """The buyer and the orders of a seed. Variants lie far enough apart to be of different products."""
    (buyer,) = drawn(random, 1)
    ids = random.sample(range(100_000, 900_000), COUNT)
    variants = random.sample(range(40, 2000, 20), COUNT)
    return buyer, [
        Waiting(number, f"pay_{random.getrandbits(64):016x}", 4 * random.randrange(1000, 3000), variant)
        for number, variant in zip(ids, variants, strict=True)
    ]


def put_in(connection: Connection, buyer: Person, orders: list[Waiting]) -> None:
    """Rows of all tables that belong to the orders."""
    for one in orders:
        values = {
            "id": one.id, "buyer": buyer.id, "total": one.part(4), "variant": one.variant, "payment": one.payment,
            "taken": TAKEN, "stock": STOCK, "public": f"{one.id:08}-0000-4000-8000-{one.id:012}",
        }  # fmt: skip
        for statement in ROWS:
            connection.execute(statement.encode(), values)


ROWS = (
    "update catalogue_variant set stock = %(stock)s where id = %(variant)s",
    "insert into orders_order (id, public_id, buyer_id, status, placed_at, name, street, postcode, city, country, code,"
    " currency, subtotal, discount, total) values (%(id)s, %(public)s, %(buyer)s, 'placed', '2019-11-01 12:00+00',"
    " 'Bo Buyer', 'Long Lane 3', '10115', 'Berlin', 'DE', '', 'EUR', %(total)s, 0, %(total)s)",
    "insert into orders_orderline (id, order_id, variant_id, brand_id, sku, name, unit_price, quantity, tracking)"
    " values (%(id)s, %(id)s, %(variant)s, 1, 'SH', 'Goods', %(total)s::numeric / 2, %(taken)s, '')",
    "insert into orders_reservation (id, order_id, variant_id, quantity, expires_at, state)"
    " values (%(id)s, %(id)s, %(variant)s, %(taken)s, '2019-11-01 12:20+00', 'held')",
    "insert into orders_orderevent (id, order_id, before, after, by_id, at)"
    " values (%(id)s, %(id)s, '', 'placed', %(buyer)s, '2019-11-01 12:00+00')",
    "insert into payments_payment (id, order_id, provider_id, pay_url, status, amount, refunded, created_at)"
    " values (%(id)s, %(id)s, %(payment)s, '', 'started', %(total)s, 0, '2019-11-01 12:01+00')",
)


def facts(connection: Connection, one: Waiting) -> Json:
    """What holds for an order: payment, what went back, order, its steps, what is held, what lies on the shelf."""
    row = connection.execute(FACTS, {"id": one.id}).fetchone()
    if row is None:
        return None
    payment, refunded, order, steps, held, stock = row
    return {
        "payment": payment,
        "refunded": f"{4 * refunded / one.cents:.2f} quarters",
        "order": order,
        "steps": list(steps[:20]),
        "held": held,
        "shelf": stock - STOCK,
    }


FACTS = b"""
select payment.status, (payment.refunded * 100)::int, o.status,
  array(select after::text from orders_orderevent event where event.order_id = o.id order by at, event.id),
  (select state from orders_reservation where order_id = o.id),
  (select stock from catalogue_variant variant join orders_reservation held on held.variant_id = variant.id
   where held.order_id = o.id)
from orders_order o join payments_payment payment on payment.order_id = o.id where o.id = %(id)s
"""


def kept(connection: Connection, *ids: str) -> int:
    """How many of these messages lie in the table of messages."""
    row = connection.execute(
        b"select count(*) from payments_providerevent where event_id = any(%s)", [list(ids)]
    ).fetchone()
    return int(row[0]) if row else 0
