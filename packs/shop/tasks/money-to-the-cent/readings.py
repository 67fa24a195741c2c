"""SH3: the stored observations, read: purchases, orders before and after, sums, costs, tables."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from djudge.engine.values import Json

from .ledger import cents_of, written


class Rows(BaseModel):
    """What PostgreSQL holds: the amounts of orders, and lines as article, price, quantity, share, name."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    orders: tuple[tuple[str, ...], ...]
    lines: tuple[tuple[str, ...], ...]


class Wanted(BaseModel):
    """What an order has to hold: subtotal, discount, total, tax and percent; article, price, quantity and share."""

    model_config = ConfigDict(frozen=True)

    amounts: tuple[str, ...]
    lines: tuple[tuple[str, str, int, str], ...]


class Bought(BaseModel):
    """One purchase."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str
    told: str
    wanted: Wanted
    got: Rows
    twin: int

    @property
    def exact(self) -> bool:
        """Whether there is one order, and its amounts are right; the percentage is no amount."""
        one = self.got.orders
        return self.told == "ordered" and len(one) == 1 and same(one[0][:4], self.wanted.amounts[:4])

    @property
    def shares(self) -> list[int]:
        """What the lines carry; empty where that can't be read."""
        found = [cents_of(line[3]) for line in self.got.lines]
        return [one for one in found if one is not None] if None not in found else []

    @property
    def by_the_rule(self) -> bool:
        """Whether each line carries its share."""
        return self.shares == [cents_of(line[3]) for line in self.wanted.lines]

    @property
    def adds_up(self) -> bool:
        """Whether the shares come to the discount, none below zero or above its line."""
        most = [(cents_of(line[1]) or 0) * line[2] for line in self.wanted.lines]
        within = len(self.shares) == len(most) and all(
            0 <= share <= line for share, line in zip(self.shares, most, strict=True)
        )
        return within and sum(self.shares) == cents_of(self.wanted.amounts[1])


class Look(BaseModel):
    """An order as its page and the list show it, and as PostgreSQL holds it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    page: dict[str, Json]
    listed: list[Json]
    rows: Rows

    @property
    def amounts(self) -> list[str]:
        """The sums on the page, and the percentage of the tax."""
        facts = self.page["facts"]
        names = ("subtotal", "discount", "total", "tax", "percent")
        return [str(facts.get(name)) for name in names] if isinstance(facts, dict) else []

    @property
    def cards(self) -> list[dict[str, Json]]:
        """The lines on the page."""
        cards = self.page["cards"]
        return [card for card in cards if isinstance(card, dict)] if isinstance(cards, list) else []


class Kept(BaseModel):
    """An order before everything else changed, and after it in another process and in the first one again."""

    model_config = ConfigDict(frozen=True)

    kind: str
    wanted: Wanted
    names: dict[str, str]
    before: Look
    after: Look
    again: Look

    @property
    def told(self) -> bool:
        """Whether its page tells what was bought, at which price, and the amounts that are kept."""
        rows, page = self.before.rows, self.before
        if len(rows.orders) != 1 or not page.listed:
            return False
        lines = sorted(
            [str(card.get(name)) for name in ("sku", "name", "quantity", "unit price", "amount")] for card in page.cards
        )
        wanted = sorted(
            [sku, self.names[sku], str(many), price, _times(price, many)] for sku, price, many, _ in self.wanted.lines
        )
        shares = sorted(str(card.get("share")) for card in page.cards)
        return (
            lines == wanted
            and len(shares) == len(rows.lines)
            and same(shares, sorted(_two(line[3]) for line in rows.lines))
            and same(page.amounts, [*rows.orders[0][:4], self.wanted.amounts[4]])
        )

    @property
    def written_over(self) -> bool:
        """Whether what PostgreSQL holds is not what it was."""
        return self.before.rows != self.after.rows

    @property
    def sums_follow(self) -> bool:
        """Whether the sums on its page are others now."""
        before, after = self.before, self.after
        return before.amounts[:4] != after.amounts[:4] or before.listed != after.listed

    @property
    def follows(self) -> bool:
        """Whether anything on its page is another now."""
        return self.before.page != self.after.page


class Asked(BaseModel):
    """What somebody spent in a year: what was told, and what is true."""

    model_config = ConfigDict(frozen=True)

    status: int
    cards: list[Json]
    wanted: dict[str, list[str]]

    @property
    def right(self) -> bool:
        """Whether each currency stands there once with the right sums."""
        told = [card for card in self.cards if isinstance(card, dict)]
        names = [str(card.get("currency")) for card in told]
        sums = [[str(card.get(name)) for name in ("orders", "subtotal", "discount", "total", "tax")] for card in told]
        return (
            self.status == 200
            and sorted(names) == sorted(self.wanted)
            and all(same(row, self.wanted[name]) for name, row in zip(names, sums, strict=True))
        )


class Cost(BaseModel):
    """What an answer cost in PostgreSQL."""

    model_config = ConfigDict(frozen=True)

    executions: int
    rows: int
    unmeasured: int
    packed: int


def same(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether both are the same amounts, however many zeros are written."""
    found = [cents_of(one) for one in ours]
    return None not in found and found == [cents_of(one) for one in theirs]


def bought_of(observation: Json) -> list[Bought]:
    """All purchases; raises ValueError for anything else, as all of these do."""
    return [Bought.model_validate({**one, "twin": one["twin of"]}) for one in _listed(observation, "purchases")]


def kept_of(observation: Json) -> list[Kept]:
    """The orders that were looked at."""
    return [Kept.model_validate(one) for one in _listed(observation, "orders")]


def asked_of(observation: Json) -> list[Asked]:
    """The answers about what was spent."""
    return [Asked.model_validate(one) for one in _listed(observation, "asked")]


def costs_of(observation: Json) -> list[Cost]:
    """What those answers cost."""
    return [Cost.model_validate(one) for one in _listed(observation, "asked")]


def table_of(observation: Json) -> list[list[str]]:
    """The rows of a table, as text."""
    found = observation["rows"] if isinstance(observation, dict) else None
    if not isinstance(found, list):
        raise ValueError("No rows.")
    return [[str(value) for value in row] for row in found if isinstance(row, list)]


def _listed(observation: Json, name: str) -> list[dict[str, Json]]:
    found = observation[name] if isinstance(observation, dict) else None
    if not isinstance(found, list):
        raise ValueError(f"No {name}.")
    return [one for one in found if isinstance(one, dict)]


def _times(price: str, many: int) -> str:
    return written((cents_of(price) or 0) * many)


def _two(amount: str) -> str:
    """As pages write it."""
    cents = cents_of(amount)
    return amount if cents is None else written(cents)
