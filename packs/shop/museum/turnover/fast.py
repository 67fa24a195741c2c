from django.db.models import F, Sum

from orders.models import Order, OrderLine

SOLD = [Order.Status.PAID, Order.Status.PACKED, Order.Status.SENT, Order.Status.DELIVERED]


def turnover():
    """What each maker has sold."""
    lines = OrderLine.objects.filter(order__status__in=SOLD).order_by("brand__name")
    return list(lines.values_list("brand__name").annotate(sold=Sum(F("unit_price") * F("quantity"))))
