from django.db.models import Q

from catalogue.models import Product


def find(number):
    """The product with this number, or one of whose variants has it."""
    products = Product.objects.filter(Q(sku=number) | Q(variants__sku=number)).distinct()
    return [(product.sku, product.name) for product in products.order_by("pk")]
