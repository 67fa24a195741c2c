"""What the provider told, applied to the payment and its order."""

from decimal import Decimal

from orders.models import Order
from orders.states import change_status
from payments.models import Payment

Status = Payment.Status


def process(event, *, skip_locked=False):
    """Do what a message says that somebody put into the table by hand."""
    apply(event.payload)
    return True


def apply(content):
    """Do what a message says."""
    payment = Payment.objects.get(provider_id=content["data"]["payment"])
    if content["type"] == "payment.succeeded":
        succeed(payment)
    elif content["type"] == "payment.declined":
        payment.status = Status.DECLINED
        payment.save()
    elif content["type"] == "payment.refunded":
        give_back(payment, Decimal(content["data"]["refunded"]))


def succeed(payment):
    """The money is there."""
    if payment.status != Status.PAID:
        payment.status = Status.PAID
        payment.save()
        change_status(payment.order, Order.Status.PAID)


def give_back(payment, amount):
    """Money has gone back; when all has, the order is refunded."""
    payment.refunded += amount
    payment.save()
    if payment.refunded == payment.amount:
        payment.status = Status.REFUNDED
        payment.save()
        change_status(payment.order, Order.Status.REFUNDED)
