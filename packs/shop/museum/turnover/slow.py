from collections import defaultdict

from orders.models import Order, OrderLine

SOLD = [Order.Status.PAID, Order.Status.PACKED, Order.Status.SENT, Order.Status.DELIVERED]


def turnover():
    """What each maker has sold."""
    sums = defaultdict(int)
    for line in OrderLine.objects.filter(order__status__in=SOLD).select_related("brand"):
        sums[line.brand.name] += line.amount
    return sorted(sums.items())
