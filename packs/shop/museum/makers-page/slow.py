from catalogue.models import Brand


def makers_page():
    """Every maker with how many products it has for sale."""
    makers = Brand.objects.order_by("name").prefetch_related("products")
    return [(maker.name, sum(product.published for product in maker.products.all())) for maker in makers]
