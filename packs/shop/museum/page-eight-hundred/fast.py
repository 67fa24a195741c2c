from catalogue.models import Product

PAGE_SIZE = 24


def page(after):
    """The page of everything for sale that follows a product, the newest first."""
    added_at, pk = after
    products = Product.objects.published().order_by("-added_at", "-pk")
    products = products.filter(added_at__lte=added_at).exclude(added_at=added_at, pk__gte=pk)
    return [(product.sku, product.name) for product in products[:PAGE_SIZE]]
