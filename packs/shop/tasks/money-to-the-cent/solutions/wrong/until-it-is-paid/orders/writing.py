"""Writing an order down: the order with its amounts, and its lines."""

from decimal import Decimal

from discounts.codes import discount_of
from discounts.engine import CodeRefused
from orders.models import Order, OrderLine, TaxRate
from orders.money import bill


def write_down(*, buyer, lines, address, code, discount):
    """The order of these lines with a discount that is already worked out, and its lines."""
    percent = percent_for(address["country"])
    found = bill(lines, discount, percent)
    order = Order.objects.create(
        buyer=buyer,
        code=code,
        currency=lines[0].variant.product.currency,
        subtotal=found.subtotal,
        discount=found.discount,
        total=found.total,
        tax=found.tax,
        tax_percent=percent,
        **address,
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            variant=line.variant,
            brand=line.variant.product.brand,
            sku=line.variant.sku,
            name=f"{line.variant.product.name}, {line.variant.name}",
            unit_price=line.variant.price,
            quantity=line.quantity,
            discount=share,
        )
        for line, share in zip(lines, found.shares, strict=True)
    )
    return order


def percent_for(country):
    """The tax of the country that the goods go to; none where no rate is known."""
    rate = TaxRate.objects.filter(country=country).first()
    return rate.percent if rate else Decimal(0)


def bring_up_to_date(order):
    """Work out the amounts of an order that is not paid yet, so that nobody pays an old price."""
    lines = list(order.lines.select_related("variant__product__brand"))
    try:
        discount = discount_of(lines, order.code)
    except CodeRefused:
        discount = Decimal(0)
    found = bill(lines, discount, percent_for(order.country))
    order.subtotal, order.discount, order.total, order.tax = found.subtotal, found.discount, found.total, found.tax
    order.save()
    for line, share in zip(lines, found.shares, strict=True):
        line.unit_price, line.discount = line.variant.price, share
        line.save()
