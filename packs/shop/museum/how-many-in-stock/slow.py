from catalogue.models import Product


def in_stock():
    """How many products can be bought today."""
    return Product.objects.published().filter(variants__stock__gt=0).distinct().count()
