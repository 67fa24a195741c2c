"""SH3: the rules of the brief, in whole cents and whole numbers alone. What the judge holds amounts against."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: A percentage is kept in hundredths: 19 % is 1900.
WHOLE = 10_000

_WRITTEN = re.compile(r"(-?)(\d{1,14})(?:\.(\d{1,20}))?")


@dataclass(frozen=True, slots=True)
class Sold:
    """So many pieces of one article at a price in cents."""

    sku: str
    price: int
    quantity: int

    @property
    def amount(self) -> int:
        """What they come to."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Amounts:
    """What an order has to hold, in cents; `shares` in the order of the lines."""

    subtotal: int
    discount: int
    tax: int
    total: int
    shares: tuple[int, ...]


def amounts_of(lines: Sequence[Sold], discount: int, percent: int) -> Amounts:
    """The amounts of an order by the rules."""
    subtotal = sum(line.amount for line in lines)
    total = subtotal - discount
    return Amounts(subtotal, discount, tax_in(total, percent), total, shares_of(discount, lines))


def tax_in(total: int, percent: int) -> int:
    """The tax that an amount contains, half a cent upwards."""
    return _half_up(total * percent, WHOLE + percent)


def percent_of(amount: int, percent: int) -> int:
    """So many percent of an amount, half a cent upwards: what a code of the shop takes off."""
    return _half_up(amount * percent, WHOLE)


def shares_of(discount: int, lines: Sequence[Sold]) -> tuple[int, ...]:
    """What each line carries of a discount: cut off, and the rest by the largest part that was cut off."""
    subtotal = sum(line.amount for line in lines)
    cut = [divmod(line.amount * discount, subtotal) for line in lines]
    missing = discount - sum(share for share, _ in cut)
    order = sorted(range(len(lines)), key=lambda place: (-cut[place][1], lines[place].sku))
    more = set(order[:missing])
    return tuple(share + (place in more) for place, (share, _) in enumerate(cut))


def cents_of(written: str) -> int | None:
    """Whole cents of an amount as PostgreSQL or a page writes it; None for what is no such amount."""
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return None
    sign, whole, part = match[1], match[2], (match[3] or "").rstrip("0")
    if len(part) > 2:
        return None
    cents = int(whole) * 100 + int(part.ljust(2, "0"))
    return -cents if sign else cents


def written(cents: int) -> str:
    """An amount as pages write it, with two decimals."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def _half_up(above: int, below: int) -> int:
    return (2 * above + below) // (2 * below)
