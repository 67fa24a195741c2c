"""People and orders, invented, for the goods of `catalogue/generator.py`: for `manage.py generate` and for the judge.

Pure standard library, loaded by its path like the goods' generator, whose `Table` is handed in. All depends on the
`Random` given. Nobody can sign in until `manage.py make_people` gives passwords.
"""

from __future__ import annotations

import random as randomness
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

type Row = tuple[object, ...]

OPENED = datetime(2019, 10, 1, 9, tzinfo=UTC)
NO_PASSWORD = "!nobody signs in with this"  # noqa: S105

#: The way of an order to each status that it can be at.
WAYS: dict[str, tuple[str, ...]] = {
    "placed": (),
    "paid": ("paid",),
    "packed": ("paid", "packed"),
    "sent": ("paid", "packed", "sent"),
    "delivered": ("paid", "packed", "sent", "delivered"),
    "cancelled": ("cancelled",),
    "expired": ("expired",),
    "refunded": ("paid", "refunded"),
}
#: How often each occurs.
STATUSES = ("delivered",) * 8 + ("sent",) * 3 + ("packed", "placed", "paid", "expired", "cancelled", "refunded")

#: How many orders at each size of the goods, and of how many variants, the oldest first.
ORDERS = {"S": 200, "M": 5_000}
ON_OFFER = 400

FIRST = ("Ada", "Bo", "Cy", "Dov", "Eva", "Fay", "Gus", "Hal", "Ida", "Jan", "Kim", "Lou", "Max", "Noa", "Ole", "Pia")
LAST = ("Arndt", "Bauer", "Costa", "Duarte", "Eriksen", "Fischer", "Grün", "Haas", "Ito", "Jung", "Kaya", "Lind")
CITIES = (("10115", "Berlin"), ("20095", "Hamburg"), ("50667", "Köln"), ("80331", "München"), ("04109", "Leipzig"))


@dataclass(frozen=True, slots=True)
class Goods:
    """A variant as it is sold: its numbers, its names and its price."""

    variant: int
    brand: int
    sku: str
    name: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """One order as all tables need it."""

    id: int
    buyer: int
    status: str
    placed_at: datetime
    lines: tuple[tuple[Goods, int], ...]

    @property
    def total(self) -> Decimal:
        return sum((goods.price * quantity for goods, quantity in self.lines), Decimal(0))


def goods_of(tables: Iterable[Any], most: int = ON_OFFER) -> list[Goods]:
    """The first variants that can be bought, out of the goods' tables. Keeps the products in memory meanwhile."""
    products: dict[object, dict[str, Any]] = {}
    for table in tables:
        if table.name == "catalogue_product":
            products = {row["id"]: row for row in _named(table)}
        elif table.name == "catalogue_variant":
            return list(islice(_on_offer(products, _named(table)), most))
    raise ValueError("There are no goods among these tables.")


def _named(table: Any) -> Iterator[dict[str, Any]]:
    return (dict(zip(table.columns, row, strict=True)) for row in table.rows)


def _on_offer(products: dict[object, dict[str, Any]], variants: Iterator[dict[str, Any]]) -> Iterator[Goods]:
    for variant in variants:
        product = products[variant["product_id"]]
        if product["published"]:
            own, name = variant["price_override"], f"{product['name']}, {variant['name']}"
            price = product["price"] if own is None else own
            yield Goods(variant["id"], product["brand_id"], variant["sku"], name[:300], price)


def tables(random: randomness.Random, goods: list[Goods], brands: int, orders: int, table: Callable[..., Any]) -> Any:
    """Users, memberships, codes and orders with all that belongs to them, in an order in which rows find each other.

    One seller for each of the first brands, and as many buyers; `goods` are what can be ordered.
    """
    sellers = min(brands, 20)
    made = [_order(random, number, sellers, goods) for number in range(1, orders + 1)]
    people, addresses = randomness.Random(random.getrandbits(64)), randomness.Random(random.getrandbits(64))
    yield table("auth_user", USER, _users(people, 2 * sellers))
    yield table("accounts_membership", ("id", "user_id", "brand_id"), ((n, n, n) for n in range(1, sellers + 1)))
    yield table("discounts_code", CODE, iter(CODES))
    yield table("orders_order", ORDER, (_order_row(addresses, order) for order in made))
    yield table("orders_orderline", LINE, _numbered(made, _lines))
    yield table("orders_reservation", RESERVATION, _numbered(made, _reservations))
    yield table("orders_orderevent", EVENT, _numbered(made, _events))
    yield table("payments_payment", PAYMENT, _numbered(made, _payments))


USER = (
    "id", "username", "password", "is_superuser", "is_staff", "is_active", "first_name", "last_name", "email",
    "date_joined",
)  # fmt: skip
CODE = ("id", "word", "percent", "amount", "minimum", "first_day", "last_day")
CODES: tuple[Row, ...] = (
    (1, "WELCOME5", None, Decimal("5.00"), Decimal("25.00"), None, None),
    (2, "AUTUMN10", Decimal("10.00"), None, Decimal("0.00"), None, None),
    (3, "FAIR2019", Decimal("15.00"), None, Decimal("50.00"), "2019-09-01", "2019-09-30"),
)
ORDER = (
    "id", "public_id", "buyer_id", "status", "placed_at", "name", "street", "postcode", "city", "country", "code",
    "currency", "subtotal", "discount", "total",
)  # fmt: skip
LINE = ("id", "order_id", "variant_id", "brand_id", "sku", "name", "unit_price", "quantity", "tracking")
RESERVATION = ("id", "order_id", "variant_id", "quantity", "expires_at", "state")
EVENT = ("id", "order_id", "before", "after", "by_id", "at")
PAYMENT = ("id", "order_id", "provider_id", "pay_url", "status", "amount", "refunded", "created_at")


def _users(random: randomness.Random, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        first, last = random.choice(FIRST), random.choice(LAST)
        name = f"{first.lower()}{number}"
        yield number, name, NO_PASSWORD, False, False, True, first, last, f"{name}@example.org", OPENED


def _order(random: randomness.Random, number: int, sellers: int, goods: list[Goods]) -> Order:
    chosen = random.sample(goods, random.choice((1, 1, 2, 2, 3, 5)))
    return Order(
        id=number,
        buyer=sellers + 1 + random.randrange(sellers),
        status=random.choice(STATUSES),
        placed_at=OPENED + timedelta(minutes=37 * number + random.randrange(30)),
        lines=tuple((one, random.choice((1, 1, 1, 2, 3))) for one in chosen),
    )


def _order_row(random: randomness.Random, order: Order) -> Row:
    postcode, city = random.choice(CITIES)
    name = f"{random.choice(FIRST)} {random.choice(LAST)}"
    return (
        order.id, uuid.UUID(int=random.getrandbits(128), version=4), order.buyer, order.status, order.placed_at, name,
        f"Long Lane {random.randrange(1, 90)}", postcode, city, "DE", "", "EUR", order.total, Decimal(0), order.total,
    )  # fmt: skip


def _numbered(orders: list[Order], rows_of: Callable[[Order], Iterator[Row]]) -> Iterator[Row]:
    rows = (row for order in orders for row in rows_of(order))
    return ((number, *row) for number, row in enumerate(rows, start=1))


def _lines(order: Order) -> Iterator[Row]:
    sent = order.status in ("sent", "delivered")
    for goods, quantity in order.lines:
        tracking = f"DE{order.id:08}" if sent else ""
        yield order.id, goods.variant, goods.brand, goods.sku, goods.name, goods.price, quantity, tracking


def _reservations(order: Order) -> Iterator[Row]:
    state = "released" if order.status in ("cancelled", "expired", "refunded") else "taken"
    until = order.placed_at + timedelta(minutes=20)
    for goods, quantity in order.lines:
        yield order.id, goods.variant, quantity, until, "held" if order.status == "placed" else state


def _events(order: Order) -> Iterator[Row]:
    before, moment = "", order.placed_at
    for after in ("placed", *WAYS[order.status]):
        yield order.id, before, after, None, moment
        before, moment = after, moment + timedelta(hours=5)


def _payments(order: Order) -> Iterator[Row]:
    if "paid" in WAYS[order.status]:
        refunded = order.total if order.status == "refunded" else Decimal(0)
        status = "refunded" if refunded else "paid"
        yield order.id, f"pay_{order.id:08}", "", status, order.total, refunded, order.placed_at
