from catalogue.models import Product


def price_list():
    """What everything costs, by maker and name."""
    products = Product.objects.select_related("brand").order_by("brand__name", "name", "pk")
    return [(product.brand.name, product.sku, product.name, product.price) for product in products]
