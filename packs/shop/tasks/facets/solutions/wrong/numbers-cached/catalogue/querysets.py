"""What can be asked of products, each question a queryset that can be chained."""

from django.db import models
from django.db.models import Avg, Count, Exists, IntegerField, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce

#: The orders that the list offers. Each ends in the key, so that a page never repeats or skips a product.
SORTS = {
    "newest": ("-added_at", "-id"),
    "price": ("price", "id"),
    "-price": ("-price", "-id"),
    "name": ("name", "id"),
}


def own(children, number):
    """A number over the children of each product; 0 where there are none. Joins nothing, so multiplies nothing."""
    of_product = children.objects.filter(product=OuterRef("pk")).order_by().values("product")
    return Coalesce(Subquery(of_product.annotate(number=number).values("number")), 0, output_field=IntegerField())


class ProductQuerySet(models.QuerySet):
    """Products, narrowed step by step as in the list's filters."""

    def published(self):
        return self.filter(published=True)

    def containing(self, text):
        """Products whose name or article number holds every word of the text."""
        words = Q()
        for word in text.split():
            words &= Q(name__icontains=word) | Q(sku__iexact=word)
        return self.filter(words)

    def in_stock(self):
        """Products of which at least one variant lies on the shelf."""
        variants = self.model._meta.get_field("variants").related_model
        return self.filter(Exists(variants.objects.filter(product=OuterRef("pk"), stock__gt=0)))

    def narrowed(self, *, q="", categories=None, brand=None, tag=None, price_from=None, price_to=None,
                 in_stock=False):  # fmt: skip
        """Products that pass every filter given. `categories` are ids, a category with all below it."""
        products = self.containing(q) if q else self
        if categories is not None:
            products = products.filter(category_id__in=categories)
        if brand is not None:
            products = products.filter(brand=brand)
        if tag is not None:
            products = products.filter(tags=tag)
        if price_from is not None:
            products = products.filter(price__gte=price_from)
        if price_to is not None:
            products = products.filter(price__lte=price_to)
        return products.in_stock() if in_stock else products

    def sorted_by(self, sort):
        return self.order_by(*SORTS[sort])

    def with_sums(self):
        """With the variants, pieces in stock and reviews of each product, from subqueries by their indexes."""
        variants = self.model._meta.get_field("variants").related_model
        ratings = self.model._meta.get_field("ratings").related_model
        return self.annotate(
            own_variants=own(variants, Count("pk")),
            own_pieces=own(variants, Sum("stock")),
            own_reviews=own(ratings, Count("pk")),
        )

    def for_cards(self):
        """With all that a card of the list shows: three statements for a page, whatever belongs to its products.

        Averages come from subqueries, because a join would count each rating once for every tag and image.
        `main_images` holds at most one image.
        """
        images = self.model._meta.get_field("images").related_model
        ratings = self.model._meta.get_field("ratings").related_model
        of_product = ratings.objects.filter(product=OuterRef("pk")).order_by().values("product")
        return (
            self.select_related("brand")
            .prefetch_related("tags", Prefetch("images", images.objects.filter(is_main=True), to_attr="main_images"))
            .annotate(
                average=Subquery(of_product.annotate(value=Avg("stars")).values("value")),
                rating_count=Coalesce(
                    Subquery(of_product.annotate(value=Count("pk")).values("value")),
                    0,
                    output_field=IntegerField(),
                ),
            )
        )
