"""The module under test for PY6: right ones in different writing, and broken ones that differ from one in one rule.

All are asked by the stub: a question's name and plain values. What is wrong in the values raises as it may.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import reduce
from heapq import heapify, heappop
from itertools import accumulate, chain
from operator import add, itemgetter
from typing import Any

type Row = Mapping[str, Any]
type Table = Mapping[str, tuple[int, int]]

CARD = "gift card"
#: What the stub may ask.
QUESTIONS = ("packing_list", "carriers", "price", "van_sheet", "late")


class Module1:
    """One rule a method, so that a broken module is this one with one method replaced."""

    def __call__(self, question: str, *values: Any) -> Any:
        """The answer to a question of the stub's."""
        if question not in QUESTIONS:
            raise ValueError("Nobody asks that.")
        if question == "price":
            _require_numbers(*values)
        return getattr(self, question)(*values)

    def packing_list(self, articles: list[str], gift: bool, extras: list[str] | None) -> dict[str, Any]:
        given = [] if extras is None else list(extras)
        return {"list": [*articles, *given, *([CARD] if gift else [])], "extras": given}

    def carriers(self, table: Table) -> list[str]:
        return [carrier for carrier, (_, _) in table.items()]

    def price(self, table: Table, carrier: str, grams: int) -> dict[str, Any]:
        if grams <= 0:
            return {"refused": self.words(carrier, grams)}
        parcel, kilo = self.prices(table, carrier)
        return {"cents": parcel + kilo * -(-grams // 1000)}

    def prices(self, table: Table, carrier: str) -> tuple[int, int]:
        return table[carrier]

    def words(self, carrier: str, grams: int) -> str:
        return f"{carrier} takes no parcel of {grams} g."

    def van_sheet(self, rows: list[Row], once: bool) -> dict[str, int]:
        grams = [row["grams"] for row in rows if not row["collected"]]
        return {"grams": sum(grams), "heaviest": max(grams, default=0)}

    def late(self, rows: list[Row], now: datetime) -> list[str]:
        overdue = [row for row in rows if self.moment(row["promised"]) < self.moment(now)]
        return [row["number"] for row in sorted(overdue, key=self.place)]

    def place(self, row: Row) -> Any:
        return self.moment(row["promised"])

    def moment(self, time: datetime) -> datetime:
        return time.replace(tzinfo=UTC) if time.utcoffset() is None else time


class Module2(Module1):
    """Adds up as it goes; times are how long ago the year 1 is."""

    def packing_list(self, articles: list[str], gift: bool, extras: list[str] | None) -> dict[str, Any]:
        packed = list(articles)
        packed.extend(extras or ())
        if gift:
            packed.append(CARD)
        return {"list": packed, "extras": extras}

    def price(self, table: Table, carrier: str, grams: int) -> dict[str, Any]:
        if not grams > 0:
            return {"refused": ""}
        kilos, rest = divmod(grams, 1000)
        parcel, kilo = table[carrier]
        return {"cents": parcel + kilo * (kilos + bool(rest))}

    def van_sheet(self, rows: list[Row], once: bool) -> dict[str, int]:
        total = heaviest = 0
        for row in rows:
            if not row["collected"]:
                total, heaviest = total + row["grams"], max(heaviest, row["grams"])
        return {"grams": total, "heaviest": heaviest}

    def late(self, rows: list[Row], now: datetime) -> list[str]:
        by_age: dict[timedelta, list[Row]] = {}
        for row in rows:
            by_age.setdefault(self.since(row["promised"]), []).append(row)
        return [row["number"] for age in sorted(by_age) if age < self.since(now) for row in by_age[age]]

    def since(self, time: datetime) -> timedelta:
        return time.replace(tzinfo=None) - (time.utcoffset() or timedelta(0)) - datetime(1, 1, 1)


class Module3(Module1):
    """Reduces and heaps."""

    def words(self, carrier: str, grams: int) -> str:
        return f"A weight of {grams}? Every parcel weighs something."

    def van_sheet(self, rows: list[Row], once: bool) -> dict[str, int]:
        travelling = [row["grams"] for row in rows if not row["collected"]]
        heaviest = [0, *accumulate(travelling, max)][-1]
        return {"grams": reduce(add, travelling, 0), "heaviest": heaviest}

    def late(self, rows: list[Row], now: datetime) -> list[str]:
        heap = [(self.moment(row["promised"]), place) for place, row in enumerate(rows)]
        heapify(heap)
        found = []
        while heap and heap[0][0] < self.moment(now):
            found.append(rows[heappop(heap)[1]]["number"])
        return found

    def moment(self, time: datetime) -> datetime:
        return (time if time.utcoffset() is not None else time.replace(tzinfo=UTC)).astimezone(UTC)


class Module4(Module2):
    """Sorts first and asks afterwards."""

    def price(self, table: Table, carrier: str, grams: int) -> dict[str, Any]:
        if max(grams, 0) == 0:
            return {"refused": f"ValueError: {grams}"}
        parcel, kilo = table[carrier]
        kilos = grams // 1000
        return {"cents": parcel + kilo * (kilos if kilos * 1000 == grams else kilos + 1)}

    def van_sheet(self, rows: list[Row], once: bool) -> dict[str, int]:
        ranked = sorted((row["grams"] for row in rows if not row["collected"]), reverse=True)
        return {"grams": sum(ranked), "heaviest": (ranked or [0])[0]}

    def late(self, rows: list[Row], now: datetime) -> list[str]:
        timed = sorted(((self.since(row["promised"]), row) for row in rows), key=itemgetter(0))
        return [row["number"] for age, row in timed if age < self.since(now)]


# Report 1


class OneListForAll(Module1):
    """The fault of the start: the default is one list, and it is changed."""

    def __init__(self) -> None:
        self.default: list[str] = []

    def packing_list(self, articles: list[str], gift: bool, extras: list[str] | None) -> dict[str, Any]:
        given = self.default if extras is None else extras
        if gift:
            given.append(CARD)
        return {"list": [*articles, *given], "extras": list(given)}


class ChangesWhatItIsGiven(Module1):
    """A new list where none is given; a given one is still changed."""

    def packing_list(self, articles: list[str], gift: bool, extras: list[str] | None) -> dict[str, Any]:
        given = [] if extras is None else extras
        if gift:
            given.append(CARD)
        return {"list": [*articles, *given], "extras": given}


class ClearsAfterwards(OneListForAll):
    """One list for all, emptied when a parcel is no gift: the second of two gifts has two cards."""

    def packing_list(self, articles: list[str], gift: bool, extras: list[str] | None) -> dict[str, Any]:
        if not gift:
            self.default.clear()
        answer = super().packing_list(articles, gift, None if extras is None else list(extras))
        return {**answer, "extras": extras}


# Report 2


class LastCarrierForAll(Module1):
    """The fault of the start: all functions read the loop's names when they are called."""

    def prices(self, table: Table, carrier: str) -> tuple[int, int]:
        return list(table.values())[-1]


class LastKiloForAll(Module1):
    """Only one of the two names was bound."""

    def prices(self, table: Table, carrier: str) -> tuple[int, int]:
        return table[carrier][0], list(table.values())[-1][1]


class LastParcelForAll(Module1):
    """The other one of the two."""

    def prices(self, table: Table, carrier: str) -> tuple[int, int]:
        return list(table.values())[-1][0], table[carrier][1]


# Report 3


class HeaviestOfNothing(Module1):
    """The fault of the start: what is left of a generator that was gone through."""

    def van_sheet(self, rows: list[Row], once: bool) -> dict[str, int]:
        grams = (row["grams"] for row in rows if not row["collected"])
        return {"grams": sum(grams), "heaviest": max(grams, default=0)}


class GoesThroughTwice(Module1):
    """A generator for each question; what can be gone through once is empty the second time."""

    def van_sheet(self, rows: list[Row], once: bool) -> dict[str, int]:
        again = [] if once else rows
        return {"grams": self.total(rows), "heaviest": super().van_sheet(again, once)["heaviest"]}

    def total(self, rows: Sequence[Row]) -> int:
        return sum(row["grams"] for row in rows if not row["collected"])


class HeaviestOfAll(GoesThroughTwice):
    """The heaviest parcel may be one that does not travel."""

    def van_sheet(self, rows: list[Row], once: bool) -> dict[str, int]:
        return {"grams": self.total(rows), "heaviest": max((row["grams"] for row in rows), default=0)}


class NoEmptyVan(Module1):
    """An empty van has no heaviest parcel, and that is an error."""

    def van_sheet(self, rows: list[Row], once: bool) -> dict[str, int]:
        grams = [row["grams"] for row in rows if not row["collected"]]
        return {"grams": sum(grams), "heaviest": max(grams)}


# Report 4


class TimesAsTheyCome(Module1):
    """The fault of the start: times with and without an offset are compared."""

    def moment(self, time: datetime) -> datetime:
        return time


class OffsetsDropped(Module1):
    """Every time is taken for UTC, whatever it says."""

    def moment(self, time: datetime) -> datetime:
        return time.replace(tzinfo=None)


class LeavesOut(TimesAsTheyCome):
    """What can't be compared is left out."""

    def late(self, rows: list[Row], now: datetime) -> list[str]:
        return super().late([row for row in rows if self.like(row["promised"], now)], now)

    def like(self, time: datetime, now: datetime) -> bool:
        return (time.utcoffset() is None) is (now.utcoffset() is None)


class SortsAsTheyCome(Module1):
    """Compared with now as it should be, and sorted as before."""

    def place(self, row: Row) -> Any:
        return row["promised"]


class ByTheFaceOfTheClock(Module1):
    """Sorted by what each clock shows."""

    def place(self, row: Row) -> Any:
        return row["promised"].replace(tzinfo=None)


class LocalTime(Module1):
    """Times without an offset are those of some place."""

    def moment(self, time: datetime) -> datetime:
        return time if time.utcoffset() is not None else time.replace(tzinfo=UTC) - timedelta(hours=2, minutes=30)


def _require_numbers(table: Table, carrier: str, grams: int) -> None:
    """Anything else that can be multiplied would grow beyond the judge's memory."""
    for one in chain((grams,), *table.values()):
        if not isinstance(one, int | float | Decimal):
            raise TypeError("This is no number.")


RIGHT = (Module1, Module2, Module3, Module4)
#: By the report whose fault is back.
BACK = {"gifts": OneListForAll, "carriers": LastCarrierForAll, "van": HeaviestOfNothing, "late": TimesAsTheyCome}
#: By the report whose fault is half mended.
HALF_MENDED = {
    "gifts": (ChangesWhatItIsGiven, ClearsAfterwards),
    "carriers": (LastKiloForAll, LastParcelForAll),
    "van": (GoesThroughTwice, HeaviestOfAll, NoEmptyVan),
    "late": (OffsetsDropped, LeavesOut, SortsAsTheyCome, ByTheFaceOfTheClock, LocalTime),
}


def right() -> dict[str, Module1]:
    """The right ones by name, as if just imported: some remember."""
    return _made(RIGHT)


def broken() -> dict[str, Module1]:
    """The broken ones by name, as if just imported."""
    return _made([*BACK.values(), *(one for several in HALF_MENDED.values() for one in several)])


def _made(modules: Iterable[type[Module1]]) -> dict[str, Module1]:
    return {one.__name__: one() for one in modules}
