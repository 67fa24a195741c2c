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
    """Apply a stored message, unless that was done; whether it could be applied by now.

    One of a payment that the shop does not know yet waits: `manage.py process_events` takes it up again. With
    `skip_locked` one whose payment somebody else has in hand is left to them.
    """
    with transaction.atomic():
        payments = Payment.objects.select_for_update(skip_locked=skip_locked)
        payment = payments.filter(provider_id=event.provider_id).first()
        if payment is None:
            return False
        event.refresh_from_db()  # whoever held the payment may have applied it meanwhile
        if event.processed_at is not None:
            return True
        apply(payment, event)
        event.processed_at = Now()
        event.save(update_fields=["processed_at"])
    return True


def apply(payment, event):
    """What holds for a payment after a message; kinds that are not known change nothing."""
    if event.kind == "payment.succeeded":
        succeed(payment)
    elif event.kind == "payment.declined" and payment.status == Status.STARTED:
        payment.status = Status.DECLINED
        payment.save(update_fields=["status"])
    elif event.kind == "payment.refunded":
        give_back(payment, event)


def succeed(payment):
    """The money is there. What was given back before stays so, and an order that is past paying goes no further."""
    if payment.status in (Status.STARTED, Status.DECLINED):
        payment.status = Status.PAID
        payment.save(update_fields=["status"])
        step(payment.order, Order.Status.PAID)


def give_back(payment, event):
    """The message says how much has gone back in all, so that a repeated or late one adds nothing."""
    succeed(payment)
    payment.refunded = min(max(payment.refunded, refunded_of(event.payload)), payment.amount)
    if payment.refunded == payment.amount:
        payment.status = Status.REFUNDED
        step(payment.order, Order.Status.REFUNDED)
    payment.save(update_fields=["refunded", "status"])


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
