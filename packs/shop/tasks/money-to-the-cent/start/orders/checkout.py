"""Placing an order: take the goods from the shelf, and write down what was bought, or do neither."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from catalogue.models import Variant
from discounts.codes import discount_of
from orders.models import OrderEvent, Reservation
from orders.writing import write_down

#: How long goods wait for a payment.
HELD_FOR = timedelta(minutes=20)


class SoldOut(Exception):
    """Not enough is left of some goods. `names` are theirs."""

    def __init__(self, names):
        self.names = names
        super().__init__(f"Not enough left of: {', '.join(names)}.")


def place_order(*, buyer, lines, address, code="", today=None):
    """The order of what is in these lines, waiting for its payment; all or nothing.

    Raises SoldOut, and CodeRefused of the discounts. Costs an UPDATE for each variant and seven statements.
    """
    lines = list(lines)
    discount = discount_of(lines, code, today)
    with transaction.atomic():
        take(lines)
        order = write_down(buyer=buyer, lines=lines, address=address, code=code, discount=discount)
        hold(order, lines)
    return order


def take(lines):
    """Take the goods from the shelf, each only if enough is left; SoldOut is raised in the transaction, and undoes it.

    The condition is part of the UPDATE, so nobody can come between reading and writing. Everybody takes in the order of
    the variants' numbers, so that two baskets with the same goods don't wait for each other.
    """
    missing = []
    for line in sorted(lines, key=lambda line: line.variant.pk):
        enough = Variant.objects.filter(pk=line.variant.pk, stock__gte=line.quantity)
        if not enough.update(stock=F("stock") - line.quantity):
            missing.append(f"{line.variant.product.name}, {line.variant.name}")
    if missing:
        raise SoldOut(missing)


def hold(order, lines):
    """What is held for an order until it is paid, and its first event."""
    until = order.placed_at + HELD_FOR
    Reservation.objects.bulk_create(
        Reservation(order=order, variant=line.variant, quantity=line.quantity, expires_at=until) for line in lines
    )
    OrderEvent.objects.create(order=order, after=order.status, by=order.buyer)
