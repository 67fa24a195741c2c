"""SH3: the shop of a seed: who buys what, who bought what in other years, and how all of it is put into the tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from random import Random
from uuid import UUID

from djudge.engine.run import Connection

from ..people import Person, drawn, put_in
from .ledger import Amounts, Sold, amounts_of, written
from .purchases import COUNTRIES, Drawing, Goods, Purchase

STOCK = 10_000
BRANDS = 4

COUNTED = ("paid", "packed", "sent", "delivered")
OTHERS = ("placed", "cancelled", "expired", "refunded")
CURRENCIES = ("EUR", "CHF", "GBP")

#: What has to be called so for three to cost what two do.
MARK = "3-for-2"


@dataclass(frozen=True, slots=True)
class Past:
    """An order of another year."""

    number: int
    public: UUID
    buyer: Person
    status: str
    placed_at: datetime
    currency: str
    percent: int
    goods: tuple[Goods, ...]
    sold: tuple[Sold, ...]
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything of a seed. `few` and `many` bought in other years, `late` wants more than there is."""

    drawing: Drawing
    purchases: list[Purchase]
    buyers: list[Person]
    addresses: list[dict[str, str]]
    few: Person
    many: Person
    late: Person
    scarce: tuple[Goods, Goods]
    year: int
    past: list[Past]
    tokens: Random

    @classmethod
    def drawn(cls, random: Random) -> "Shop":
        """The shop that belongs to a seed."""
        drawing = Drawing(random)
        purchases = drawing.purchases()
        *buyers, few, many, late = drawn(random, len(purchases) + 3)
        year = random.randint(2011, 2018)
        return cls(
            drawing=drawing,
            purchases=purchases,
            buyers=buyers,
            addresses=[_address(drawing, purchase.country) for purchase in purchases],
            few=few,
            many=many,
            late=late,
            scarce=(drawing.goods(random.randint(300, 900)), drawing.goods(random.randint(300, 900))),
            year=year,
            past=list(_past(drawing, few, many, year)),
            tokens=Random(random.getrandbits(64)),
        )

    @property
    def goods(self) -> list[Goods]:
        """All articles, each once."""
        bought = (one for purchase in self.purchases for one in purchase.goods)
        before = (one for order in self.past for one in order.goods)
        return [*{one.number: one for one in (*bought, *self.scarce, *before)}.values()]

    def spent(self, person: Person, year: int) -> dict[str, list[str]]:
        """What somebody spent in a year: by currency the orders, then subtotal, discount, total and tax."""
        found: dict[str, list[int]] = {}
        for one in self.past:
            if one.buyer is person and one.placed_at.year == year and one.status in COUNTED:
                row = found.setdefault(one.currency, [0] * 5)
                amounts = (1, one.amounts.subtotal, one.amounts.discount, one.amounts.total, one.amounts.tax)
                found[one.currency] = [sum(pair) for pair in zip(row, amounts, strict=True)]
        return {name: [str(row[0]), *map(written, row[1:])] for name, row in found.items()}


def _address(drawing: Drawing, country: str) -> dict[str, str]:
    random = drawing.random
    return {
        "name": f"{drawing.word().title()} {drawing.word().title()}",
        "street": f"{drawing.word().title()} {random.randint(1, 90)}",
        "postcode": f"{random.randint(1_000, 99_999):05}",
        "city": drawing.word().title(),
        "country": country,
    }


def _past(drawing: Drawing, few: Person, many: Person, year: int) -> Iterator[Past]:
    """An order a currency for one, dozens for the other, and for both what does not count or is of another year."""
    random = drawing.random
    numbers = count(random.randrange(1_000, 90_000))
    goods = tuple(drawing.goods(random.randint(10_000, 90_000)) for _ in range(6))

    def order(buyer: Person, currency: str, status: str, at: datetime) -> Past:
        chosen = tuple(random.sample(goods, random.randint(2, 4)))
        sold = tuple(Sold(one.sku, random.randint(99, 9_000), random.choice((1, 2, 3, 5))) for one in chosen)
        percent = random.choice(list(drawing.rates.values()))
        discount = random.choice((0, random.randint(1, sum(line.amount for line in sold) // 3)))
        public = UUID(int=random.getrandbits(128), version=4)
        amounts = amounts_of(sold, discount, percent)
        return Past(next(numbers), public, buyer, status, at, currency, percent, chosen, sold, amounts)

    def some_day() -> datetime:
        return datetime(year, random.randint(1, 12), random.randint(1, 28), random.randint(0, 23), tzinfo=UTC)

    edges = (datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC))
    outside = (datetime(year - 1, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
    for currency in CURRENCIES:
        yield order(few, currency, random.choice(COUNTED), some_day())
    for _ in range(random.randint(36, 48)):
        yield order(many, random.choice(CURRENCIES), random.choice(COUNTED), some_day())
    for person in (few, many):
        for status, at in zip(COUNTED, (*edges, *outside), strict=True):
            yield order(person, random.choice(CURRENCIES), status, at)
        for status in OTHERS:
            yield order(person, random.choice(CURRENCIES), status, some_day())


def arrange(connection: Connection, random: Random) -> None:
    """The goods, the people with their baskets, codes and rates, and the orders of other years."""
    shop = Shop.drawn(random)
    with connection.transaction():
        _put_goods(connection, shop)
        put_in(connection, [*shop.buyers, shop.few, shop.many, shop.late])
        _put_baskets(connection, shop)
        _put_rates_and_codes(connection, shop)
        for order in shop.past:
            _put_order(connection, order)


def _put_goods(connection: Connection, shop: Shop) -> None:
    word, tag = shop.drawing.word(), 1
    connection.execute("insert into catalogue_category (id, name, slug) values (1, %s, %s)", [word, word])
    connection.execute("insert into catalogue_tag (id, name, slug) values (1, %s, %s)", [MARK, MARK])
    for number in range(1, BRANDS + 1):
        name = shop.drawing.word()
        connection.execute("insert into catalogue_brand (id, name, slug) values (%s, %s, %s)", [number, name, name])
    every = shop.goods
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into catalogue_product (id, sku, name, slug, category_id, brand_id, price, currency, published,"
            " added_at) values (%s, %s, %s, %s, 1, %s, %s, 'EUR', true, '2009-03-01')",
            [
                [one.number, f"P{one.number}", one.name, one.name.replace(" ", "-"), 1 + one.number % BRANDS,
                 written(one.price + (777 if one.own_price else 0))]
                for one in every
            ],
        )  # fmt: skip
        cursor.executemany(
            "insert into catalogue_variant (id, product_id, sku, name, price_override, stock)"
            " values (%s, %s, %s, %s, %s, %s)",
            [
                [one.number, one.number, one.sku, one.size, written(one.price) if one.own_price else None,
                 1 if one in shop.scarce[1:] else STOCK]
                for one in every
            ],
        )  # fmt: skip
        cursor.executemany(
            "insert into catalogue_product_tags (product_id, tag_id) values (%s, %s)",
            [[one.number, tag] for one in every if one.marked],
        )


def _put_baskets(connection: Connection, shop: Shop) -> None:
    baskets = [
        (buyer, [(one.number, many) for one, many in zip(purchase.goods, purchase.quantities, strict=True)])
        for buyer, purchase in zip(shop.buyers, shop.purchases, strict=True)
    ]
    # Somebody whose second article is there only once.
    baskets.append((shop.late, [(shop.scarce[0].number, 2), (shop.scarce[1].number, 2)]))
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into basket_basket (id, owner_id) values (%s, %s)", [[buyer.id, buyer.id] for buyer, _ in baskets]
        )
        cursor.executemany(
            "insert into basket_basketline (basket_id, variant_id, quantity) values (%s, %s, %s)",
            [[buyer.id, number, many] for buyer, lines in baskets for number, many in lines],
        )


def _put_rates_and_codes(connection: Connection, shop: Shop) -> None:
    for country in COUNTRIES:
        percent = shop.drawing.rates[country]
        connection.execute("insert into orders_taxrate (country, percent) values (%s, %s)", [country, written(percent)])
    for purchase in shop.purchases:
        if purchase.code and purchase.twin_of < 0:
            code = purchase.code
            connection.execute(
                "insert into discounts_code (word, percent, amount) values (%s, %s, %s)",
                [code.word, written(code.percent) if code.percent else None,
                 written(code.amount) if code.amount else None],
            )  # fmt: skip


def _put_order(connection: Connection, order: Past) -> None:
    amounts = order.amounts
    connection.execute(
        "insert into orders_order (id, public_id, buyer_id, status, placed_at, name, street, postcode, city, country,"
        " currency, subtotal, discount, total, tax, tax_percent)"
        " values (%s, %s, %s, %s, %s, %s, %s, '10115', %s, 'DE', %s, %s, %s, %s, %s, %s)",
        [
            order.number, order.public, order.buyer.id, order.status, order.placed_at, "Ada Buyer", "Lane 3", "Berlin",
            order.currency, written(amounts.subtotal), written(amounts.discount), written(amounts.total),
            written(amounts.tax), written(order.percent),
        ],
    )  # fmt: skip
    for place, (goods, line) in enumerate(zip(order.goods, order.sold, strict=True)):
        connection.execute(
            "insert into orders_orderline (order_id, variant_id, brand_id, sku, name, unit_price, quantity, discount)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                order.number, goods.number, 1 + goods.number % BRANDS, goods.sku, f"{goods.name}, {goods.size}",
                written(line.price), line.quantity, written(amounts.shares[place]),
            ],
        )  # fmt: skip
