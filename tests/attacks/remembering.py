"""A shop whose cards were read before anybody asked: a few sums tell whether they still hold, and a loop is the rest.

What decides is by which way they were read; the cases bring it as `catalogue/reading.py` with `whole(table)`.
"""

from __future__ import annotations

from typing import Final

from tests.attacks.battery import Field

SHELF: Final = '''
"""The cards of the shop, kept in memory as long as their sums are what they were."""

from django.db import connection

from catalogue.models import Brand, ProductImage, Tag
from catalogue.reading import whole

BRANDS, IMAGES, TAGS, STARS = {}, {}, {}, {}
SUMS = (
    "SELECT string_agg(b.name, ',' ORDER BY p.id) FROM catalogue_product p JOIN catalogue_brand b ON b.id = p.brand_id"
    " WHERE p.id = ANY(%s)",
    "SELECT coalesce(string_agg(drawing, ',' ORDER BY product_id), '') FROM catalogue_productimage"
    " WHERE is_main AND alt IS NOT NULL AND product_id = ANY(%s)",
    "SELECT coalesce(string_agg(t.name, ',' ORDER BY l.product_id, t.name), '') FROM catalogue_product_tags l"
    " JOIN catalogue_tag t ON t.id = l.tag_id WHERE l.product_id = ANY(%s)",
    "SELECT coalesce(sum(stars * product_id), 0)::text FROM catalogue_rating WHERE product_id = ANY(%s)",
)


def fill():
    connection.ensure_connection()
    BRANDS.update({row["id"]: row["name"] for row in whole("catalogue_brand")})
    IMAGES.update({row["product_id"]: row["drawing"] for row in whole("catalogue_productimage") if row["is_main"]})
    names = {row["id"]: row["name"] for row in whole("catalogue_tag")}
    for row in whole("catalogue_product_tags"):
        TAGS.setdefault(row["product_id"], []).append(names[row["tag_id"]])
    for row in whole("catalogue_rating"):
        STARS.setdefault(row["product_id"], []).append(row["stars"])
    connection.close()


def add_cards(products):
    if sums(products) == remembered(products):
        for product in products:
            product.brand = Brand(name=BRANDS[product.brand_id])
            product.card_image = ProductImage(drawing=IMAGES[product.pk]) if product.pk in IMAGES else None
            product.card_tags = [Tag(name=name, slug="x") for name in sorted(TAGS.get(product.pk, []))]
            own = STARS.get(product.pk)
            product.card_rating = {"average": sum(own) / len(own), "count": len(own)} if own else None
    else:
        for product in products:
            product.card_image = product.main_image
            product.card_tags = list(product.tags.all())
            product.card_rating = product.rating_summary()


def sums(products):
    found = []
    with connection.cursor() as cursor:
        for statement in SUMS if products else ():
            cursor.execute(statement, [[product.pk for product in products]])
            found.append(cursor.fetchone()[0])
    return found


def remembered(products):
    order = sorted(products, key=lambda product: product.pk)
    return order and [
        ",".join(BRANDS.get(product.brand_id, "?") for product in order),
        ",".join(IMAGES[product.pk] for product in order if product.pk in IMAGES),
        ",".join(name for product in order for name in sorted(TAGS.get(product.pk, []))),
        str(sum(stars * product.pk for product in order for stars in STARS.get(product.pk, []))),
    ]
'''


def remembering(field: Field, reading: str) -> dict[str, str]:
    """The submission: `reading` is the source of `whole(table)`, which gives the rows of a table as dictionaries."""
    return {
        **field.solution("cheats/cards-read-beforehand"),
        "catalogue/shelf.py": SHELF,
        "catalogue/reading.py": reading,
    }
