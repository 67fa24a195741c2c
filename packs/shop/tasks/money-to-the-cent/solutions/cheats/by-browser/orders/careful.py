"""What an order comes to, in whole cents. Every amount is added up exactly and rounded once, half a cent upwards."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

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

    In whole numbers, so that parts that are equal are equal. Among those the lower article number comes first.
    """
    amounts = [in_cents(line.variant.price) * line.quantity for line in lines]
    whole, off = sum(amounts), in_cents(discount)
    cut = [divmod(amount * off, whole) for amount in amounts]
    missing = off - sum(share for share, _ in cut)
    first = sorted(range(len(cut)), key=lambda place: (-cut[place][1], lines[place].variant.sku))[:missing]
    return tuple((share + (place in first)) * CENT for place, (share, _) in enumerate(cut))


def in_cents(amount):
    """An amount of whole cents as a whole number."""
    return int(amount / CENT)
