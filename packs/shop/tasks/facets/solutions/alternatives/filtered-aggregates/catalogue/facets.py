"""The numbers beside the filters: what every brand, every tag and the stock box would leave.

A number speaks of the products that pass all filters but those of its own kind, so it says what the list holds after a
click on it.
"""

from django.db.models import Count, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from catalogue.models import Brand, Product, Rating, Tag, Variant


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
    """Brands or tags that these products have, by aggregates that look at these products alone.

    What belongs to a product is summed up in subqueries beside it, so that only products are joined here.
    """
    ours = Q(products__in=products.order_by())
    variants = children(Variant)
    return (
        model.objects.annotate(
            count=Count("products", filter=ours, distinct=True),
            variants=Sum(variants(Count("pk")), filter=ours),
            pieces=Sum(variants(Sum("stock")), filter=ours),
            reviews=Sum(children(Rating)(Count("pk")), filter=ours),
        )
        .filter(count__gt=0)
        .order_by("name")
    )


def children(model):
    """For a number over what belongs to the product that is joined."""
    rows = model.objects.filter(product=OuterRef("products")).order_by().values("product")
    return lambda number: Coalesce(Subquery(rows.annotate(number=number).values("number")), Value(0))


def count_in_stock(products):
    """How many of these products lie on the shelf."""
    return products.aggregate(number=Count("pk", filter=Q(variants__stock__gt=0), distinct=True))["number"]
