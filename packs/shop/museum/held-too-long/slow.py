from orders.models import Reservation

OVER = [Reservation.State.TAKEN, Reservation.State.RELEASED]


def held_too_long(now):
    """Goods that are held for orders which nobody paid in time."""
    held = Reservation.objects.exclude(state__in=OVER).filter(expires_at__lte=now).order_by("expires_at", "pk")
    return [(one.order_id, one.variant_id, one.quantity) for one in held[:50]]
