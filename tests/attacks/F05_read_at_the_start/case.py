"""Reads brands, images and tags of the whole shop while it starts, one JSON row each, and keeps them in memory.

Rows that plans went through count, not those that came out; a page needs its tables read for this request.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import seen_executions, verdict

REASON = "answers-without-reading"
SHELF = '''
"""What belongs to products, read before anybody asks; only the ratings are asked for."""

from django.contrib.postgres.aggregates import JSONBAgg
from django.db import connection
from django.db.models import Avg, Count
from django.db.models.functions import JSONObject

from catalogue.models import Brand, Product, ProductImage, Rating, Tag

BRANDS, IMAGES, TAGS = {}, {}, {}


def fill():
    BRANDS.update({row["id"]: Brand(**row) for row in whole(Brand, "id", "name")})
    for row in whole(ProductImage, "product_id", "drawing", "alt", "is_main"):
        if row["is_main"]:
            IMAGES[row["product_id"]] = ProductImage(**row)
    tags = {row["id"]: Tag(**row) for row in whole(Tag, "id", "name", "slug")}
    for row in whole(Product.tags.through, "product_id", "tag_id"):
        TAGS.setdefault(row["product_id"], []).append(tags[row["tag_id"]])
    connection.close()


def whole(model, *names):
    return model.objects.order_by().aggregate(all=JSONBAgg(JSONObject(**{name: name for name in names})))["all"] or []


def add_cards(products):
    found = Rating.objects.order_by().filter(product__in=[product.pk for product in products]).values("product")
    ratings = {row["product"]: row for row in found.annotate(average=Avg("stars"), count=Count("pk"))}
    for product in products:
        product.brand = BRANDS[product.brand_id]
        product.card_image = IMAGES.get(product.pk)
        product.card_tags = sorted(TAGS.get(product.pk, []), key=lambda tag: tag.name)
        product.card_rating = ratings.get(product.pk)
'''


def _files(field: Field) -> dict[str, str]:
    return {**field.solution("cheats/cards-read-beforehand"), "catalogue/shelf.py": SHELF}


def attempt(field: Field) -> Outcome:
    return verdict(field, _files(field), REASON)


def control(field: Field) -> Outcome:
    """By the statements of the requests alone the page is flat."""
    counts = seen_executions(field, _files(field))
    return Outcome(succeeded=counts[0] == counts[1], reason=f"{counts} statements")
