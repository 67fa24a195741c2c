"""The numbers beside the filters: what every brand, every tag and the stock box would leave.

A number speaks of the products that pass all filters but those of its own kind, so it says what the list holds after a
click on it.
"""

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery, Sum
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
    """Brands or tags that these products have; each number is a subquery of its own over one table."""
    path = "brand" if model is Brand else "tags"
    ours = products.order_by()
    return (
        model.objects.annotate(
            count=over(ours.filter(**{path: OuterRef("pk")}), path, Count("pk")),
            variants=over(of(Variant, path, ours), f"product__{path}", Count("pk")),
            pieces=over(of(Variant, path, ours), f"product__{path}", Sum("stock")),
            reviews=over(of(Rating, path, ours), f"product__{path}", Count("pk")),
        )
        .filter(count__gt=0)
    )


def of(model, path, products):
    """What belongs to these products of the brand or tag outside."""
    return model.objects.filter(**{f"product__{path}": OuterRef("pk")}, product__in=products).order_by()


def over(rows, path, number):
    """A number over these rows, none being 0."""
    grouped = rows.values(path).annotate(number=number).values("number")
    return Coalesce(Subquery(grouped), 0, output_field=IntegerField())


def count_in_stock(products):
    """How many of these products lie on the shelf."""
    return products.filter(Exists(Variant.objects.filter(product=OuterRef("pk"), stock__gt=0))).count()
