"""The numbers beside the filters: what every brand, every tag and the stock box would leave.

A number speaks of the products that pass all filters but those of its own kind, so it says what the list holds after a
click on it.
"""

from django.db import connection
from django.db.models import Count, Sum, Value

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
    """Brands or tags that these products have; one string asks for all their numbers."""
    path = "brand" if model is Brand else "tags"
    boxes = list(model.objects.filter(products__in=products).distinct())
    asked = []
    for box in boxes:
        ours = products.order_by().filter(**{path: box})
        variants, reviews = (child.objects.filter(product__in=ours).order_by() for child in (Variant, Rating))
        asked += [
            ours.annotate(one=Value(1)).values("one").annotate(number=Count("pk")).values("number"),
            variants.annotate(one=Value(1)).values("one").annotate(number=Count("pk"), pieces=Sum("stock")).values("number", "pieces"),
            reviews.annotate(one=Value(1)).values("one").annotate(number=Count("pk")).values("number"),
        ]
    answers = iter(at_once(asked))
    for box in boxes:
        (box.count, _), (box.variants, box.pieces), (box.reviews, _) = next(answers), next(answers), next(answers)
    return boxes


def at_once(queries):
    """The first row of each query, all sent in one string."""
    parts = [query.query.sql_with_params() for query in queries]
    found = []
    with connection.cursor() as cursor:
        if parts:
            cursor.execute("; ".join(text for text, _ in parts), [one for _, values in parts for one in values])
            found.append(cursor.fetchone() or (0,))
        while parts and cursor.nextset():
            found.append(cursor.fetchone() or (0,))
    return [(*row, 0)[:2] for row in found]


def count_in_stock(products):
    """How many of these products lie on the shelf."""
    return products.in_stock().count()
