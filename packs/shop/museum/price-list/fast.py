from catalogue.models import Product


def price_list():
    """What everything costs, by maker and name."""
    products = Product.objects.order_by("brand__name", "name", "pk")
    return list(products.values_list("brand__name", "sku", "name", "price"))
