from django.db.models import Prefetch

from catalogue.models import Product, Variant


def shelf_check(brand):
    """What of a brand's goods can be bought right now, with what is left of each."""
    on_the_shelf = Prefetch("variants", Variant.objects.filter(stock__gt=0), to_attr="on_the_shelf")
    products = Product.objects.filter(brand=brand).order_by("pk").prefetch_related(on_the_shelf)
    return [(product.sku, [(variant.name, variant.stock) for variant in product.on_the_shelf]) for product in products]
