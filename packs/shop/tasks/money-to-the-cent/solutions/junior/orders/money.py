"""What an order comes to: its discount by lines, its total, and the tax in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bill:
    """The amounts of an order; `shares` are what each line carries of the discount, in the order of the lines."""

    subtotal: float
    discount: float
    tax: float
    total: float
    shares: list[float]


def bill(lines, discount, percent):
    """The amounts of these lines with a discount and a tax of so many percent."""
    amounts = [float(line.variant.price) * line.quantity for line in lines]
    subtotal = round(sum(amounts), 2)
    shares = [round(float(discount) * amount / subtotal, 2) for amount in amounts]
    total = round(subtotal - float(discount), 2)
    return Bill(subtotal, round(float(discount), 2), tax_in(total, percent), total, shares)


def tax_in(amount, percent):
    """The tax that a price contains."""
    return round(amount * float(percent) / (100 + float(percent)), 2)
