"""What a discount comes to. Pure: plain values in and out, no tables, no clock. `SPEC.md` says the rules in words."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

#: The tag of goods of which every third piece is free.
THREE_FOR_TWO = "3-for-2"

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So many pieces of something, at this price each."""

    brand: str
    unit_price: Decimal
    quantity: int
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A discount code: `percent` or `amount` off, from `minimum` on, on the days from `first_day` to `last_day`."""

    word: str
    percent: Decimal | None = None
    amount: Decimal | None = None
    minimum: Decimal = Decimal(0)
    first_day: date | None = None
    last_day: date | None = None
    not_for_brands: frozenset[str] = frozenset()
    not_for_tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What every third piece saves, what the code takes off, and both together."""

    three_for_two: Decimal
    code: Decimal

    @property
    def total(self) -> Decimal:
        return self.three_for_two + self.code


class CodeRefused(Exception):
    """The code can't be used here and now. `reason`: `unknown`, `early`, `late`, `nothing` or `minimum`."""

    def __init__(self, reason: str, words: str = "") -> None:
        super().__init__(words or reason)
        self.reason = reason


def work_out(lines: list[Line], code: Code | None, today: date) -> Result:
    """The discount of a basket. Raises CodeRefused."""
    free = free_pieces(lines, code)
    saved = sum((line.unit_price * count for line, count in zip(lines, free, strict=True)), Decimal(0))
    if code is None:
        return Result(three_for_two=cents(saved), code=cents(Decimal(0)))
    refuse_wrong_day(code, today)
    counted = [
        line.unit_price * (line.quantity - count)
        for line, count in zip(lines, free, strict=True)
        if counts_for(code, line)
    ]
    off = taken_off(code, counted)
    return Result(three_for_two=cents(saved), code=cents(saved + off) - cents(saved))


def free_pieces(lines: list[Line], code: Code | None) -> list[int]:
    """How many pieces of each line are free: of a brand's marked pieces every third, counted from the dearest.

    At the same price the code's own goods come first, so that the order of the lines changes nothing.
    """

    def place_in_row(place: int) -> tuple[Decimal, bool]:
        return -lines[place].unit_price, code is not None and not counts_for(code, lines[place])

    free = [0] * len(lines)
    for brand in dict.fromkeys(line.brand for line in lines):
        pieces = [
            place
            for place, line in enumerate(lines)
            if line.brand == brand and THREE_FOR_TWO in line.tags
            for _ in range(line.quantity)
        ]
        for place in sorted(pieces, key=place_in_row)[2::3]:
            free[place] += 1
    return free


def refuse_wrong_day(code: Code, today: date) -> None:
    """Both days belong to the time in which a code can be used."""
    if code.first_day is not None and today < code.first_day:
        raise CodeRefused("early", f"This code can be used from {code.first_day:%-d %B %Y} on.")
    if code.last_day is not None and today > code.last_day:
        raise CodeRefused("late", f"This code could be used until {code.last_day:%-d %B %Y}.")


def counts_for(code: Code, line: Line) -> bool:
    """Whether a code is for these goods: neither their brand nor one of their tags is left out."""
    return line.brand not in code.not_for_brands and not (line.tags & code.not_for_tags)


def taken_off(code: Code, counted: list[Decimal]) -> Decimal:
    """What the code takes off the goods that it is for, never more than they come to; not rounded."""
    if not counted:
        raise CodeRefused("nothing", "Nothing in your basket is meant by this code.")
    base = sum(counted, Decimal(0))
    if base < code.minimum:
        raise CodeRefused("minimum", f"This code needs goods for {code.minimum} or more.")
    if code.percent is not None:
        return base * code.percent / 100
    return min(code.amount or Decimal(0), base)


def cents(amount: Decimal) -> Decimal:
    """Whole cents, half a cent upwards."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
