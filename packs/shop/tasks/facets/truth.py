"""SH9: the right numbers, by brute force: every product is looked at in plain Python, and counted once.

The rows are read over the judge's own connection. A judge compares with the truth of the reference solution's run, so
that a submission can't bend it by what it does to its own database.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from djudge.engine.run import Connection
from djudge.engine.values import Json

type Query = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Good:
    """A product that can be bought, with all that filters ask and numbers count."""

    name: str
    price: float
    category: int | None
    brand: str
    tags: frozenset[str]
    stocks: tuple[int, ...]
    reviews: int


@dataclass(frozen=True, slots=True)
class Shop:
    """All goods, and which category lies in which."""

    goods: tuple[Good, ...]
    slugs: Mapping[str, int]
    parents: Mapping[int, int | None]

    @classmethod
    def read(cls, connection: Connection) -> "Shop":
        """As it is in the database now; about 40 ms."""
        categories = _rows(connection, CATEGORIES)
        tags, stocks = _gathered(_rows(connection, TAGS)), _gathered(_rows(connection, STOCKS))
        reviews = dict(_rows(connection, REVIEWS))
        return cls(
            goods=tuple(
                Good(name, price or 0.0, category, brand, frozenset(tags[key]), tuple(stocks[key]), reviews.get(key, 0))
                for key, name, price, category, brand in _rows(connection, GOODS)
            ),
            slugs={slug: key for key, slug, _ in categories},
            parents={key: parent for key, _, parent in categories},
        )

    def numbers(self, query: Query) -> Json:
        """Each value of the sidebar of this page: kind, slug, products, variants, pieces in stock, reviews; sorted."""
        boxes: dict[tuple[str, str], list[Good]] = defaultdict(list)
        for good in self._passing(query, without="brand"):
            boxes["brand", good.brand].append(good)
        for good in self._passing(query, without="tag"):
            for tag in good.tags:
                boxes["tag", tag].append(good)
        for good in self._passing({**query, "in_stock": "on"}):
            boxes["in_stock", "on"].append(good)
        return [[*box, *_summed(goods)] for box, goods in sorted(boxes.items())]

    def _passing(self, query: Query, *, without: str = "") -> list[Good]:
        asked = {name: value for name, value in query.items() if name != without}
        return [good for good in self.goods if self._passes(good, asked)]

    def _passes(self, good: Good, asked: Query) -> bool:
        return all(
            (
                "category" not in asked or self._lies_in(good.category, self.slugs.get(str(asked["category"]))),
                str(asked.get("q", "")).lower() in good.name.lower(),
                asked.get("brand", good.brand) == good.brand,
                "tag" not in asked or asked["tag"] in good.tags,
                "price_from" not in asked or good.price >= int(asked["price_from"]),
                "price_to" not in asked or good.price <= int(asked["price_to"]),
                "in_stock" not in asked or any(stock > 0 for stock in good.stocks),
            )
        )

    def _lies_in(self, category: int | None, wanted: int | None) -> bool:
        for _ in self.parents:
            if category is None or category == wanted:
                break
            category = self.parents.get(category)
        return category is not None and category == wanted


#: What a submission's migrations made of the tables is cast to what Python can compare, and never more than this.
MOST = 100_000
CATEGORIES: LiteralString = """
select id::bigint, coalesce(slug, '')::text, parent_id::bigint from public.catalogue_category limit %(most)s
"""
GOODS: LiteralString = """
select product.id::bigint, coalesce(product.name, '')::text, product.price::float8, product.category_id::bigint,
    coalesce(brand.slug, '')::text
from public.catalogue_product product join public.catalogue_brand brand on brand.id = product.brand_id
where product.published limit %(most)s
"""
TAGS: LiteralString = """
select worn.product_id::bigint, coalesce(tag.slug, '')::text from public.catalogue_product_tags worn
join public.catalogue_tag tag on tag.id = worn.tag_id limit %(most)s
"""
STOCKS: LiteralString = """
select product_id::bigint, coalesce(stock, 0)::bigint from public.catalogue_variant limit %(most)s
"""
REVIEWS: LiteralString = """
select product_id::bigint, count(*) from public.catalogue_rating group by product_id limit %(most)s
"""


def _rows(connection: Connection, statement: LiteralString) -> list[tuple[Any, ...]]:
    return connection.execute(statement, {"most": MOST}).fetchall()


def _gathered(pairs: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _summed(goods: Sequence[Good]) -> list[int]:
    return [
        len(goods),
        sum(len(good.stocks) for good in goods),
        sum(sum(good.stocks) for good in goods),
        sum(good.reviews for good in goods),
    ]
