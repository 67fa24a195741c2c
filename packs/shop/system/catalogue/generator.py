"""The shop's goods, invented: the one source of test data, for `manage.py generate` and for the judge alike.

Pure standard library and no import of the project, so that it can be loaded by its path alone. All depends on the
`Random` given: the same one gives the same rows. Rows are made while they are read; nothing is kept.
"""

from __future__ import annotations

import random as randomness
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

type Size = Literal["S", "M"]
type Row = tuple[object, ...]

WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
OPENED = datetime(2019, 1, 7, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of what there is."""

    products: int
    brands: int
    tags: int


SCALES: dict[Size, Scale] = {
    "S": Scale(products=2_000, brands=40, tags=40),
    "M": Scale(products=20_000, brands=120, tags=80),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for one table, in the order of `columns`. `rows` can be read once."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category that products lie in, and what they are like there."""

    id: int
    motifs: tuple[str, ...]
    nouns: tuple[str, ...]
    finishes: tuple[str, ...]
    variants: tuple[tuple[str, ...], ...]
    cheapest: int
    dearest: int


@dataclass(frozen=True, slots=True)
class Good:
    """One product as all tables need it."""

    id: int
    sku: str
    name: str
    shelf: Shelf
    cents: int
    added_at: datetime


class Stock:
    """Everything for sale at one scale, from one seed. Each product has dice of its own for each table."""

    def __init__(self, seed: int, scale: Scale) -> None:
        self.seed = seed
        self.scale = scale
        self.shelves = tuple(_shelves())

    def dice(self, label: str, number: int = 0) -> randomness.Random:
        """Random numbers that depend on the seed, the label and the number, on nothing drawn before."""
        return randomness.Random(f"{self.seed}/{label}/{number}")

    def goods(self) -> Iterator[Good]:
        """All products, the oldest first."""
        return (self.good(number) for number in range(1, self.scale.products + 1))

    def good(self, number: int) -> Good:
        """The product of this number."""
        dice = self.dice("product", number)
        shelf = dice.choice(self.shelves)
        step = timedelta(days=240) / self.scale.products
        return Good(
            id=number,
            sku=f"SH-{number:06}",
            name=WORDS["products"]["arabic"] if number == self.scale.products - 4 else _name(dice, shelf),
            shelf=shelf,
            cents=dice.randrange(shelf.cheapest, shelf.dearest, 50) - dice.choice((0, 5, 10)),
            added_at=OPENED + step * number + timedelta(seconds=dice.randrange(3600)),
        )


def tables(random: randomness.Random, size: Size) -> Iterator[Table]:
    """The tables of the catalogue in an order in which every row finds what it refers to.

    S: 2,000 products and about 21,000 rows in all; M: 20,000 and about 205,000.
    """
    stock = Stock(random.getrandbits(64), SCALES[size])
    yield Table("catalogue_category", ("id", "name", "slug", "parent_id", "position"), _categories())
    yield Table("catalogue_brand", ("id", "name", "slug"), _brands(stock))
    yield Table("catalogue_tag", ("id", "name", "slug"), _tags(stock))
    yield Table("catalogue_product", PRODUCT_COLUMNS, map(_product_row(stock), stock.goods()))
    yield Table("catalogue_product_tags", ("id", "product_id", "tag_id"), _numbered(stock, _tags_of))
    yield Table("catalogue_variant", VARIANT_COLUMNS, _numbered(stock, _variants_of))
    yield Table("catalogue_productimage", IMAGE_COLUMNS, _numbered(stock, _images_of))
    yield Table("catalogue_rating", RATING_COLUMNS, _numbered(stock, _ratings_of))


PRODUCT_COLUMNS = (
    "id", "sku", "name", "slug", "category_id", "brand_id", "description", "price", "currency", "published", "added_at",
)  # fmt: skip
VARIANT_COLUMNS = ("id", "product_id", "sku", "name", "price_override", "stock", "position")
IMAGE_COLUMNS = ("id", "product_id", "drawing", "alt", "is_main", "position")
RATING_COLUMNS = ("id", "product_id", "stars", "author", "text", "created_at")


def copy_into(connection: Any, tables: Iterable[Table]) -> int:
    """Load the tables by COPY through a psycopg connection, set the id sequences, return the number of rows.

    The tables must be empty. Nothing is committed: that is the caller's choice.
    """
    total = 0
    with connection.cursor() as cursor:
        for table in tables:
            columns = ", ".join(f'"{column}"' for column in table.columns)
            with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                for row in table.rows:
                    copy.write_row(row)
                    total += 1
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                f'(SELECT coalesce(max(id), 0) + 1 FROM "{table.name}"), false)'
            )
    return total


def slug(text: str, number: int | None = None) -> str:
    """Lower-case ASCII words with hyphens; with a number at the end where the text alone may not be unique."""
    plain = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ø", "O").replace("ł", "l").replace("Ł", "L"))
    kept = plain.encode("ascii", "ignore").decode().lower().replace("'", "")
    words = "".join(sign if sign.isalnum() else " " for sign in kept).split() or ["goods"]
    return "-".join([*words, str(number)] if number is not None else words)


@dataclass(frozen=True, slots=True)
class _Place:
    """A shelf as the file of words has it, with its place in the tree."""

    id: int
    parent_id: int | None
    position: int
    words: dict[str, Any]
    root: dict[str, Any]


def _places() -> list[_Place]:
    """All shelves, parents before children."""
    places = [_Place(n, None, n, root, root) for n, root in enumerate(WORDS["shelves"], start=1)]
    for place in places:  # grows while it is read: breadth first
        for position, inner in enumerate(place.words.get("inside", [])):
            places.append(_Place(len(places) + 1, place.id, position, inner, place.root))
    return places


def _shelves() -> Iterator[Shelf]:
    """The shelves that hold products."""
    for place in _places():
        if "nouns" in place.words:
            cheapest, dearest = place.words["price"]
            yield Shelf(
                id=place.id,
                motifs=tuple(place.words["motif"]),
                nouns=tuple(place.words["nouns"]),
                finishes=tuple(place.root["finishes"]),
                variants=tuple(map(tuple, place.root["variants"])),
                cheapest=cheapest,
                dearest=dearest,
            )


def _categories() -> Iterator[Row]:
    for place in _places():
        name = place.words["name"]
        yield place.id, name, slug(name), place.parent_id, place.position


def _brands(stock: Stock) -> Iterator[Row]:
    words = WORDS["brands"]
    made = [f"{first} {second}" for first in words["first"] for second in words["second"]]
    stock.dice("brands").shuffle(made)
    names = [*words["fixed"], *made][: stock.scale.brands]
    return ((number, name, slug(name, number)) for number, name in enumerate(names, start=1))


def _tags(stock: Stock) -> Iterator[Row]:
    names = list(WORDS["tags"]["names"])
    stock.dice("tags").shuffle(names)
    chosen = names[: stock.scale.tags]
    return ((number, name, slug(name, number)) for number, name in enumerate(chosen, start=1))


def _name(dice: randomness.Random, shelf: Shelf) -> str:
    """A name such as "Kiso glazed teapot"; one in sixty is long."""
    words = WORDS["products"]
    name = f"{dice.choice(words['series'])} {dice.choice(shelf.finishes)} {dice.choice(shelf.nouns)}"
    return f"{name} {dice.choice(words['extras'])}" if dice.random() < 1 / 60 else name


def _product_row(stock: Stock) -> Callable[[Good], Row]:
    sentences = WORDS["products"]["sentences"]

    def row(good: Good) -> Row:
        dice = stock.dice("facts", good.id)
        brand = 1 + int(stock.scale.brands * dice.random() ** 1.6)
        description = " ".join(dice.sample(sentences, dice.randint(1, 4)))
        price, published = Decimal(good.cents).scaleb(-2), dice.random() < 0.97
        return (
            good.id, good.sku, good.name, f"{slug(good.name)[:200]}-{good.id}", good.shelf.id, brand,
            description, price, "EUR", published, good.added_at,
        )  # fmt: skip

    return row


def _numbered(stock: Stock, rows_of: Callable[[Stock, Good], Iterator[Row]]) -> Iterator[Row]:
    """The rows of every product, each with the next free key before it."""
    rows = (row for good in stock.goods() for row in rows_of(stock, good))
    return ((number, *row) for number, row in enumerate(rows, start=1))


def _tags_of(stock: Stock, good: Good) -> Iterator[Row]:
    dice = stock.dice("tagged", good.id)
    chosen = dice.sample(range(1, stock.scale.tags + 1), dice.choice((0, 1, 2, 2, 3, 3, 4, 5)))
    return ((good.id, tag) for tag in chosen)


def _variants_of(stock: Stock, good: Good) -> Iterator[Row]:
    dice = stock.dice("variants", good.id)
    names = dice.choice(good.shelf.variants)
    for position, name in enumerate(names[: dice.randint(1, len(names))]):
        dearer = Decimal(good.cents + 250 * position).scaleb(-2) if position and dice.random() < 0.5 else None
        left = 0 if dice.random() < 0.25 else dice.randint(1, 60)
        yield good.id, f"{good.sku}-{position + 1:02}", name, dearer, left, position


def _images_of(stock: Stock, good: Good) -> Iterator[Row]:
    """None to four pictures. The main one may lie anywhere among them; one product in twenty has none."""
    dice = stock.dice("images", good.id)
    count = dice.choice((1, 1, 2, 2, 3, 4)) if dice.random() < 0.98 else 0
    main = dice.randrange(count) if count and dice.random() < 0.97 else None
    hue = dice.randrange(360)
    for position in range(count):
        drawing = f"{dice.choice(good.shelf.motifs)}-{(hue + 35 * position) % 360}-{dice.getrandbits(24):06x}"
        yield good.id, drawing, f"{good.name}, picture {position + 1}"[:200], position == main, position


def _ratings_of(stock: Stock, good: Good) -> Iterator[Row]:
    """None to thirty opinions: most products have few, some many."""
    dice = stock.dice("ratings", good.id)
    people, liked = WORDS["people"], dice.uniform(2.4, 4.9)
    for _ in range(int(dice.paretovariate(1.5) * 1.6) % 31 if dice.random() < 0.8 else 0):
        stars = min(5, max(1, round(dice.gauss(liked, 0.9))))
        opinions = people["opinions"]["poor" if stars < 3 else "fair" if stars == 3 else "good"]
        author = f"{dice.choice(people['first'])} {dice.choice(people['initials'])}."
        written = good.added_at + timedelta(minutes=dice.randrange(110 * 24 * 60))
        yield good.id, stars, author, dice.choice(opinions), written
