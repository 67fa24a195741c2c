"""The cards of one page of the list, read by one statement."""

import json

from django.db import connection

SQL = """
SELECT product.id, brand.name, image.drawing, image.alt, rating.average, rating.count, tags.list
FROM catalogue_product AS product
JOIN catalogue_brand AS brand ON brand.id = product.brand_id
LEFT JOIN catalogue_productimage AS image ON image.product_id = product.id AND image.is_main
LEFT JOIN LATERAL (
    SELECT avg(stars)::float AS average, count(*) AS count FROM catalogue_rating WHERE product_id = product.id
) AS rating ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('name', tag.name, 'slug', tag.slug) ORDER BY tag.name) AS list
    FROM catalogue_product_tags AS link JOIN catalogue_tag AS tag ON tag.id = link.tag_id
    WHERE link.product_id = product.id
) AS tags ON true
WHERE product.id = ANY(%s)
"""


def add_cards(products):
    """Give each product a `card` with its brand, picture, rating and tags."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [[product.pk for product in products]])
        names = ("brand", "drawing", "alt", "average", "count", "tags")
        cards = {row[0]: dict(zip(names, row[1:], strict=True)) for row in cursor.fetchall()}
    for product in products:
        product.card = cards[product.pk]
        tags = product.card["tags"] or []
        product.card["tags"] = json.loads(tags) if isinstance(tags, str) else tags
