"""Engines for SH10: right ones, written in different ways, and broken ones that differ from a right one in one rule.

All take what the stub sends (lines and a code as dictionaries, a date) and answer what it makes a result of.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

type Values = Mapping[str, Any]
type Engine = Callable[[list[Values], Values | None, date], dict[str, Any]]

MARK = "3-for-2"
CENT = Decimal("0.01")


class Refused(Exception):
    """The code can't be used, for this reason."""


class Engine1:
    """One rule a method, so that a broken engine is this one with one method replaced."""

    def __call__(self, lines: list[Values], code: Values | None, today: date) -> dict[str, Any]:
        try:
            return self.work_out(lines, code, today)
        except Refused as refusal:
            return {"refused": str(refusal), "words": self.words(str(refusal))}

    def words(self, reason: str) -> str:
        return f"This code can't be used ({reason})."

    def work_out(self, lines: list[Values], code: Values | None, today: date) -> dict[str, Any]:
        free = self.free(lines, code)
        saved = sum((one["unit_price"] * free[place] for place, one in enumerate(lines)), Decimal(0))
        if code is None:
            return {"three_for_two": self.exact(saved), "code": self.exact(Decimal(0))}
        off = self.off(lines, free, code, today)
        return self.result(saved, off)

    def off(self, lines: list[Values], free: list[int], code: Values, today: date) -> Decimal:
        self.refuse_day(code, today)
        counted = [self.left(one, free[place]) for place, one in enumerate(lines) if self.counts(code, one)]
        every = [self.left(one, free[place]) for place, one in enumerate(lines)]
        if not counted:
            return self.nothing()
        self.refuse_minimum(code, self.base(counted, every, lines))
        return self.taken(code, counted, every)

    def result(self, saved: Decimal, off: Decimal) -> dict[str, Any]:
        total = self.rounded(saved + off)
        return {"three_for_two": self.exact(saved), "code": self.exact(total - saved)}

    def exact(self, amount: Decimal) -> Decimal:
        return amount.quantize(CENT)

    def rounded(self, amount: Decimal) -> Decimal:
        return amount.quantize(CENT, rounding=ROUND_HALF_UP)

    # three for two

    def free(self, lines: list[Values], code: Values | None) -> list[int]:
        free = [0] * len(lines)
        for group in self.groups(lines):
            for place in self.chosen(lines, self.sorted(lines, group, code)):
                free[place] += 1
        return free

    def groups(self, lines: list[Values]) -> Iterator[list[int]]:
        for brand in sorted({one["brand"] for one in lines}):
            yield [
                place
                for place, one in enumerate(lines)
                if one["brand"] == brand and self.marked(one)
                for _ in range(min(one["quantity"], 10_000))
            ]

    def marked(self, line: Values) -> bool:
        return MARK in line["tags"]

    def sorted(self, lines: list[Values], pieces: list[int], code: Values | None) -> list[int]:
        return sorted(pieces, key=lambda place: (-lines[place]["unit_price"], self.is_left_out(lines[place], code)))

    def is_left_out(self, line: Values, code: Values | None) -> bool:
        return code is not None and not self.counts(code, line)

    def chosen(self, lines: list[Values], pieces: list[int]) -> list[int]:
        return pieces[2::3]

    def left(self, line: Values, free: int) -> Decimal:
        return line["unit_price"] * (line["quantity"] - free)

    # codes

    def refuse_day(self, code: Values, today: date) -> None:
        if code["first_day"] is not None and today < code["first_day"]:
            raise Refused("early")
        if code["last_day"] is not None and today > code["last_day"]:
            raise Refused("late")

    def counts(self, code: Values, line: Values) -> bool:
        return line["brand"] not in code["not_for_brands"] and not (set(line["tags"]) & set(code["not_for_tags"]))

    def nothing(self) -> Decimal:
        raise Refused("nothing")

    def base(self, counted: list[Decimal], every: list[Decimal], lines: list[Values]) -> Decimal:
        return sum(counted, Decimal(0))

    def refuse_minimum(self, code: Values, base: Decimal) -> None:
        if base < code["minimum"]:
            raise Refused("minimum")

    def taken(self, code: Values, counted: list[Decimal], every: list[Decimal]) -> Decimal:
        base = sum(counted, Decimal(0))
        if code["percent"] is not None:
            return base * code["percent"] / 100
        return min(code["amount"], base)


class Terse(Engine1):
    """Says nothing but the reason, and writes amounts without needless zeros."""

    def words(self, reason: str) -> str:
        return ""

    def exact(self, amount: Decimal) -> Decimal:
        return Decimal(int(amount)) if amount == int(amount) else amount.normalize()


class InFractions(Engine1):
    """Counts in fractions of a cent, and rounds by hand."""

    def words(self, reason: str) -> str:
        return {"early": "Zu früh.", "late": "Zu spät."}.get(reason, "Geht nicht.")

    def taken(self, code: Values, counted: list[Decimal], every: list[Decimal]) -> Any:
        base = sum(map(Fraction, counted), Fraction(0))
        share = Fraction(code["percent"]) / 100 * base if code["percent"] is not None else Fraction(code["amount"])
        return min(share, base) if code["percent"] is None else share

    def result(self, saved: Decimal, off: Any) -> dict[str, Any]:
        whole = (Fraction(saved) + off) * 100 + Fraction(1, 2)
        total = Decimal(whole.numerator // whole.denominator) / 100
        return {"three_for_two": self.exact(saved), "code": self.exact(total - saved)}


class ByPiece(Engine1):
    """Lays all pieces of a brand in a row and takes every third, instead of cutting a list."""

    def chosen(self, lines: list[Values], pieces: list[int]) -> list[int]:
        return [place for number, place in enumerate(pieces, 1) if number % 3 == 0]

    def words(self, reason: str) -> str:
        return reason.upper()


RIGHT: dict[str, Engine] = {
    "plain": Engine1(),
    "terse": Terse(),
    "in fractions": InFractions(),
    "by piece": ByPiece(),
}


class CheapestFirst(Engine1):
    def sorted(self, lines: list[Values], pieces: list[int], code: Values | None) -> list[int]:
        return sorted(pieces, key=lambda place: (lines[place]["unit_price"], self.is_left_out(lines[place], code)))


class AsTheyCome(Engine1):
    """At the same price in the order of the lines."""

    def sorted(self, lines: list[Values], pieces: list[int], code: Values | None) -> list[int]:
        return sorted(pieces, key=lambda place: -lines[place]["unit_price"])


class EveryFourth(Engine1):
    def chosen(self, lines: list[Values], pieces: list[int]) -> list[int]:
        return pieces[3::4]


class OnlyOnce(Engine1):
    def chosen(self, lines: list[Values], pieces: list[int]) -> list[int]:
        return pieces[2:3]


class AllBrandsTogether(Engine1):
    def groups(self, lines: list[Values]) -> Iterator[list[int]]:
        yield [place for group in super().groups(lines) for place in group]


class LineByLine(Engine1):
    def groups(self, lines: list[Values]) -> Iterator[list[int]]:
        for group in super().groups(lines):
            for place in sorted(set(group)):
                yield [one for one in group if one == place]


class Unmarked(Engine1):
    def marked(self, line: Values) -> bool:
        return True


class BeforeThreeForTwo(Engine1):
    def left(self, line: Values, free: int) -> Decimal:
        return line["unit_price"] * line["quantity"]


class BrandsForgotten(Engine1):
    def counts(self, code: Values, line: Values) -> bool:
        return not (set(line["tags"]) & set(code["not_for_tags"]))


class TagsForgotten(Engine1):
    def counts(self, code: Values, line: Values) -> bool:
        return line["brand"] not in code["not_for_brands"]


class AllTagsNeeded(Engine1):
    """Leaves a line out only where all of its tags are left out."""

    def counts(self, code: Values, line: Values) -> bool:
        tags, left_out = set(line["tags"]), set(code["not_for_tags"])
        return line["brand"] not in code["not_for_brands"] and not (tags and tags <= left_out)


class NothingAccepted(Engine1):
    def nothing(self) -> Decimal:
        return Decimal(0)


class NothingIsMinimum(Engine1):
    def nothing(self) -> Decimal:
        raise Refused("minimum")


class MinimumForgotten(Engine1):
    def refuse_minimum(self, code: Values, base: Decimal) -> None:
        return


class MinimumExceeded(Engine1):
    def refuse_minimum(self, code: Values, base: Decimal) -> None:
        if code["minimum"] and base <= code["minimum"]:
            raise Refused("minimum")


class MinimumOfAll(Engine1):
    def base(self, counted: list[Decimal], every: list[Decimal], lines: list[Values]) -> Decimal:
        return sum(every, Decimal(0))


class MinimumBeforeThreeForTwo(Engine1):
    def off(self, lines: list[Values], free: list[int], code: Values, today: date) -> Decimal:
        full = sum((one["unit_price"] * one["quantity"] for one in lines if self.counts(code, one)), Decimal(0))
        relaxed = {**code, "minimum": Decimal(0)} if full >= code["minimum"] else code
        return super().off(lines, free, relaxed, today)


class FirstDayShut(Engine1):
    def refuse_day(self, code: Values, today: date) -> None:
        if today == code["first_day"]:
            raise Refused("early")
        super().refuse_day(code, today)


class LastDayShut(Engine1):
    def refuse_day(self, code: Values, today: date) -> None:
        if today == code["last_day"]:
            raise Refused("late")
        super().refuse_day(code, today)


class FirstDayForgotten(Engine1):
    def refuse_day(self, code: Values, today: date) -> None:
        super().refuse_day({**code, "first_day": None}, today)


class ADayTooLong(Engine1):
    def refuse_day(self, code: Values, today: date) -> None:
        if code["last_day"] is not None and (today - code["last_day"]).days == 1:
            return
        super().refuse_day(code, today)


class LateIsEarly(Engine1):
    def refuse_day(self, code: Values, today: date) -> None:
        try:
            super().refuse_day(code, today)
        except Refused:
            raise Refused("early") from None


class DaysLast(Engine1):
    def off(self, lines: list[Values], free: list[int], code: Values, today: date) -> Decimal:
        off = super().off(lines, free, {**code, "first_day": None, "last_day": None}, today)
        self.refuse_day(code, today)
        return off


class PercentOfAll(Engine1):
    def taken(self, code: Values, counted: list[Decimal], every: list[Decimal]) -> Decimal:
        return super().taken(code, every if code["percent"] is not None else counted, every)


class AmountWithoutEnd(Engine1):
    def taken(self, code: Values, counted: list[Decimal], every: list[Decimal]) -> Decimal:
        return code["amount"] if code["percent"] is None else super().taken(code, counted, every)


class AmountUpToAll(Engine1):
    def taken(self, code: Values, counted: list[Decimal], every: list[Decimal]) -> Decimal:
        return super().taken(code, every if code["percent"] is None else counted, every)


class HalfToEven(Engine1):
    def rounded(self, amount: Decimal) -> Decimal:
        return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


class Down(Engine1):
    def rounded(self, amount: Decimal) -> Decimal:
        return amount.quantize(CENT, rounding=ROUND_DOWN)


class EachLineRounded(Engine1):
    def taken(self, code: Values, counted: list[Decimal], every: list[Decimal]) -> Decimal:
        if code["percent"] is None:
            return super().taken(code, counted, every)
        return sum((self.rounded(one * code["percent"] / 100) for one in counted), Decimal(0))


#: By the rule that each breaks.
BROKEN: dict[str, Engine] = {
    "three for two, from the cheapest": CheapestFirst(),
    "three for two, at the same price as they come": AsTheyCome(),
    "every fourth is free": EveryFourth(),
    "one free piece at most": OnlyOnce(),
    "brands counted together": AllBrandsTogether(),
    "each line for itself": LineByLine(),
    "without the mark": Unmarked(),
    "code before three for two": BeforeThreeForTwo(),
    "brands not left out": BrandsForgotten(),
    "tags not left out": TagsForgotten(),
    "left out with all tags only": AllTagsNeeded(),
    "percent of everything": PercentOfAll(),
    "amount without end": AmountWithoutEnd(),
    "amount up to everything": AmountUpToAll(),
    "half a cent to even": HalfToEven(),
    "cents cut off": Down(),
    "each line rounded": EachLineRounded(),
    "minimum of everything": MinimumOfAll(),
    "minimum before three for two": MinimumBeforeThreeForTwo(),
    "nothing is accepted": NothingAccepted(),
    "nothing is called minimum": NothingIsMinimum(),
    "minimum forgotten": MinimumForgotten(),
    "minimum to be exceeded": MinimumExceeded(),
    "first day shut": FirstDayShut(),
    "last day shut": LastDayShut(),
    "first day forgotten": FirstDayForgotten(),
    "a day too long": ADayTooLong(),
    "late is called early": LateIsEarly(),
    "days looked at last": DaysLast(),
}

#: Those that accept what has to be refused, refuse what is right, or name another reason.
REFUSALS = (
    "nothing is accepted", "nothing is called minimum", "minimum forgotten", "minimum to be exceeded",
    "minimum of everything", "minimum before three for two", "first day shut", "last day shut", "first day forgotten",
    "a day too long", "late is called early", "days looked at last",
)  # fmt: skip
