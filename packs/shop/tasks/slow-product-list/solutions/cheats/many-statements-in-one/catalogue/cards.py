"""The cards of a page, looked up one by one and sent as a single text."""

from django.db import connection

LOOKUPS = (
    ("brand", "SELECT b.name FROM catalogue_product p JOIN catalogue_brand b ON b.id = p.brand_id WHERE p.id = {id}"),
    ("image", "SELECT drawing, alt FROM catalogue_productimage WHERE product_id = {id} AND is_main"),
    ("rating", "SELECT avg(stars)::float, count(*) FROM catalogue_rating WHERE product_id = {id}"),
    (
        "tags",
        "SELECT t.name, t.slug FROM catalogue_product_tags l JOIN catalogue_tag t ON t.id = l.tag_id"
        " WHERE l.product_id = {id} ORDER BY t.name",
    ),
)


def add_cards(products):
    """Give each product a `card`; `connection.queries` grows by one."""
    texts = [text.format(id=product.pk) for product in products for _, text in LOOKUPS]
    if not texts:
        return
    with connection.cursor() as cursor:
        cursor.execute(";".join(texts))
        for product in products:
            product.card = card(answers(cursor))


def answers(cursor):
    """The next answers of one product."""
    found = {}
    for name, _ in LOOKUPS:
        found[name] = cursor.fetchall()
        cursor.nextset()
    return found


def card(found):
    drawing, alt = found["image"][0] if found["image"] else (None, "")
    average, count = found["rating"][0]
    return {
        "brand": found["brand"][0][0],
        "drawing": drawing,
        "alt": alt,
        "average": average,
        "count": count,
        "tags": [{"name": name, "slug": slug} for name, slug in found["tags"]],
    }
