from orders.models import Reservation


def held_too_long(now):
    """Goods that are held for orders which nobody paid in time."""
    held = Reservation.objects.filter(state=Reservation.State.HELD, expires_at__lte=now).order_by("expires_at", "pk")
    return [(one.order_id, one.variant_id, one.quantity) for one in held[:50]]
