"""How an order may go on: one table, one way through it, and what each step does to the stock."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalogue.models import Variant
from orders.models import Order, OrderEvent, Reservation

Status = Order.Status

#: From each status to those that may follow. What is not here is at its end.
NEXT = {
    Status.PLACED: {Status.PAID, Status.CANCELLED, Status.EXPIRED},
    Status.PAID: {Status.PACKED, Status.REFUNDED},
    Status.PACKED: {Status.SENT, Status.REFUNDED},
    Status.SENT: {Status.DELIVERED, Status.REFUNDED},
    Status.DELIVERED: {Status.REFUNDED},
}

#: Steps after which the goods lie on the shelf again: they have not left the house.
GIVES_BACK = {
    (Status.PLACED, Status.CANCELLED),
    (Status.PLACED, Status.EXPIRED),
    (Status.PAID, Status.REFUNDED),
    (Status.PACKED, Status.REFUNDED),
}


class IllegalChange(Exception):
    """The order is not at a status from which it can become that."""

    def __init__(self, order, after):
        before = order.get_status_display().lower()
        super().__init__(f"Order {order.number} can't become {Status(after).label.lower()}: it is {before}.")


def may_become(order, after):
    """Whether this step is in the table."""
    return after in NEXT.get(order.status, ())


@transaction.atomic
def change_status(order, after, *, by=None):
    """Take one step, with its event and what it means for the stock; five statements and one for each variant.

    The row is locked first, so that of two steps at the same time the second sees what the first one did. Raises
    IllegalChange, and changes nothing then.
    """
    locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    if not may_become(locked, after):
        raise IllegalChange(locked, after)
    before, locked.status = locked.status, after
    locked.save(update_fields=["status"])
    OrderEvent.objects.create(order=locked, before=before, after=after, by=by)
    if (before, after) in GIVES_BACK:
        release(locked)
    elif after == Status.PAID:
        locked.reservations.filter(state=Reservation.State.HELD).update(state=Reservation.State.TAKEN)
    order.status = after
    return order


def release(order):
    """Give back what the order holds."""
    held = order.reservations.select_for_update().exclude(state=Reservation.State.RELEASED).order_by("variant_id")
    for reservation in held:
        Variant.objects.filter(pk=reservation.variant_id).update(stock=F("stock") + reservation.quantity)
    order.reservations.update(state=Reservation.State.RELEASED)


def expire(order, *, now=None):
    """Let go of an order that nobody paid in time; whether that was so. Safe to call at any time, by anybody."""
    unpaid = order.reservations.filter(expires_at__lte=now or timezone.now())
    with transaction.atomic():
        waiting = Order.objects.select_for_update(no_key=True, skip_locked=True).filter(
            pk=order.pk, status=Status.PLACED
        )
        if waiting.first() is None or not unpaid.exists():
            return False
        change_status(order, Status.EXPIRED)
    return True
