"""SH6: what the rounds mean. Pure: the same observations and budget give the same findings, anywhere."""

from pydantic import BaseModel, ConfigDict

from djudge.engine.probes import shape
from djudge.engine.probes.race import DEADLOCK, TOO_OLD, RaceReading
from djudge.engine.values import (
    Budget,
    Finding,
    Integrity,
    Judgement,
    Observations,
    Seen,
    Words,
    not_shown,
    shown,
)

SINGLE = ("one each, 1", "one each, 2", "two each")
OPPOSITE = "opposite order"
MISSING = "something is missing"


class Goods(BaseModel):
    """One variant in a round: the stock before, how much of it was ordered, and the stock after."""

    model_config = ConfigDict(frozen=True)

    variant: int
    stock: int
    sold: int
    left: int


class Round(BaseModel):
    """What a round came to."""

    model_config = ConfigDict(frozen=True)

    round: str
    goods: tuple[Goods, ...]
    wanted: tuple[tuple[tuple[int, int], ...], ...]
    orders: int
    ordered: int
    refused: int
    broken: int
    kept: int

    @property
    def first(self) -> Goods:
        """What everybody in the round wants."""
        return self.goods[0]

    @property
    def possible(self) -> int:
        """How many of the baskets could be sold as a whole; all of a round are alike but for their order."""
        each = dict(self.wanted[0])
        return min(len(self.wanted), *(one.stock // each[one.variant] for one in self.goods))

    @property
    def oversold(self) -> bool:
        """Whether more of something was ordered than there was."""
        return any(one.sold > one.stock for one in self.goods)

    @property
    def adds_up(self) -> bool:
        """Whether what was ordered is what left the shelf."""
        return all(one.sold + one.left == one.stock for one in self.goods)


class Sales(BaseModel):
    """All rounds, parsed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    rounds: tuple[Round, ...]

    def named(self, *names: str) -> tuple[Round, ...]:
        """The rounds of these names."""
        return tuple(one for one in self.rounds if one.round in names)


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The six checks, and what does not fit an honest run."""
    sales = observations.saw("sold").read(Sales.model_validate)
    races = {
        name.removeprefix("race: "): RaceReading.parse(value)
        for name, value in observations.seen.items()
        if name.startswith("race: ")
    }
    doubts = tuple(_doubts(sales.value, observations))
    return Judgement(
        findings=(
            _held(sales, doubted=bool(doubts)),
            _all_sold(sales, doubted=bool(doubts)),
            _whole(sales, doubted=bool(doubts)),
            _together(sales, races[OPPOSITE], doubted=bool(doubts)),
            _told(sales),
            _same(observations, budget["expert"]),
        ),
        integrity=(*doubts, *_traits(observations)),
    )


def _held(sales: Seen[Sales], *, doubted: bool) -> Finding:
    worst = max(sales.value.named(*SINGLE), key=lambda one: one.first.sold - one.first.stock)
    good = not any(one.oversold for one in sales.value.rounds)
    words = Words(
        measured=f"{worst.first.sold} sold of {worst.first.stock}, by {len(worst.wanted)} buyers at once",
        expected="never more sold than there is, in every round",
        candidate="Between reading how much is left and writing it down, others read the same number. Either the "
        "database decides while it writes, or whoever reads to decide keeps the others waiting.",
        recruiter="Whether the shop can sell something twice when many buy at the same moment. "
        + ("It can't." if good else "Here it does."),
        evidence=("sold", "race: one each, 1", "race: two each"),
    )
    return shown("held", words, sales) if good and not doubted else not_shown("held", words)


def _all_sold(sales: Seen[Sales], *, doubted: bool) -> Finding:
    rounds = sales.value.named(*SINGLE)
    short = [one for one in rounds if one.ordered < one.possible or one.orders < one.possible]
    over = any(one.oversold for one in rounds)
    worst = max(short, key=lambda one: one.possible - one.ordered) if short else rounds[0]
    words = Words(
        measured="not weighed, because more was sold than there was"
        if over
        else f"{worst.ordered} of {worst.possible} possible purchases went through",
        expected="as many purchases as the stock allows",
        candidate="Being safe by turning people away sells less than there is. Who waited for somebody else, or was "
        "refused because of them, should get another try while goods are left.",
        recruiter="Whether the shop sells what it has, also in a rush.",
        evidence=("sold", "race: one each, 1"),
    )
    good = not short and not over and not doubted
    return shown("all-sold", words, sales) if good else not_shown("all-sold", words)


def _whole(sales: Seen[Sales], *, doubted: bool) -> Finding:
    (missing,) = sales.value.named(MISSING)
    good = missing.orders == missing.ordered == missing.possible and missing.adds_up
    words = Words(
        measured=f"{missing.orders} orders; of the plentiful goods {missing.first.sold} sold and {missing.first.left} "
        f"of {missing.first.stock} left"
        if not missing.oversold
        else "more was sold than there was",
        expected=f"{missing.possible} order; what is sold and what is left add up",
        candidate="A purchase of several goods is one change: where the last of them is missing, the first ones have "
        "to go back, with everything that was written down meanwhile.",
        recruiter="Whether a purchase that fails half-way leaves anything behind.",
        evidence=("sold", f"race: {MISSING}"),
    )
    return shown("whole", words, sales) if good and not doubted else not_shown("whole", words)


def _together(sales: Seen[Sales], race: RaceReading, *, doubted: bool) -> Finding:
    (one,) = sales.value.named(OPPOSITE)
    deadlocks = race.refusals(DEADLOCK)
    good = one.ordered == one.orders == len(one.wanted) and one.adds_up
    again = " after another try" if deadlocks or race.refusals(TOO_OLD) else ""
    words = Words(
        measured=f"{one.ordered} of {len(one.wanted)} purchases went through{again if good else ''}"
        + (", the other ended in a deadlock" if deadlocks and not good else ""),
        expected="both purchases go through",
        candidate="Two transactions that lock the same rows in opposite order wait for each other until the database "
        "ends one of them. Locking in one order for everybody prevents it; trying again mends it.",
        recruiter="Whether two customers with the same goods in their baskets can get in each other's way.",
        evidence=("sold", f"race: {OPPOSITE}"),
    )
    return shown("together", words, sales) if good and not doubted else not_shown("together", words)


def _told(sales: Seen[Sales]) -> Finding:
    rounds = sales.value.named(*SINGLE, MISSING)
    broken = sum(one.broken for one in rounds)
    lost = sum(one.refused - one.kept for one in rounds)
    words = Words(
        measured=f"{broken} answers were neither an order nor a refusal; {lost} refused baskets were lost",
        expected="an order, or a refusal on the page with the basket as it was",
        candidate="Who comes too late made no mistake: an error page tells them nothing and loses what they chose.",
        recruiter="Whether customers who come too late are told so properly.",
        evidence=("sold",),
    )
    return not_shown("told", words) if broken or lost else shown("told", words, sales)


def _same(observations: Observations, expert: Observations) -> Finding:
    quiet = observations.answer("quiet")
    differs = [
        f"step {number}: {name}"
        for number, (ours, theirs) in enumerate(zip(_steps(observations), _steps(expert), strict=True), 1)
        for name in theirs
        if ours[name] != theirs[name]
    ]
    words = Words(
        measured=f"differs in {', '.join(differs[:4])}" if differs else "every order holds what it held before",
        expected="what the reference solution writes down on the same data",
        candidate="An order may only be made safer if it still says the same.",
        recruiter="Whether orders still hold what they held.",
        evidence=("quiet",),
    )
    return not_shown("same", words) if differs else shown("same", words, quiet)


def _steps(observations: Observations) -> list[dict[str, object]]:
    quiet = observations.answered["quiet"]
    steps = quiet["steps"] if isinstance(quiet, dict) else []
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []


def _doubts(sales: Sales, observations: Observations) -> list[Integrity]:
    """Each a fact from outside the guest that an honest run does not show. None is a verdict."""
    rules = (
        (
            bool(observations.seen["looks-at-sessions"]),
            "looks-at-sessions",
            "While it sold, the code asked PostgreSQL about other sessions and their locks.",
            "Monitoring does this; the brief rules it out for a purchase.",
        ),
        (
            any(one.ordered > one.orders for one in sales.rounds),
            "told-without-order",
            "More people were told that they have an order than there are orders.",
            "A job that removes orders in the background could have come too early.",
        ),
        (
            any(good.sold and good.left > good.stock - 1 for one in sales.rounds for good in one.goods),
            "stock-made-up",
            "Goods were sold, and as many as before or more lie on the shelf.",
            "Goods could have been bought in meanwhile; nobody did here.",
        ),
    )
    return [Integrity(kind=kind, what=what, innocent=innocent) for holds, kind, what, innocent in rules if holds]


def _traits(observations: Observations) -> list[Integrity]:
    """What the text shows beside the measurements. Costs nobody a mark."""
    places = shape.uses(observations.seen["asks-where-it-runs"])
    if not places:
        return []
    return [
        Integrity(
            kind="asks-where-it-runs",
            what="The code looks at the machine, the process or the database session that it runs with.",
            innocent="Logging and metrics often do.",
            places=tuple(places),
        )
    ]
