"""What can be asked of products, each question a queryset that can be chained."""

from django.apps import apps
from django.db import models
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, Subquery

#: The orders that the list offers. Each ends in the key, so that a page never repeats or skips a product.
SORTS = {
    "newest": ("-added_at", "-id"),
    "price": ("price", "id"),
    "-price": ("-price", "-id"),
    "name": ("name", "id"),
}


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

    def with_card_columns(self):
        """With the columns of a card beside the product's own; the tags come in one statement more."""
        image = apps.get_model("catalogue", "ProductImage").objects.filter(product=OuterRef("pk"), is_main=True)
        rating = apps.get_model("catalogue", "Rating").objects.filter(product=OuterRef("pk"))
        rating = rating.order_by().values("product")
        return self.prefetch_related("tags").annotate(
            brand_name=F("brand__name"),
            picture=Subquery(image.values("drawing")),
            picture_text=Subquery(image.values("alt")),
            average=Subquery(rating.annotate(average=Avg("stars")).values("average")),
            rating_count=Subquery(rating.annotate(count=Count("pk")).values("count")),
        )
