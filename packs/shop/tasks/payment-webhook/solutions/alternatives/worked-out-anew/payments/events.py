"""What the provider told, stored once and applied once, whatever the order in which it comes.

A message is stored before anything is made of it, and its id is unique, so that a repeated one is known. Applying it
locks the payment; each kind says what holds afterwards and not what changes, so that any order ends in the same state.
"""

from decimal import Decimal, InvalidOperation

from django.db import DataError, transaction
from django.db.models.functions import Now

from orders.models import Order
from orders.states import IllegalChange, change_status
from payments.models import Payment, ProviderEvent

Status = Payment.Status


class EventRefused(Exception):
    """A signed message that nobody can make sense of."""


def store(event_id, content):
    """Keep a message; the row, and whether it is new. One statement, four for a new one.

    What no table can hold, or nobody could make sense of later either, is refused here: it must not wait for ever.
    """
    try:
        kind, provider_id = content["type"], content["data"]["payment"]
    except (KeyError, TypeError) as error:
        raise EventRefused("type or payment is missing") from error
    if not isinstance(kind, str) or not isinstance(provider_id, str):
        raise EventRefused("type or payment is no text")
    if kind == "payment.refunded":
        refunded_of(content)
    try:
        return ProviderEvent.objects.get_or_create(
            event_id=event_id, defaults={"kind": kind, "provider_id": provider_id, "payload": content}
        )
    except DataError as error:
        raise EventRefused("a text is too long or holds what can't be stored") from error


def process(event, *, skip_locked=False):
    """Work out the payment anew from all that was ever told of it; whether the payment is known.

    The order of messages and their number do not matter, because none changes anything by itself.
    """
    with transaction.atomic():
        payments = Payment.objects.select_for_update(skip_locked=skip_locked)
        payment = payments.filter(provider_id=event.provider_id).first()
        if payment is None:
            return False
        told = ProviderEvent.objects.filter(provider_id=event.provider_id)
        work_out(payment, list(told.values_list("kind", "payload")))
        told.filter(processed_at=None).update(processed_at=Now())
    return True


def work_out(payment, told):
    """What holds after these messages, and the steps of the order that follow from it."""
    kinds = {kind for kind, _ in told}
    amounts = [refunded_of(content) for kind, content in told if kind == "payment.refunded"]
    payment.refunded = min(max(amounts, default=Decimal(0)), payment.amount)
    if amounts and payment.refunded == payment.amount:
        payment.status = Status.REFUNDED
    elif amounts or "payment.succeeded" in kinds:
        payment.status = Status.PAID
    elif "payment.declined" in kinds:
        payment.status = Status.DECLINED
    payment.save(update_fields=["refunded", "status"])
    if payment.status in (Status.PAID, Status.REFUNDED):
        step(payment.order, Order.Status.PAID)
    if payment.status == Status.REFUNDED:
        step(payment.order, Order.Status.REFUNDED)


def refunded_of(content):
    """How much has gone back in all, as a message tells it."""
    try:
        refunded = Decimal(str(content["data"]["refunded"]))
    except (KeyError, TypeError, InvalidOperation) as error:
        raise EventRefused("refunded is missing") from error
    if not refunded.is_finite() or refunded < 0:
        raise EventRefused("refunded is no amount")
    return refunded


def step(order, after):
    """A step of the order, where it can be taken. One that was over before it was paid stays so: see `late.py`."""
    try:
        change_status(order, after)
    except IllegalChange:
        return
