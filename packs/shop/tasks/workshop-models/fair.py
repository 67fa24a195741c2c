"""SH1: one corner of the catalogue that the judge knows well: what is on the pages, and what it looks for in tables.

Its numbers and moments are rare ones, so that they can be found again in whatever table they lie.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from .scenarios import Call, Draw, ask, theme_made, workshop_made
from .tables import Facts, Names, Number


@dataclass(frozen=True, slots=True)
class Fair:
    """Two workshops in one theme with makers and labels in common, a third of the same title, and a draft."""

    above: str
    theme: str
    one: str
    two: str
    three: str
    draft: str
    title: str
    other_title: str
    makers: tuple[str, str]
    labels: tuple[str, str, str]
    people: tuple[str, str, str]
    starts: tuple[str, str, str, str]
    seats: int
    price: str
    own_price: str

    @classmethod
    def drawn(cls, draw: Draw) -> Fair:
        """With names of its own."""
        return cls(
            above=draw.word(6),
            theme=draw.word(6),
            one=draw.word(6),
            two=draw.word(6),
            three=draw.word(6),
            draft=draw.word(6),
            title=draw.word(6).title(),
            other_title=f"{draw.word(6).title()} & <i>more</i>",
            makers=(draw.maker(), draw.maker()),
            labels=(draw.word(6), draw.word(6), draw.word(6)),
            people=(draw.email(), draw.email(), draw.email()),
            starts=(draw.moment(), draw.moment(), draw.moment(), draw.moment()),
            seats=draw.number(600, 900),
            price=f"{draw.number(7000, 8000)}.37",
            own_price=f"{draw.number(8000, 9000)}.61",
        )

    def made(self, draw: Draw) -> tuple[Call, ...]:
        """The calls that put it there."""
        ann, ben = self.makers
        both, single, third = self.labels
        cheap, dear, far, hidden = self.starts
        return (
            theme_made(self.above),
            theme_made(self.theme, self.above),
            workshop_made(draw, self.theme, self.one, self.price, self.title),
            workshop_made(draw, self.theme, self.two, draw.price(), self.other_title),
            workshop_made(draw, self.theme, self.three, draw.price(), self.other_title),
            workshop_made(draw, self.theme, self.draft, draw.price(), draft=True),
            ask("add_maker", workshop=self.one, maker=ann, role="leads"),
            ask("add_maker", workshop=self.one, maker=ben, role="assists"),
            ask("add_maker", workshop=self.two, maker=ann, role="assists"),
            ask("add_maker", workshop=self.two, maker=ben, role="leads"),
            ask("add_label", workshop=self.one, label=both),
            ask("add_label", workshop=self.one, label=single),
            ask("add_label", workshop=self.two, label=both),
            ask("add_label", workshop=self.two, label=third),
            ask("add_date", workshop=self.one, starts=dear, seats=self.seats, price=self.own_price),
            ask("add_date", workshop=self.one, starts=cheap, seats=9, price=None),
            ask("add_date", workshop=self.two, starts=far, seats=9, price=None),
            ask("add_date", workshop=self.draft, starts=hidden, seats=9, price=None),
            ask("book", workshop=self.one, starts=cheap, email=self.people[0]),
            ask("book", workshop=self.one, starts=cheap, email=self.people[1]),
            ask("book", workshop=self.two, starts=far, email=self.people[2]),
        )

    def reads(self) -> tuple[Call, ...]:
        """What is known of it, through the adapter."""
        return (
            ask("themes_inside", theme=self.above),
            ask("workshops_in", theme=self.theme),
            ask("makers_of", workshop=self.one),
            ask("workshops_of", maker=self.makers[0]),
            ask("labels_of", workshop=self.one),
            ask("workshops_with", label=self.labels[0]),
            ask("dates_of", workshop=self.one),
            ask("booked", workshop=self.one, starts=self.starts[0]),
        )

    @property
    def facts(self) -> Facts:
        """What the tables hold of it."""
        return Facts(
            themes=[self.above, self.theme],
            workshops=[self.one, self.two, self.three, self.draft],
            labels=self.labels,
            people=self.people,
            starts=[datetime.fromisoformat(one) for one in self.starts],
        )

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The rare ones among its numbers."""
        dear = datetime.fromisoformat(self.starts[1])
        return (
            Number("seats", dear, Decimal(self.seats)),
            Number("price of a workshop", self.one, Decimal(self.price)),
            Number("price of a date", dear, Decimal(self.own_price)),
        )

    def renamed(self, draw: Draw) -> tuple[Fair, Names]:
        """It as it is called after the judge renamed things, and what these were called."""
        other = replace(
            self,
            theme=draw.word(6),
            one=draw.word(6),
            title=draw.word(6).title(),
            labels=(draw.word(6), *self.labels[1:]),
            people=(draw.email(), *self.people[1:]),
        )
        pairs = ((self.theme, other.theme), (self.labels[0], other.labels[0]), (self.people[0], other.people[0]))
        return other, Names({self.one: other.one, self.title: other.title}, dict(pairs))
