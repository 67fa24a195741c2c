"""SH4: what is measured. Shelves of known sizes are put into the shop, and each is looked at by a fresh process.

A shelf is a category. All shelves lie in one database, beside some two thousand other products, so that what is read
beyond a page shows; each differs from the plain one in one relation, so that a loop over that relation shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, LiteralString
from urllib.parse import urlencode

from psycopg import Cursor

from djudge.engine.probes import contract, growth, patience, shape
from djudge.engine.run import BARE, Connection, Run, RunningGuest
from djudge.engine.values import Observations

from ..data import copy_into, tables

PAGE_SIZE = 24
LIST = "/products/"

READER = contract.PageReader(
    card="article.product",
    fields={
        "sku": "@data-sku",
        "name": ".name",
        "brand": ".brand",
        "amount": ".price@data-amount",
        "currency": ".price@data-currency",
        "image": "img.main@src",
        "tags": ".tags li[]",
        "average": ".rating@data-average",
        "ratings": ".rating@data-count",
    },
    facts={"total": ".total@data-total", "page": ".pages@data-page", "pages": ".pages@data-pages"},
)

#: Names by which code looks at what it runs on.
ASKS = ("settings_dict", "gethostname", "getpid", "getppid", "getuser", "get_dsn_parameters")

#: What would be SQL by hand instead of the ORM.
RAW_SQL = ("raw", "RawSQL", "cursor", "execute", "executemany", "extra")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A category and what stands in it: so many products, brands among them, and children of each product.

    `brand` and `tag` are the slugs of one brand and one tag in it, where a filter asks for them.
    """

    slug: str
    products: int = PAGE_SIZE
    brands: int = 1
    images: int = 1
    tags: int = 1
    ratings: int = 2
    odd: bool = False
    brand: str = ""
    tag: str = ""

    @property
    def target(self) -> str:
        """Its first page."""
        return f"{LIST}?{urlencode({'category': self.slug})}"

    @property
    def shown(self) -> int:
        """How many products are on its first page."""
        return min(self.products, PAGE_SIZE)

    @property
    def objects(self) -> int:
        """Rows that belong to its first page."""
        return self.shown * (1 + self.images + self.tags + self.ratings) + min(self.brands, self.shown)

    @property
    def needs(self) -> dict[str, int]:
        """Rows of each table that nobody can do without who makes the first page anew."""
        return {
            "catalogue_product": self.shown,
            "catalogue_brand": min(self.brands, self.shown),
            "catalogue_productimage": self.shown,
            "catalogue_product_tags": self.shown * self.tags,
            "catalogue_tag": self.tags,
            "catalogue_rating": self.shown * self.ratings,
        }


@dataclass(frozen=True, slots=True)
class Sample:
    """A shelf as a point on an axis."""

    axis: str
    n: int
    shelf: Shelf

    @property
    def target(self) -> str:
        """The page to ask for."""
        return self.shelf.target

    @property
    def objects(self) -> int:
        """Rows that belong to the page."""
        return self.shelf.objects

    @property
    def needs(self) -> dict[str, int]:
        """Rows that have to be read for it."""
        return self.shelf.needs


@dataclass(frozen=True, slots=True)
class Shelves:
    """All shelves of a run. Names and sizes come from the seed, so that no size gives a measurement away."""

    plain: Shelf
    few: Shelf
    many: Shelf
    brands: Shelf
    images: Shelf
    tags: Shelf
    ratings: Shelf
    odd: Shelf

    @classmethod
    def drawn(cls, random: Random) -> "Shelves":
        """The shelves that belong to a seed."""
        names = words(random)
        plain = Shelf(slug=next(names))
        return cls(
            plain=plain,
            few=replace(plain, slug=next(names), products=random.randint(4, 7)),
            many=replace(plain, slug=next(names), products=random.randint(200, 260)),
            brands=replace(plain, slug=next(names), brands=PAGE_SIZE),
            images=replace(plain, slug=next(names), images=random.randint(7, 9)),
            tags=replace(plain, slug=next(names), tags=random.randint(7, 9)),
            ratings=replace(plain, slug=next(names), ratings=random.randint(36, 44)),
            odd=replace(
                plain, slug=next(names), products=17, brands=5, images=3, tags=4, ratings=5, odd=True,
                brand=next(names), tag=next(names),
            ),
        )  # fmt: skip

    @property
    def all(self) -> list[Shelf]:
        """Every shelf once."""
        return [getattr(self, name) for name in self.__slots__]

    @property
    def samples(self) -> list[Sample]:
        """The points of the growth: two on each axis, the plain shelf being one of nearly all."""
        plain = self.plain
        return [
            Sample("products on the page", self.few.products, self.few),
            Sample("products on the page", plain.products, plain),
            Sample("products on all pages", plain.products, plain),
            Sample("products on all pages", self.many.products, self.many),
            Sample("brands on the page", plain.brands, plain),
            Sample("brands on the page", self.brands.brands, self.brands),
            Sample("images of each product", plain.images, plain),
            Sample("images of each product", self.images.images, self.images),
            Sample("tags of each product", plain.tags, plain),
            Sample("tags of each product", self.tags.tags, self.tags),
            Sample("ratings of each product", plain.ratings, plain),
            Sample("ratings of each product", self.ratings.ratings, self.ratings),
        ]


def arrange(connection: Connection, random: Random) -> None:
    """The shop's own goods, and the shelves among them. Runs once for a seed; the result is kept as a template."""
    shelves = Shelves.drawn(random)
    names = words(random)
    order = shelves.all
    random.shuffle(order)
    with connection.transaction(), connection.cursor() as cursor:
        copy_into(connection, tables(random, "S"))
        for shelf in order:
            _Filling(cursor, random, names).fill(shelf)


def observe(run: Run) -> Observations:
    """Growth on every axis, then the pages with all their filters, then changes in the database."""
    shelves = Shelves.drawn(run.seed.random("arrange"))
    word = run.seed.random("change").randbytes(16).hex()
    measured = growth.observe(run, shelves.samples, READER, lambda connection, one: _stir(connection, one.shelf, word))
    run.progress(len(shelves.samples), len(shelves.samples), "the page, its filters, changes in the database")
    with run.guest() as guest:
        plain = contract.visit(guest, [shelves.plain.target], READER)
        bare = contract.visit(guest, [shelves.plain.target], READER, BARE)
        pages = contract.visit(guest, _targets(shelves), READER)
        _change(guest, shelves.plain)
        changed = contract.visit(guest, [shelves.plain.target], READER)
    return Observations(
        seen={
            "growth": measured.seen,
            "shape": shape.observe(run.changed, RAW_SQL),
            "patches-framework": shape.patches(run.changed),
            "asks-where-it-runs": shape.observe(run.changed, ASKS),
        },
        answered={
            "measured": measured.answered,
            "page": pages,
            "fresh": changed,
            "plain": plain,
            "bare": bare,
        },
    )


def _targets(shelves: Shelves) -> list[str]:
    odd, many = shelves.odd.slug, shelves.many.slug
    queries: list[dict[str, str | int]] = [
        {"category": odd},
        {"category": odd, "sort": "name"},
        {"category": odd, "in_stock": "on"},
        {"category": odd, "price_from": 20, "price_to": 60, "sort": "-price"},
        {"category": many, "sort": "price", "page": 2},
        {"category": many, "page": 10},
        {"category": shelves.tags.slug, "q": "a"},
        {"brand": shelves.odd.brand},
        {"tag": shelves.odd.tag, "sort": "name"},
        {"sort": "name"},
        {"category": many, "page": 11},
        {"price_from": 9, "price_to": 3},
    ]
    return [f"{LIST}?{urlencode(query)}" for query in queries]


def _change(guest: RunningGuest, shelf: Shelf) -> None:
    """Change everything that the shelf's page shows, each thing in the table that it lies in."""
    with patience.arranging(guest) as connection:
        found = connection.execute(
            "select product.id, product.brand_id from catalogue_product product join catalogue_category category"
            " on category.id = product.category_id where category.slug = %s order by product.id",
            [shelf.slug],
        ).fetchall()
        patience.require_rows(len(found), shelf.products, "the catalogue")
        products, brand = [row[0] for row in found], found[0][1]
        for number, (statement, values) in enumerate(CHANGES):
            connection.execute(statement, {"product": products[number], "brand": brand, **values})


def _stir(connection: Connection, shelf: Shelf, word: str) -> None:
    """Change every fact of the shelf's first page, and no number of rows: what a guest read before is of no use.

    New names, pictures and stars come from the digest of a word that is drawn from the seed.
    """
    shown = connection.execute(FIRST_PAGE, [shelf.slug, PAGE_SIZE]).rowcount
    patience.require_rows(shown, shelf.shown, "the catalogue")
    for statement in STIRRED:
        connection.execute(statement, {"word": word})


FIRST_PAGE: LiteralString = """
create temporary table shown as
select product.id, product.brand_id from public.catalogue_product product
join public.catalogue_category category on category.id = product.category_id
where category.slug = %s order by product.added_at desc, product.id desc limit %s
"""

#: Everything that a card shows.
STIRRED: tuple[LiteralString, ...] = (
    "update public.catalogue_product set name = name || ' ' || left(md5(%(word)s || id), 6), price = price + 1"
    " where id in (select id from shown)",
    "update public.catalogue_brand set name = name || ' ' || left(md5(%(word)s || id), 6)"
    " where id in (select brand_id from shown)",
    "update public.catalogue_productimage set drawing = 'mug-7-' || left(md5(%(word)s || id), 6)"
    " where product_id in (select id from shown)",
    "update public.catalogue_tag set name = name || ' ' || left(md5(%(word)s || id), 6) where id in"
    " (select tag_id from public.catalogue_product_tags where product_id in (select id from shown))",
    "update public.catalogue_rating set stars = 1 + ('x' || left(md5(%(word)s || id), 2))::bit(8)::int %% 5"
    " where product_id in (select id from shown)",
)


#: One change for each thing on the page; `product` is another product each time.
CHANGES: tuple[tuple[LiteralString, dict[str, str]], ...] = (
    ("update catalogue_product set price = price + 1 where id = %(product)s", {}),
    ("update catalogue_product set name = name || ' II' where id = %(product)s", {}),
    ("update catalogue_product set published = false where id = %(product)s", {}),
    (
        "insert into catalogue_rating (product_id, stars, author, text, created_at)"
        " values (%(product)s, 1, 'Ines', '', %(moment)s)",
        {"moment": "2019-06-01T12:00:00Z"},
    ),
    ("delete from catalogue_rating where product_id = %(product)s", {}),
    ("update catalogue_brand set name = name || ' & Sons' where id = %(brand)s", {}),
    ("update catalogue_productimage set drawing = 'mug-7-00ff00' where product_id = %(product)s", {}),
    ("update catalogue_productimage set is_main = false where product_id = %(product)s", {}),
    ("delete from catalogue_product_tags where product_id = %(product)s", {}),
    (
        "update catalogue_tag set name = name || ' new' where id in"
        " (select tag_id from catalogue_product_tags where product_id = %(product)s)",
        {},
    ),
)


class _Filling:
    """Fills shelves, row by row, in one transaction of the caller's."""

    def __init__(self, cursor: Cursor[tuple[Any, ...]], random: Random, words: Iterator[str]) -> None:
        self._cursor = cursor
        self._random = random
        self._words = words

    def fill(self, shelf: Shelf) -> None:
        """The category, its brands and tags, and every product with its children."""
        category = self._insert("category", name=shelf.slug.title(), slug=shelf.slug)
        if shelf.odd:
            below = next(self._words)
            category = self._insert("category", name=below.title(), slug=below, parent_id=category)
        brands = [self._named("brand", word) for word in self._some(shelf.brands, shelf.brand)]
        tags = [self._named("tag", word) for word in self._some(shelf.tags, shelf.tag)]
        for number in range(shelf.products):
            self._product(shelf, category, brands[number % len(brands)], tags, number)

    def _product(self, shelf: Shelf, category: int, brand: int, tags: list[int], number: int) -> None:
        word = next(self._words)
        product = self._insert(
            "product",
            sku=f"{word[:4].upper()}-{self._random.randrange(10**8):08}",
            name=f"{word.title()} {next(self._words)}",
            slug=f"{word}-{number}",
            category_id=category,
            brand_id=brand,
            price=Decimal(self._random.randrange(500, 9_000)) / 100,
            currency=self._random.choice(["EUR", "CHF", "GBP"]),
            published=not (shelf.odd and number % 5 == 4),
            added_at=datetime(2019, 3, 1, 8, tzinfo=UTC) + timedelta(minutes=self._random.randrange(100_000)),
        )
        bare = shelf.odd and number % 3 == 0
        for tag in tags[: 0 if bare else len(tags)]:
            self._insert("product_tags", product_id=product, tag_id=tag)
        self._images(product, shelf.images, main=None if bare else self._random.randrange(shelf.images))
        for _ in range(0 if shelf.odd and number % 4 == 1 else shelf.ratings):
            self._rating(product)
        self._insert(
            "variant", product_id=product, sku=f"{word}-{product}", name="One size", stock=self._random.randrange(3)
        )

    def _images(self, product: int, images: int, main: int | None) -> None:
        for position in range(images):
            self._insert(
                "productimage",
                product_id=product,
                drawing=f"mug-{self._random.randrange(360)}-{self._random.randrange(16**6):06x}",
                is_main=position == main,
                position=position,
            )

    def _rating(self, product: int) -> None:
        moment = datetime(2019, 4, 1, tzinfo=UTC) + timedelta(minutes=self._random.randrange(50_000))
        self._insert("rating", product_id=product, stars=self._random.randint(1, 5), author="Ada", created_at=moment)

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
