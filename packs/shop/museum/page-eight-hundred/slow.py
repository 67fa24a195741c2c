from catalogue.models import Product

PAGE_SIZE = 24


def page(number):
    """One page of everything for sale, the newest first."""
    products = Product.objects.published().order_by("-added_at", "-pk")
    start = (number - 1) * PAGE_SIZE
    return [(product.sku, product.name) for product in products[start : start + PAGE_SIZE]]
