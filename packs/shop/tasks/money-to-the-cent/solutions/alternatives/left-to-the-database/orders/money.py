"""What an order comes to, in whole cents. Every amount is added up exactly and rounded once, half a cent upwards."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Bill:
    """The amounts of an order; `shares` are what each line carries of the discount, in the order of the lines."""

    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    shares: tuple[Decimal, ...]

    @property
    def total(self):
        return self.subtotal - self.discount


def bill(lines, discount, percent):
    """The amounts of these lines with a discount and a tax of so many percent."""
    subtotal = sum((line.variant.price * line.quantity for line in lines), Decimal(0))
    return Bill(subtotal, discount, tax_in(subtotal - discount, percent), shares_of(discount, lines))


def tax_in(total, percent):
    """The tax that a price contains."""
    return (total * percent / (100 + percent)).quantize(CENT, rounding=ROUND_HALF_UP)


def shares_of(discount, lines):
    """What each line carries: cut off to whole cents, and the missing ones to the largest parts that were cut off.

    In fractions, so that parts that are equal are equal. Among those the lower article number comes first.
    """
    amounts = [Fraction(line.variant.price) * line.quantity for line in lines]
    exact = [100 * Fraction(discount) * amount / sum(amounts) for amount in amounts]
    shares = [floor(share) for share in exact]
    by_rest = sorted(range(len(lines)), key=lambda one: (shares[one] - exact[one], lines[one].variant.sku))
    for place in by_rest[: int(100 * discount) - sum(shares)]:
        shares[place] += 1
    return tuple(share * CENT for share in shares)
