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
    """Brands or tags that these products have, without those that stand there twice."""
    return (
        model.objects.filter(products__in=products.distinct())
        .annotate(
            count=Count("products"),
            variants=Count("products__variants"),
            pieces=Sum("products__variants__stock"),
            reviews=Count("products__ratings"),
        )
        .distinct()
    )


def count_in_stock(products):
    """How many of these products lie on the shelf."""
    return products.filter(variants__stock__gt=0).distinct().count()
