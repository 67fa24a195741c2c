"""What an order comes to. Amounts are decimals, and are rounded once, half a cent upwards."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Amounts:
    """The sums that stand below a basket and on an invoice."""

    subtotal: Decimal
    discount: Decimal

    @property
    def total(self):
        return self.subtotal - self.discount


def cents(amount):
    """An amount in whole cents, half a cent upwards."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def subtotal_of(lines):
    """What the lines come to, without a discount."""
    return cents(sum((line.variant.price * line.quantity for line in lines), Decimal(0)))
