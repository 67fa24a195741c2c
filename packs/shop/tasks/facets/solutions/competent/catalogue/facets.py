"""The numbers beside the filters: what every brand, every tag and the stock box would leave.

A number speaks of the products that pass all filters but those of its own kind, so it says what the list holds after a
click on it.
"""

from django.db.models import Count, Sum

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


def with_numbers(model, products):
    """Brands or tags that these products have; what would be counted twice is counted once with `distinct`.

    A sum can't be mended like this, so the pieces come from a statement of their own, with no other join in it.
    """
    boxes = model.objects.filter(products__in=products)
    pieces = dict(boxes.order_by().values_list("pk").annotate(Sum("products__variants__stock", default=0)))
    found = boxes.annotate(
        count=Count("products", distinct=True),
        variants=Count("products__variants", distinct=True),
        reviews=Count("products__ratings", distinct=True),
    )
    for box in found:
        box.pieces = pieces[box.pk]
    return found


def count_in_stock(products):
    """How many of these products lie on the shelf."""
    return products.filter(variants__stock__gt=0).distinct().count()
