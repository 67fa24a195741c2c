"""Fetches the whole shop for each page, as one JSON row a table, so that few rows arrive.

Rows count as well where plans read them.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import seen_executions

REASON = "rows not_shown"
SHELF = '''
"""The whole shop, fetched for every page, in four rows."""

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models.functions import JSONObject

from catalogue.models import Brand, Product, ProductImage, Rating, Tag


def whole(model, *names):
    return model.objects.order_by().aggregate(all=JSONBAgg(JSONObject(**{name: name for name in names})))["all"] or []


def add_cards(products):
    brands = {row["id"]: Brand(**row) for row in whole(Brand, "id", "name")}
    images = whole(ProductImage, "product_id", "drawing", "alt", "is_main")
    images = {row["product_id"]: row for row in images if row["is_main"]}
    names = {row["id"]: Tag(**row) for row in whole(Tag, "id", "name", "slug")}
    tags, stars = {}, {}
    for row in whole(Product.tags.through, "product_id", "tag_id"):
        tags.setdefault(row["product_id"], []).append(names[row["tag_id"]])
    for row in whole(Rating, "product_id", "stars"):
        stars.setdefault(row["product_id"], []).append(row["stars"])
    for product in products:
        product.brand = brands[product.brand_id]
        product.card_image = ProductImage(**images[product.pk]) if product.pk in images else None
        product.card_tags = sorted(tags.get(product.pk, []), key=lambda tag: tag.name)
        own = stars.get(product.pk)
        product.card_rating = {"average": sum(own) / len(own), "count": len(own)} if own else None
'''


def _files(field: Field) -> dict[str, str]:
    files = field.solution("cheats/cards-read-beforehand")
    del files["catalogue/apps.py"]
    return {**files, "catalogue/shelf.py": SHELF}


def attempt(field: Field) -> Outcome:
    """Its statements do not grow, and it may have the mark for that; not the one for rows."""
    outcomes = {one.check: str(one.outcome) for one in field.grade(_files(field)).findings}
    return Outcome(succeeded=outcomes["rows"] != "not_shown", reason=f"rows {outcomes['rows']}")


def control(field: Field) -> Outcome:
    """By the number of statements, and of rows that arrive, the page is a good one."""
    counts = seen_executions(field, _files(field))
    return Outcome(succeeded=counts[0] == counts[1], reason=f"{counts} statements")
