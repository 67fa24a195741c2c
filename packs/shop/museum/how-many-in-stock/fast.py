from django.db.models import Exists, OuterRef

from catalogue.models import Product, Variant


def in_stock():
    """How many products can be bought today."""
    on_the_shelf = Variant.objects.filter(product=OuterRef("pk"), stock__gt=0)
    return Product.objects.published().filter(Exists(on_the_shelf)).count()
