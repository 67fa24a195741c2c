from catalogue.models import Product


def arrivals(day):
    """What came in on one day."""
    products = Product.objects.published().filter(added_at__date=day).order_by("-added_at", "-pk")
    return [(product.sku, product.name) for product in products]
