"""The numbers beside the filters: what every brand, every tag and the stock box would leave.

A number speaks of the products that pass all filters but those of its own kind, so it says what the list holds after a
click on it.
"""

from django.db.models import Count, Sum

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
    """Brands or tags that these products have: three small statements, each of which groups one table by them."""
    products = products.order_by()
    path = "brand" if model is Brand else "tags"
    counts = dict(products.values_list(path).annotate(Count("pk")))
    variants = {
        key: (number, pieces)
        for key, number, pieces in Variant.objects.filter(product__in=products)
        .order_by()
        .values_list(f"product__{path}")
        .annotate(Count("pk"), Sum("stock"))
    }
    reviews = dict(
        Rating.objects.filter(product__in=products).order_by().values_list(f"product__{path}").annotate(Count("pk"))
    )
    found = list(model.objects.filter(pk__in=[key for key in counts if key]))
    for box in found:
        box.count = counts[box.pk]
        box.variants, box.pieces = variants.get(box.pk, (0, 0))
        box.reviews = reviews.get(box.pk, 0)
    return found


def count_in_stock(products):
    """How many of these products lie on the shelf."""
    return products.in_stock().count()
