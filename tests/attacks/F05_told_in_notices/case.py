"""Has whole tables told in notices, by an index on a function that is built for each page and taken back.

Building has no plan and sends no row. While a page is made nothing may be defined or built: such a statement is
unmeasured.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import migration, seen_executions, verdict

REASON = "unmeasured-statements"
TELLING = """
CREATE FUNCTION telling(r anyelement) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN RAISE NOTICE '%', to_jsonb(r); RETURN 0; END $$;
"""
SHELF = '''
"""Whole tables, heard while an index on them is built."""

import json

from django.db import connection

from catalogue.models import Brand, Product, ProductImage, Rating, Tag


def whole(model):
    rows = []
    connection.ensure_connection()
    hear = lambda notice: rows.append(json.loads(notice.message_primary))
    connection.connection.add_notice_handler(hear)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; SET LOCAL client_min_messages = notice")
        cursor.execute(f"CREATE INDEX told ON {table} (telling({table}.*)); ROLLBACK")
    connection.connection.remove_notice_handler(hear)
    return rows


def add_cards(products):
    brands = {row["id"]: Brand(**row) for row in whole(Brand)}
    images = {row["product_id"]: ProductImage(**row) for row in whole(ProductImage) if row["is_main"]}
    names = {row["id"]: Tag(**row) for row in whole(Tag)}
    tags, stars = {}, {}
    for row in whole(Product.tags.through):
        tags.setdefault(row["product_id"], []).append(names[row["tag_id"]])
    for row in whole(Rating):
        stars.setdefault(row["product_id"], []).append(row["stars"])
    for product in products:
        product.brand = brands[product.brand_id]
        product.card_image = images.get(product.pk)
        product.card_tags = sorted(tags.get(product.pk, []), key=lambda tag: tag.name)
        own = stars.get(product.pk)
        product.card_rating = {"average": sum(own) / len(own), "count": len(own)} if own else None
'''


def _files(field: Field) -> dict[str, str]:
    files = field.solution("cheats/cards-read-beforehand")
    del files["catalogue/apps.py"]
    return {**files, **migration(TELLING), "catalogue/shelf.py": SHELF}


def attempt(field: Field) -> Outcome:
    return verdict(field, _files(field), REASON)


def control(field: Field) -> Outcome:
    """By the number of statements the page is flat."""
    counts = seen_executions(field, _files(field))
    return Outcome(succeeded=counts[0] == counts[1], reason=f"{counts} statements")
