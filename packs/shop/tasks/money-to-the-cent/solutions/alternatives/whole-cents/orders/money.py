"""Money as a value: whole cents, which are added, divided and handed out without losing one."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """So many cents."""

    cents: int

    @classmethod
    def of(cls, amount):
        """From a decimal of whole cents."""
        return cls(int(Decimal(amount).scaleb(2)))

    @property
    def amount(self):
        return Decimal(self.cents).scaleb(-2)

    def __add__(self, other):
        return Money(self.cents + other.cents)

    def __sub__(self, other):
        return Money(self.cents - other.cents)

    def __mul__(self, many):
        return Money(self.cents * many)

    def contained(self, percent):
        """What of it is so many percent on top of the rest, half a cent upwards."""
        part = int(percent.scaleb(2))
        whole, rest = divmod(self.cents * part, part + 10_000)
        return Money(whole + (2 * rest >= part + 10_000))

    def handed_out(self, amounts, names):
        """In proportion to amounts, by the largest remainder; among equals by name."""
        whole = sum(amount.cents for amount in amounts)
        parts = [self.cents * amount.cents // whole for amount in amounts]
        rests = [self.cents * amount.cents % whole for amount in amounts]
        for _ in range(self.cents - sum(parts)):
            place = min(range(len(parts)), key=lambda one: (-rests[one], names[one]))
            parts[place] += 1
            rests[place] = -1
        return [Money(part) for part in parts]


@dataclass(frozen=True, slots=True)
class Bill:
    """The amounts of an order; `shares` in the order of the lines."""

    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal
    shares: list


def bill(lines, discount, percent):
    """The amounts of these lines with a discount and a tax of so many percent."""
    amounts = [Money.of(line.variant.price) * line.quantity for line in lines]
    subtotal, off = sum(amounts, Money(0)), Money.of(discount)
    total = subtotal - off
    shares = off.handed_out(amounts, [line.variant.sku for line in lines])
    return Bill(
        subtotal.amount, off.amount, total.contained(percent).amount, total.amount, [one.amount for one in shares]
    )
