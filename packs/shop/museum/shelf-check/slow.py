from catalogue.models import Product


def shelf_check(brand):
    """What of a brand's goods can be bought right now, with what is left of each."""
    products = Product.objects.filter(brand=brand).order_by("pk").prefetch_related("variants")
    return [
        (product.sku, [(variant.name, variant.stock) for variant in product.variants.filter(stock__gt=0)])
        for product in products
    ]
