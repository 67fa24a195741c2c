"""SH3: what is bought in a run. Each purchase is drawn until naive arithmetic would come to another cent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from ..people import words
from .ledger import WHOLE, Amounts, Sold, amounts_of, percent_of, tax_in

COUNTRIES = ("AT", "CH", "DE", "GB", "NL")

#: Percentages in hundredths: those with which a tax can end in exactly half a cent, and some that never end.
HALVES = (400, 1200, 2000, 2800)
ENDLESS = (550, 770, 810, 1900, 2100, 2310)

#: How long to look for a purchase on which naive arithmetic fails; found within some dozens.
_TRIES = 20_000


@dataclass(frozen=True, slots=True)
class Goods:
    """An article on the shelf: its number, its names, and whether the price is the product's or the variant's own."""

    number: int
    sku: str
    name: str
    size: str
    price: int
    own_price: bool
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A discount code: hundredths of a percent, or cents."""

    word: str
    percent: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Purchase:
    """One basket that is bought, and what its order has to hold."""

    kind: str
    country: str
    percent: int
    goods: tuple[Goods, ...]
    quantities: tuple[int, ...]
    code: Code | None
    wanted: Amounts
    by_program: bool
    twin_of: int = -1

    @property
    def sold(self) -> tuple[Sold, ...]:
        """Its lines."""
        return tuple(Sold(one.sku, one.price, many) for one, many in zip(self.goods, self.quantities, strict=True))


type Lines = list[tuple[int, int]]


class Drawing:
    """Draws the purchases of a seed. Rates: three with halves, one that never ends, one of nothing."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._words = words(random)
        self._numbers = count(random.randrange(1_000, 90_000))
        self._used: set[str] = set()
        rates = [*random.sample(HALVES, 3), random.choice(ENDLESS), 0]
        self.rates = dict(zip(random.sample(COUNTRIES, len(COUNTRIES)), rates, strict=True))

    def purchases(self) -> list[Purchase]:
        """Forty, and eight of them once more by another sort of visitor."""
        made = [replace(one, by_program=bool(place % 2)) for place, one in enumerate(self._all())]
        kinds = ("half a cent", "half a cent", "several lines", "several lines", "percent", "percent", "tie", "amount")
        chosen: list[int] = []
        for kind in kinds:
            chosen.append(next(n for n, one in enumerate(made) if one.kind == kind and n not in chosen))
        twins = [replace(made[n], by_program=not made[n].by_program, twin_of=n) for n in chosen]
        return [*made, *twins]

    def word(self) -> str:
        """A word that stands nowhere else."""
        return next(self._words)

    def _all(self) -> Iterator[Purchase]:
        for number in range(12):
            yield self._half(even=number % 3 < 2, float_fails=number < 4)
        for _ in range(7):
            yield self._until("several lines", self._several, lambda one: _by_line(one) != one.wanted.tax)
        for _ in range(8):
            yield self._until("percent", self._percent, _shares_are_hard)
        for _ in range(3):
            yield self._tie()
        yield from self._amounts()
        for _ in range(2):
            yield self._three_for_two()
        for _ in range(2):
            yield self._large()
        for country in (self._country(zero=True), self._country()):
            yield self._purchase("small", country, [(self.random.randint(1, 3), 1)])

    def _until(self, kind: str, draw: Callable[[str], Purchase], fits: Callable[[Purchase], bool]) -> Purchase:
        for _ in range(_TRIES):
            if fits(one := draw(kind)):
                return one
        raise ValueError(f"No purchase of the kind {kind} was found.")

    def _half(self, *, even: bool, float_fails: bool) -> Purchase:
        """Its tax ends in half a cent, after an even number of cents or an odd one; a rounded `float` may be right."""
        country = self.random.choice([name for name, rate in self.rates.items() if rate in HALVES])
        rate = self.rates[country]
        for _ in range(_TRIES):
            total = self.random.randint(20, 60_000)
            whole, rest = divmod(total * rate, WHOLE + rate)
            half = 2 * rest == WHOLE + rate and (whole % 2 == 0) is even
            if half and not (float_fails and _rounded(total, rate) == whole + 1):
                return self._purchase("half a cent", country, self._split(total))
        raise ValueError("No tax that ends in half a cent was found.")

    def _split(self, total: int) -> Lines:
        """An amount as one to three lines."""
        lines = []
        for _ in range(self.random.randint(0, 2)):
            many = self.random.randint(1, 3)
            price = self.random.randint(1, max(1, total // 6))
            if price * many < total:
                lines.append((price, many))
                total -= price * many
        return [*lines, (total, 1)]

    def _lines(self, least: int, most: int) -> Lines:
        few = self.random.randint(least, most)
        return [(self.random.randint(99, 9_000), self.random.choice((1, 1, 2, 3, 7))) for _ in range(few)]

    def _several(self, kind: str) -> Purchase:
        return self._purchase(kind, self._country(), self._lines(3, 5))

    def _percent(self, kind: str) -> Purchase:
        percent = self.random.choice((333, 500, 750, 1000, 1250, 1500, 3300))
        return self._purchase(kind, self._country(), self._lines(3, 5), Code("", percent=percent))

    def _tie(self) -> Purchase:
        """Lines of the same amount, so that the article numbers decide."""
        price, lines = self.random.randint(100, 5_000), self.random.randint(3, 5)
        off = self.random.randint(1, 60) * lines + self.random.randint(1, lines - 1)
        return self._purchase("tie", self._country(), [(price, 1)] * lines, Code("", amount=off))

    def _amounts(self) -> Iterator[Purchase]:
        """Codes that take off an amount: some, a few cents, everything."""
        lines = self._lines(3, 5)
        whole = sum(price * many for price, many in lines)
        for amount in (self.random.randint(500, 990), self.random.randint(1, 2), whole, whole + 1_000):
            yield self._purchase("amount", self._country(), lines, Code("", amount=amount))

    def _three_for_two(self) -> Purchase:
        """A discount without a code."""
        first, *others = self._lines(3, 4)
        many = self.random.randint(3, 8)
        off = first[0] * (many // 3)
        return self._purchase("three for two", self._country(), [(first[0], many), *others], off=off)

    def _large(self) -> Purchase:
        """As much as the columns hold."""
        lines = [(self.random.randint(10**9, 4 * 10**9), 99), (self.random.randint(10**8, 10**9), 97), (499, 1)]
        return self._purchase("large", self._country(), lines, Code("", percent=333))

    def _country(self, *, zero: bool = False) -> str:
        return self.random.choice([name for name, rate in self.rates.items() if (rate == 0) is zero])

    def _purchase(
        self, kind: str, country: str, lines: Lines, code: Code | None = None, off: int | None = None
    ) -> Purchase:
        goods = tuple(
            self.goods(price, marked=off is not None and place == 0) for place, (price, _) in enumerate(lines)
        )
        subtotal = sum(price * many for price, many in lines)
        if code is not None:
            code = replace(code, word=self.word().upper())
            off = percent_of(subtotal, code.percent) if code.percent else min(code.amount, subtotal)
        quantities = tuple(many for _, many in lines)
        sold = [Sold(one.sku, one.price, many) for one, many in zip(goods, quantities, strict=True)]
        wanted = amounts_of(sold, off or 0, self.rates[country])
        return Purchase(kind, country, self.rates[country], goods, quantities, code, wanted, by_program=False)

    def goods(self, price: int, *, marked: bool = False) -> Goods:
        """An article at this price, of a product of its own."""
        return Goods(
            number=next(self._numbers),
            sku=self._sku(),
            name=f"{self.word()} {self.word()}",
            size=self.word(),
            price=price,
            own_price=self.random.random() < 0.5,
            marked=marked,
        )

    def _sku(self) -> str:
        while (sku := f"SH-{self.random.randrange(10**6):06}-01") in self._used:
            pass
        self._used.add(sku)
        return sku


def _rounded(total: int, rate: int) -> int:
    """The tax in cents as `round` finds it among binary fractions."""
    return round(100 * round(total / 100 * (rate / 100) / (100 + rate / 100), 2))


def _by_line(one: Purchase) -> int:
    """The tax, had it been rounded line by line."""
    return sum(tax_in(line.amount, one.percent) for line in one.sold)


def _shares_are_hard(one: Purchase) -> bool:
    """Whether rounded shares don't add up, and the rest put anywhere else than by the rule is wrong."""
    wanted = one.wanted
    rounded = [(2 * line.amount * wanted.discount + wanted.subtotal) // (2 * wanted.subtotal) for line in one.sold]
    cut = [line.amount * wanted.discount // wanted.subtotal for line in one.sold]
    places = (0, len(cut) - 1, max(range(len(cut)), key=lambda place: one.sold[place].amount))
    elsewhere = [_moved(way, wanted.discount, place) for way in (rounded, cut) for place in places]
    return sum(rounded) != wanted.discount and all(way != list(wanted.shares) for way in elsewhere)


def _moved(shares: list[int], discount: int, place: int) -> list[int]:
    """Shares whose rest went to one line."""
    rest = discount - sum(shares)
    return [share + rest * (here == place) for here, share in enumerate(shares)]
