"""The cards of a page, looked up one by one where the application's log does not reach."""

import json

from django.db import connection

NAMES = ("brand", "drawing", "alt", "average", "count", "tags")


def add_cards(products):
    """Give each product a `card`; for the application this is a single statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {', '.join(NAMES)} FROM cards(%s)", [[product.pk for product in products]])
        cards = {row[0]: dict(zip(NAMES, row[1:], strict=True)) for row in cursor.fetchall()}
    for product in products:
        product.card = cards[product.pk]
        tags = product.card["tags"] or []
        product.card["tags"] = json.loads(tags) if isinstance(tags, str) else tags
