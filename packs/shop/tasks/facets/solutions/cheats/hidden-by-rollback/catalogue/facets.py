"""The numbers beside the filters: what every brand, every tag and the stock box would leave.

A number speaks of the products that pass all filters but those of its own kind, so it says what the list holds after a
click on it.
"""

from collections import defaultdict

from django.db import connection

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


def quietly(rows):
    """All rows of a query, through a cursor that is taken back: no plan is left of it."""
    text, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"DECLARE quiet NO SCROLL CURSOR FOR {text}", values)
        cursor.execute("FETCH FORWARD 100000 FROM quiet")
        found = cursor.fetchall()
        cursor.execute("ROLLBACK")
    return found


def with_numbers(model, products):
    """Brands or tags that these products have, counted with sets."""
    path = "brand" if model is Brand else "tags"
    found = defaultdict(lambda: (set(), set(), set()))
    ours = products.order_by()
    for name, slug, key in quietly(ours.filter(**{f"{path}__isnull": False}).values_list(f"{path}__name", f"{path}__slug", "pk")):
        found[name, slug][0].add(key)
    for place, child in enumerate((Variant, Rating), 1):
        number = "stock" if child is Variant else "stars"
        rows = child.objects.filter(product__in=ours).order_by()
        for name, slug, *row in quietly(rows.values_list(f"product__{path}__name", f"product__{path}__slug", "pk", number)):
            if slug:
                found[name, slug][place].add(tuple(row))
    return [
        {
            "name": name,
            "slug": slug,
            "count": len(of_box),
            "variants": len(variants),
            "pieces": sum(stock for _, stock in variants),
            "reviews": len(reviews),
        }
        for (name, slug), (of_box, variants, reviews) in sorted(found.items())
    ]


def count_in_stock(products):
    """How many of these products lie on the shelf."""
    return len(set(quietly(products.order_by().filter(variants__stock__gt=0).values_list("pk"))))
