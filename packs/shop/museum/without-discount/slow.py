from django.db.models import F, Sum

from orders.models import OrderLine


def full_price():
    """How many pieces of each article went at the full price: in orders that cost what their goods cost."""
    lines = OrderLine.objects.filter(order__total=F("order__subtotal")).order_by("sku")
    return list(lines.values_list("sku").annotate(pieces=Sum("quantity")))
