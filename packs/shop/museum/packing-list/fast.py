from orders.models import Order


def packing_list():
    """Who waits for a parcel: order, buyer, address."""
    orders = Order.objects.filter(status=Order.Status.PACKED).order_by("placed_at", "pk").select_related("buyer")
    return [(order.number, order.buyer.get_full_name(), order.buyer.email, order.city) for order in orders]
