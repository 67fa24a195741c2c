from django.db.models import Count, Q

from catalogue.models import Brand


def makers_page():
    """Every maker with how many products it has for sale."""
    for_sale = Count("products", filter=Q(products__published=True))
    return [(maker.name, maker.for_sale) for maker in Brand.objects.order_by("name").annotate(for_sale=for_sale)]
