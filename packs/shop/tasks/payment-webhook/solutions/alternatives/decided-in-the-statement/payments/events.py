"""What the provider told, stored once and applied once, whatever the order in which it comes.

A message is stored before anything is made of it, and its id is unique, so that a repeated one is known. Applying it
locks the payment; each kind says what holds afterwards and not what changes, so that any order ends in the same state.
"""

from decimal import Decimal, InvalidOperation

from django.db import DataError, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least, Now

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
    """Apply a stored message; whether its payment is known. Nothing is read to be decided by.

    Twice the same has no second effect: every statement says what must hold for it to change anything.
    """
    with transaction.atomic():
        payment = Payment.objects.filter(provider_id=event.provider_id)
        if not payment.exists():
            return False
        apply(payment, event)
        ProviderEvent.objects.filter(pk=event.pk, processed_at=None).update(processed_at=Now())
    return True


def apply(payment, event):
    """What holds for a payment after a message; kinds that are not known change nothing."""
    if event.kind == "payment.succeeded":
        succeed(payment)
    elif event.kind == "payment.declined":
        payment.filter(status=Status.STARTED).update(status=Status.DECLINED)
    elif event.kind == "payment.refunded":
        succeed(payment)
        payment.update(refunded=Least(F("amount"), Greatest(F("refunded"), refunded_of(event.payload))))
        if payment.filter(status=Status.PAID, refunded=F("amount")).update(status=Status.REFUNDED):
            step(payment.get().order, Order.Status.REFUNDED)


def succeed(payment):
    """The money is there, unless that was known."""
    if payment.filter(status__in=(Status.STARTED, Status.DECLINED)).update(status=Status.PAID):
        step(payment.get().order, Order.Status.PAID)


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
