"""Money that came when its order was over already: it goes back."""

from orders.models import Order
from payments.client import refund
from payments.models import Payment


def owed():
    """Payments of orders that had expired or were cancelled when the money came: all of it goes back."""
    over = (Order.Status.EXPIRED, Order.Status.CANCELLED)
    return Payment.objects.filter(status=Payment.Status.PAID, order__status__in=over).order_by("pk")


def give_back(payment):
    """Ask for all that is left of a payment; that it has gone back is told by a message, as always.

    The key is the same until some of it has gone back. Raises ProviderUnavailable; not to be called in a transaction.
    """
    refund(payment, payment.amount - payment.refunded, key=f"late-{payment.provider_id}-{payment.refunded}")
