"""SH9: the goods that the judge puts into the shop, shelf by shelf, and how it stirs them while nobody looks.

A shelf is a category. All lie in one database, beside some two thousand other products. Each differs from the plain one
in one thing; the deep one has so many variants and reviews a product that joining both makes a crowd of rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, LiteralString
from urllib.parse import urlencode

from psycopg import Cursor

from djudge.engine.probes import patience
from djudge.engine.run import Connection

from ..data import copy_into, tables

LIST = "/products/"
PAGE_SIZE = 24
#: So many products at most come to a shelf while it is stirred.
COMING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A category and what stands in it: so many products, brands and tags among them, and children of each product.

    The odd one holds everything that makes numbers differ; `brand` and `tag` are the slugs of one of each in it.
    """

    slug: str
    products: int = PAGE_SIZE
    brands: int = 1
    tags: int = 2
    variants: int = 2
    reviews: int = 2
    odd: bool = False
    brand: str = ""
    tag: str = ""

    @property
    def target(self) -> str:
        """Its first page."""
        return address(category=self.slug)

    @property
    def needs(self) -> dict[str, int]:
        """Rows of each table that nobody can do without who works out its numbers anew."""
        return {
            "catalogue_product": self.products,
            "catalogue_product_tags": self.products * self.tags,
            "catalogue_variant": self.products * self.variants,
            "catalogue_rating": self.products * self.reviews,
        }


@dataclass(frozen=True, slots=True)
class Sample:
    """A shelf as a point on an axis. Its objects are the numbers' owners: brands and tags, whatever lies behind."""

    axis: str
    n: int
    shelf: Shelf

    @property
    def target(self) -> str:
        """The page to ask for."""
        return self.shelf.target

    @property
    def objects(self) -> int:
        """Brands and tags that the sidebar names."""
        return self.shelf.brands + self.shelf.tags

    @property
    def needs(self) -> dict[str, int]:
        """Rows that have to be read for it."""
        return self.shelf.needs


@dataclass(frozen=True, slots=True)
class Shelves:
    """All shelves of a run. Names and sizes come from the seed, so that no size gives a measurement away."""

    plain: Shelf
    many: Shelf
    brands: Shelf
    tags: Shelf
    deep: Shelf
    odd: Shelf

    @classmethod
    def drawn(cls, random: Random) -> "Shelves":
        """The shelves that belong to a seed."""
        names = words(random)
        plain = Shelf(slug=next(names))
        return cls(
            plain=plain,
            many=replace(plain, slug=next(names), products=random.randint(200, 240)),
            brands=replace(plain, slug=next(names), brands=random.randint(12, 16)),
            tags=replace(plain, slug=next(names), tags=random.randint(8, 11)),
            deep=replace(
                plain, slug=next(names), tags=4, variants=random.randint(26, 30), reviews=random.randint(46, 52)
            ),
            odd=replace(
                plain, slug=next(names), products=random.randint(26, 31), brands=5, tags=5, odd=True,
                brand=next(names), tag=next(names),
            ),
        )  # fmt: skip

    @property
    def all(self) -> list[Shelf]:
        """Every shelf once."""
        return [getattr(self, name) for name in self.__slots__]

    @property
    def samples(self) -> list[Sample]:
        """The points of the growth: two on each axis, the plain shelf being one of each."""
        plain = self.plain
        return [
            Sample("products that are counted", plain.products, plain),
            Sample("products that are counted", self.many.products, self.many),
            Sample("brands in the sidebar", plain.brands, plain),
            Sample("brands in the sidebar", self.brands.brands, self.brands),
            Sample("tags in the sidebar", plain.tags, plain),
            Sample("tags in the sidebar", self.tags.tags, self.tags),
            Sample("variants and reviews of a product", plain.variants + plain.reviews, plain),
            Sample("variants and reviews of a product", self.deep.variants + self.deep.reviews, self.deep),
        ]


def address(**query: str | int) -> str:
    """The list with these filters."""
    return f"{LIST}?{urlencode(query)}" if query else LIST


def fill(connection: Connection, random: Random) -> None:
    """The shop's own goods, and the shelves among them."""
    shelves = Shelves.drawn(random)
    names = words(random)
    order = shelves.all
    random.shuffle(order)
    with connection.transaction(), connection.cursor() as cursor:
        copy_into(connection, tables(random, "S"))
        for shelf in order:
            _Filling(cursor, random, names).fill(shelf)


def stir(connection: Connection, shelf: Shelf, word: str) -> None:
    """Change the numbers of a shelf's sidebar: what a process knew before is of no use.

    New products come, like some that are there, with stock of their own, and one that is there is reviewed; how many,
    and like which, comes from the word. Nothing is updated: index scans read the entries of dead rows again and again,
    and that would look like reads without a statement.
    """
    with connection.transaction():
        found = connection.execute(LIKE, {"shelf": shelf.slug, "word": word}).rowcount
        patience.require_rows(found, shelf.products, "the catalogue")
        for statement in STIRRED:
            connection.execute(statement, {"word": word, "most": COMING})


#: What lies on the shelf, in an order that the word decides, with the number of the product that may come.
LIKE: LiteralString = """
create temporary table stirred on commit drop as
select product.*, left(md5(%(word)s || product.id), 16) as code,
    row_number() over (order by md5(%(word)s || product.id), product.id) as place
from public.catalogue_product product
join public.catalogue_category category on category.id = product.category_id where category.slug = %(shelf)s
"""

STIRRED: tuple[LiteralString, ...] = (
    "delete from stirred where place > 1 + ('x' || left(md5(%(word)s), 2))::bit(8)::int %% %(most)s::int",
    "insert into public.catalogue_product"
    " (sku, name, slug, category_id, brand_id, price, currency, published, added_at)"
    " select code, name || ' II', code, category_id, brand_id, price, currency, published, added_at from stirred",
    "insert into public.catalogue_product_tags (product_id, tag_id) select product.id, worn.tag_id from stirred"
    " join public.catalogue_product product on product.sku = code"
    " join public.catalogue_product_tags worn on worn.product_id = stirred.id",
    "insert into public.catalogue_variant (product_id, sku, name, stock) select product.id, code || number,"
    " 'No. ' || number, 1 + ('x' || left(code, 2))::bit(8)::int %% 9 from stirred"
    " join public.catalogue_product product on product.sku = code, generate_series(1, 2) number",
    "insert into public.catalogue_rating (product_id, stars, author, text, created_at)"
    " select id, 4, 'Ines', '', '2019-06-01T12:00:00Z' from stirred,"
    " generate_series(1, 2 + ('x' || left(md5('r' || %(word)s), 2))::bit(8)::int %% 5) where place = 1",
)


class _Filling:
    """Fills shelves, row by row, in one transaction of the caller's."""

    def __init__(self, cursor: Cursor[tuple[Any, ...]], random: Random, names: Iterator[str]) -> None:
        self._cursor = cursor
        self._random = random
        self._words = names

    def fill(self, shelf: Shelf) -> None:
        """The category, its brands and tags, and every product with its children."""
        category = self._insert("category", name=shelf.slug.title(), slug=shelf.slug)
        if shelf.odd:
            below = next(self._words)
            category = self._insert("category", name=below.title(), slug=below, parent_id=category)
        brands = [self._named("brand", word) for word in self._some(shelf.brands, shelf.brand)]
        tags = [self._named("tag", word) for word in self._some(shelf.tags, shelf.tag)]
        for number in range(shelf.products):
            product = self._product(shelf, category, brands[number % len(brands)], number)
            self._children(shelf, product, tags, number)

    def _product(self, shelf: Shelf, category: int, brand: int, number: int) -> int:
        word = next(self._words)
        return self._insert(
            "product",
            sku=f"{word[:4].upper()}-{self._random.randrange(10**8):08}",
            name=f"{word.title()} {next(self._words)}",
            slug=f"{word}-{number}",
            category_id=category,
            brand_id=brand,
            price=Decimal(self._random.randrange(500, 9_000)) / 100,
            currency="EUR",
            published=not (shelf.odd and number % 6 == 4),
            added_at=datetime(2019, 3, 1, 8, tzinfo=UTC) + timedelta(minutes=self._random.randrange(100_000)),
        )

    def _children(self, shelf: Shelf, product: int, tags: list[int], number: int) -> None:
        """Of the odd shelf: any number of each, also none; every fourth product has nothing in stock."""
        draw = self._random
        worn = tags if not shelf.odd else draw.sample(tags, (0, 1, 2, 3, len(tags))[number % 5])
        for tag in worn:
            self._insert("product_tags", product_id=product, tag_id=tag)
        for place in range(draw.randint(0, 4) if shelf.odd else shelf.variants):
            stock = 0 if shelf.odd and (number % 4 == 3 or draw.random() < 0.3) else draw.randint(1, 9)
            self._insert("variant", product_id=product, sku=f"V{product}-{place}", name=f"No. {place + 1}", stock=stock)
        for _ in range(draw.randint(0, 6) if shelf.odd else shelf.reviews):
            self._insert(
                "rating", product_id=product, stars=draw.randint(1, 5), author="Ada",
                created_at=datetime(2019, 4, 1, tzinfo=UTC) + timedelta(minutes=draw.randrange(50_000)),
            )  # fmt: skip

    def _some(self, number: int, first: str) -> list[str]:
        """So many words; the first is given, or new as well."""
        return [first or next(self._words), *(next(self._words) for _ in range(number - 1))]

    def _named(self, table: str, word: str) -> int:
        return self._insert(table, name=word.title(), slug=word)

    def _insert(self, table: str, **values: object) -> int:
        columns, places = ", ".join(values), ", ".join(["%s"] * len(values))
        self._cursor.execute(
            f"insert into catalogue_{table} ({columns}) values ({places}) returning id", list(values.values())
        )
        return self._cursor.fetchone()[0]


def words(random: Random) -> Iterator[str]:
    """Words that nobody has seen before, each once: the names on the shelves."""
    used: set[str] = set()
    while True:
        syllables = random.randint(2, 4)
        word = "".join(random.choice("bdfgklmnprstvz") + random.choice("aeiou") for _ in range(syllables))
        word += random.choice("nrls") + random.choice("aeo") * random.randint(0, 1)
        if word not in used:
            used.add(word)
            yield word
