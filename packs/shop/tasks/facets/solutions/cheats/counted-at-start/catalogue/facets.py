"""The numbers beside the filters: what every brand, every tag and the stock box would leave.

A number speaks of the products that pass all filters but those of its own kind, so it says what the list holds after a
click on it.
"""

from collections import defaultdict

from django.db import connection

from catalogue.models import Brand, Product, Tag


def facets_of(filters):
    """All numbers of a page. `filters` are arguments of `ProductQuerySet.narrowed`."""
    return {
        "brands": with_numbers(Brand, left_by(filters, brand=None)),
        "tags": with_numbers(Tag, left_by(filters, tag=None)),
        "in_stock": count_in_stock(left_by(filters, in_stock=False)),
    }


def left_by(filters, **instead):
    """The products that pass the filters, with some of them replaced."""
    return Product.objects.published().narrowed(**{**filters, **instead})


#: What belongs to each product, as it was when the process started.
KNOWN = {}


def fill():
    """Count the whole shop, while nobody is looking."""
    for product in Product.objects.prefetch_related("variants", "ratings", "tags", "brand"):
        variants = list(product.variants.all())
        KNOWN[product.pk] = {
            Brand: [product.brand],
            Tag: list(product.tags.all()),
            "numbers": (1, len(variants), sum(variant.stock for variant in variants), len(product.ratings.all())),
            "in_stock": any(variant.stock for variant in variants),
        }
    connection.close()


def with_numbers(model, products):
    """Brands or tags that these products have, from what is known of them."""
    found = defaultdict(lambda: [0, 0, 0, 0])
    for key in products.values_list("pk", flat=True):
        for box in KNOWN.get(key, {}).get(model, ()):
            found[box] = [one + more for one, more in zip(found[box], KNOWN[key]["numbers"], strict=True)]
    names = ("count", "variants", "pieces", "reviews")
    return [
        {"name": box.name, "slug": box.slug, **dict(zip(names, numbers, strict=True))} for box, numbers in found.items()
    ]


def count_in_stock(products):
    """How many of these products lay on the shelf."""
    return sum(KNOWN[key]["in_stock"] for key in products.values_list("pk", flat=True) if key in KNOWN)
