"""The numbers beside the filters: what every brand, every tag and the stock box would leave.

A number speaks of the products that pass all filters but those of its own kind, so it says what the list holds after a
click on it.
"""

from collections import defaultdict

from catalogue.models import Product


def facets_of(filters):
    """All numbers of a page. `filters` are arguments of `ProductQuerySet.narrowed`."""
    return {
        "brands": with_numbers("brand", left_by(filters, brand=None)),
        "tags": with_numbers("tags", left_by(filters, tag=None)),
        "in_stock": len(set(left_by(filters, in_stock=False).filter(variants__stock__gt=0))),
    }


def left_by(filters, **instead):
    """The products that pass the filters, with some of them replaced."""
    return Product.objects.published().narrowed(**{**filters, **instead})


def with_numbers(relation, products):
    """Brands or tags that these products have, each with sets of what was found, so that nothing is in there twice."""
    products = products.select_related("brand").prefetch_related("tags", "variants", "ratings")
    found = defaultdict(set)
    for product in products:
        for box in [product.brand] if relation == "brand" else product.tags.all():
            found[box].add(product)
    return [facet(box, found[box]) for box in sorted(found, key=lambda box: box.name)]


def facet(box, products):
    variants = {variant for product in products for variant in product.variants.all()}
    return {
        "name": box.name,
        "slug": box.slug,
        "count": len(products),
        "variants": len(variants),
        "pieces": sum(variant.stock for variant in variants),
        "reviews": len({rating for product in products for rating in product.ratings.all()}),
    }
