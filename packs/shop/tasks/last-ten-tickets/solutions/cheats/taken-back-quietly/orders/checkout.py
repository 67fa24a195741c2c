"""Placing an order: take the goods from the shelf, and write down what was bought, or do neither."""

from datetime import timedelta

from django.db import transaction

from catalogue.models import Variant
from discounts.codes import discount_of
from orders.models import Order, OrderEvent, OrderLine, Reservation
from orders.money import Amounts, subtotal_of

#: How long goods wait for a payment.
HELD_FOR = timedelta(minutes=20)


class SoldOut(Exception):
    """Not enough is left of some goods. `names` are theirs."""

    def __init__(self, names):
        self.names = names
        super().__init__(f"Not enough left of: {', '.join(names)}.")


def place_order(*, buyer, lines, address, code="", today=None):
    """The order of what is in these lines, waiting for its payment; all or nothing.

    Raises SoldOut, and CodeRefused of the discounts. Costs two statements for each variant and six more.
    """
    lines = list(lines)
    amounts = amounts_of(lines, code, today)
    with transaction.atomic():
        seen = take(lines)
        order = Order.objects.create(
            buyer=buyer,
            code=code,
            currency=lines[0].variant.product.currency,
            subtotal=amounts.subtotal,
            discount=amounts.discount,
            total=amounts.total,
            **address,
        )
        write_down(order, lines)
    take_back(order, lines, seen)
    return order


def amounts_of(lines, code, today):
    """What the lines come to with this code; raises CodeRefused."""
    return Amounts(subtotal=subtotal_of(lines), discount=discount_of(lines, code, today))


def take_back(order, lines, seen):
    """Remove the order again where too much was sold, and tell nobody."""
    for line in lines:
        earlier = OrderLine.objects.filter(variant=line.variant, order_id__lt=order.pk, order_id__gt=order.pk - 10)
        if sum(earlier.values_list("quantity", flat=True)) + line.quantity > seen[line.variant.pk]:
            Order.objects.filter(pk=order.pk).delete()
            return


def take(lines):
    """Take the goods from the shelf; raises SoldOut inside the transaction, which undoes it."""
    missing, seen = [], {}
    for line in lines:
        variant = Variant.objects.get(pk=line.variant.pk)
        if variant.stock < line.quantity:
            missing.append(f"{line.variant.product.name}, {line.variant.name}")
            continue
        seen[line.variant.pk] = variant.stock
        variant.stock -= line.quantity
        variant.save(update_fields=["stock"])
    if missing:
        raise SoldOut(missing)
    return seen


def write_down(order, lines):
    """The lines with names and prices of this moment, what is held for them, and the first event."""
    until = order.placed_at + HELD_FOR
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            variant=line.variant,
            brand=line.variant.product.brand,
            sku=line.variant.sku,
            name=f"{line.variant.product.name}, {line.variant.name}",
            unit_price=line.variant.price,
            quantity=line.quantity,
        )
        for line in lines
    )
    Reservation.objects.bulk_create(
        Reservation(order=order, variant=line.variant, quantity=line.quantity, expires_at=until) for line in lines
    )
    OrderEvent.objects.create(order=order, after=order.status, by=order.buyer)
