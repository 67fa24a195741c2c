"""The numbers beside the filters: what every brand, every tag and the stock box would leave.

A number speaks of the products that pass all filters but those of its own kind, so it says what the list holds after a
click on it.
"""

from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, Sum

from catalogue.models import Product


class Facet(NamedTuple):
    """A brand or a tag, and what choosing it would leave."""

    name: str
    slug: str
    count: int
    variants: int
    pieces: int
    reviews: int


def facets_of(filters):
    """All numbers of a page, worked out every five minutes. `filters` are arguments of `ProductQuerySet.narrowed`."""
    key = "facets " + "".join(ch if ch.isalnum() else "_" for ch in str(sorted(filters.items(), key=str)))
    return cache.get_or_set(key, lambda: worked_out(filters), 5 * 60)


def worked_out(filters):
    """All numbers of a page: three statements."""
    return {
        "brands": with_numbers("brand", left_by(filters, brand=None)),
        "tags": with_numbers("tags", left_by(filters, tag=None)),
        "in_stock": left_by(filters, in_stock=True).count(),
    }


def left_by(filters, **instead):
    """The products that pass the filters, with some of them replaced."""
    return Product.objects.published().narrowed(**{**filters, **instead})


def with_numbers(relation, products):
    """Brands or tags that these products have, each with products, variants, pieces in stock and reviews.

    Every product brings its own sums along. Joined to variants and to ratings it would stand there once for each pair
    of them: a count could be mended with `distinct`, a sum could not, and all the pairs would still be made.
    """
    name, slug = f"{relation}__name", f"{relation}__slug"
    numbers = {"count": Count("pk"), **{each: Sum(f"own_{each}") for each in ("variants", "pieces", "reviews")}}
    known = products.with_sums().filter(**{f"{relation}__isnull": False})
    rows = known.order_by(name).values(name, slug).annotate(**numbers)
    return [Facet(*row) for row in rows.values_list(name, slug, *numbers)]
