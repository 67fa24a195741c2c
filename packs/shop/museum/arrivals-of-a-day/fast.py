from datetime import UTC, datetime, time, timedelta

from catalogue.models import Product


def arrivals(day):
    """What came in on one day."""
    begins = datetime.combine(day, time(), tzinfo=UTC)
    products = Product.objects.published().filter(added_at__gte=begins, added_at__lt=begins + timedelta(days=1))
    return [(product.sku, product.name) for product in products.order_by("-added_at", "-pk")]
