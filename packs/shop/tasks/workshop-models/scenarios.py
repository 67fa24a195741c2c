"""SH1: the scenarios. Each says in which rounds the adapter is asked what, about things that nobody has named before.

In a round everything is written through one process of the shop and then read through another. No scenario knows the
things of another, so that one mistake shows once. What the right answers are is not said here: the reference solution
is asked the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

#: Enough seats where a scenario is not about them.
MANY: Final = 9


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the adapter and what it is given, as the door takes it."""

    name: str
    given: dict[str, str | int | bool | None]


def ask(name: str, /, **given: str | int | bool | None) -> Call:
    """A call by keywords."""
    return Call(name, given)


@dataclass(frozen=True, slots=True)
class Round:
    """What is written, then what is read."""

    writes: tuple[Call, ...]
    reads: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Rounds that belong together, and the check that they are for."""

    name: str
    check: str
    rounds: tuple[Round, ...]


class Draw:
    """Names, prices and moments from the seed, none twice. `makers` are in the shop already."""

    def __init__(self, random: Random, makers: list[str]) -> None:
        self._random = random
        self._makers = list(makers)
        self._used: set[str] = set()
        self._days = 0
        random.shuffle(self._makers)

    def word(self, syllables: int = 4) -> str:
        """A word that is no part of another one, and has none inside."""
        while True:
            pairs = (self._random.choice("bdfgklmnprstvz") + self._random.choice("aeiou") for _ in range(syllables))
            word = "".join(pairs) + "x"
            if not any(word in other or other in word for other in self._used):
                self._used.add(word)
                return word

    def maker(self) -> str:
        """The word of a maker whom no other scenario has."""
        return self._makers.pop()

    def price(self) -> str:
        """An ordinary price."""
        return f"{self._random.randrange(5, 400)}.{self._random.choice(('00', '50', '90', '25'))}"

    def number(self, least: int, most: int) -> int:
        """One of these, the last left out."""
        return self._random.randrange(least, most)

    def moment(self) -> str:
        """A moment in the years to come; each some days after the last one."""
        self._days += self._random.randrange(1, 9)
        hour = timedelta(days=self._days, hours=self._random.randrange(12))
        return (datetime(2031, 1, 6, 8, tzinfo=UTC) + hour).isoformat()

    def email(self) -> str:
        """A person."""
        return f"{self.word(3)}@{self.word(2)}.example"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A theme with a workshop in it, and the calls that make them."""

    theme: str
    workshop: str
    price: str
    made: tuple[Call, ...]


def shelf(draw: Draw, *, title: str = "", draft: bool = False) -> Shelf:
    """What nearly every scenario begins with."""
    theme, workshop, price = draw.word(), draw.word(), draw.price()
    return Shelf(theme, workshop, price, (theme_made(theme), workshop_made(draw, theme, workshop, price, title, draft)))


def theme_made(word: str, inside: str | None = None) -> Call:
    """A theme that is called like its word."""
    return ask("add_theme", word=word, name=word.title(), inside=inside)


def workshop_made(draw: Draw, theme: str, word: str, price: str, title: str = "", draft: bool = False) -> Call:
    """A workshop; its title is drawn where none is given."""
    title = title or f"{draw.word(3).title()} & <i>{draw.word(2)}</i>"
    return ask("add_workshop", word=word, title=title, theme=theme, price=price, description="", draft=draft)


def themes_inside_themes(draw: Draw) -> Iterator[Round]:
    """Three deep, two beside each other, one apart."""
    top, left, right, deep, apart = (draw.word() for _ in range(5))
    writes = (
        theme_made(top),
        theme_made(left, top),
        theme_made(right, top),
        theme_made(deep, left),
        theme_made(apart),
        theme_made(left, apart),
        theme_made(draw.word(), draw.word()),
    )
    yield Round(writes, tuple(ask("themes_inside", theme=word) for word in (top, left, right, deep, apart)))


def workshops_inside_themes(draw: Draw) -> Iterator[Round]:
    """A theme has the workshops of all themes inside it, drafts among them."""
    top, middle, deep, apart = (draw.word() for _ in range(4))
    made = [theme_made(top), theme_made(middle, top), theme_made(deep, middle), theme_made(apart)]
    for theme in (top, deep, deep, apart):
        made.append(workshop_made(draw, theme, draw.word(), draw.price()))
    made.append(workshop_made(draw, middle, draw.word(), draw.price(), draft=True))
    yield Round(tuple(made), tuple(ask("workshops_in", theme=word) for word in (top, middle, deep, apart)))


def titles_and_words(draw: Draw) -> Iterator[Round]:
    """Two workshops may have one title, never one word; what makes no sense leaves nothing behind."""
    title = draw.word().title()
    one, other = shelf(draw, title=title), draw.word()
    writes = (
        *one.made,
        workshop_made(draw, one.theme, other, draw.price(), title),
        workshop_made(draw, one.theme, one.workshop, draw.price()),
        workshop_made(draw, draw.word(), draw.word(), draw.price()),
        workshop_made(draw, one.theme, draw.word(), "-0.01"),
        workshop_made(draw, one.theme, draw.word(), "0.00"),
    )
    yield Round(writes, (ask("workshops_in", theme=one.theme), ask("workshops_in", theme=draw.word())))


def prices(draw: Draw) -> Iterator[Round]:
    """A date's own price, even nothing, or the workshop's, as it is now."""
    one = shelf(draw)
    dates = [
        ask("add_date", workshop=one.workshop, starts=draw.moment(), seats=MANY, price=price)
        for price in (draw.price(), None, "0.00", None)
    ]
    asked = (ask("dates_of", workshop=one.workshop),)
    yield Round((*one.made, *dates), asked)
    changes = (
        ask("change_price", workshop=one.workshop, price=f"{draw.price()[:-2]}35"),
        ask("change_price", workshop=one.workshop, price="-3.00"),
        ask("change_price", workshop=draw.word(), price="3.00"),
    )
    yield Round(changes, asked)


def dates(draw: Draw) -> Iterator[Round]:
    """One at a moment, the earliest first, nothing below zero."""
    one, other = shelf(draw), shelf(draw)
    early, late, later = draw.moment(), draw.moment(), draw.moment()
    writes = (
        *one.made,
        *other.made,
        ask("add_date", workshop=one.workshop, starts=late, seats=MANY, price=None),
        ask("add_date", workshop=one.workshop, starts=early, seats=MANY + 1, price=None),
        ask("add_date", workshop=one.workshop, starts=late, seats=MANY + 2, price=draw.price()),
        ask("add_date", workshop=other.workshop, starts=late, seats=MANY + 3, price=None),
        ask("add_date", workshop=one.workshop, starts=later, seats=-1, price=None),
        ask("add_date", workshop=one.workshop, starts=later, seats=MANY, price="-0.50"),
        ask("add_date", workshop=draw.word(), starts=later, seats=MANY, price=None),
    )
    yield Round(writes, (ask("dates_of", workshop=one.workshop), ask("dates_of", workshop=other.workshop)))


def makers_and_roles(draw: Draw) -> Iterator[Round]:
    """Several lead and several assist, and a maker gives several workshops."""
    one, other = shelf(draw), shelf(draw)
    ann, ben, cleo = draw.maker(), draw.maker(), draw.maker()
    writes = (
        *one.made,
        *other.made,
        ask("add_maker", workshop=one.workshop, maker=ann, role="leads"),
        ask("add_maker", workshop=one.workshop, maker=ben, role="leads"),
        ask("add_maker", workshop=one.workshop, maker=cleo, role="assists"),
        ask("add_maker", workshop=other.workshop, maker=cleo, role="leads"),
        ask("add_maker", workshop=other.workshop, maker=ann, role="assists"),
    )
    reads = [ask("makers_of", workshop=word) for word in (one.workshop, other.workshop)]
    yield Round(writes, (*reads, *(ask("workshops_of", maker=maker) for maker in (ann, ben, cleo))))


def maker_once(draw: Draw) -> Iterator[Round]:
    """In whichever role; roles and makers that don't exist are refused."""
    one, ann, ben = shelf(draw), draw.maker(), draw.maker()
    writes = (
        *one.made,
        ask("add_maker", workshop=one.workshop, maker=ann, role="leads"),
        ask("add_maker", workshop=one.workshop, maker=ann, role="leads"),
        ask("add_maker", workshop=one.workshop, maker=ann, role="assists"),
        ask("add_maker", workshop=one.workshop, maker=ben, role="sings"),
        ask("add_maker", workshop=one.workshop, maker=draw.word(), role="leads"),
        ask("add_maker", workshop=draw.word(), maker=ben, role="leads"),
    )
    reads = (ask("makers_of", workshop=one.workshop), ask("workshops_of", maker=ann), ask("workshops_of", maker=ben))
    yield Round(writes, reads)


def labels_both_ways(draw: Draw) -> Iterator[Round]:
    """Some on both workshops; one is the beginning of another, one has a comma in it."""
    one, other = shelf(draw), shelf(draw)
    plain, shared = draw.word(), draw.word()
    longer, listed = f"{plain} {draw.word()}", f"{draw.word()}, {draw.word()}"
    labels = ((one, plain), (one, shared), (one, listed), (other, longer), (other, shared))
    made = tuple(ask("add_label", workshop=each.workshop, label=label) for each, label in labels)
    reads = [ask("labels_of", workshop=each.workshop) for each in (one, other)]
    found = (ask("workshops_with", label=label) for label in (plain, shared, longer, listed))
    yield Round((*one.made, *other.made, *made), (*reads, *found))


def label_once(draw: Draw) -> Iterator[Round]:
    """A label that is there already stays, once."""
    one, label = shelf(draw), draw.word()
    again = ask("add_label", workshop=one.workshop, label=label)
    writes = (*one.made, again, again, ask("add_label", workshop=draw.word(), label=label))
    yield Round(writes, (ask("labels_of", workshop=one.workshop), ask("workshops_with", label=label)))


def seats(draw: Draw) -> Iterator[Round]:
    """As many as there are, for each date."""
    one, first, second = shelf(draw), draw.moment(), draw.moment()
    writes = (
        *one.made,
        ask("add_date", workshop=one.workshop, starts=first, seats=2, price=None),
        ask("add_date", workshop=one.workshop, starts=second, seats=MANY, price=None),
        *(ask("book", workshop=one.workshop, starts=first, email=draw.email()) for _ in range(3)),
        ask("book", workshop=one.workshop, starts=second, email=draw.email()),
    )
    reads = [ask("booked", workshop=one.workshop, starts=starts) for starts in (first, second)]
    yield Round(writes, (*reads, ask("dates_of", workshop=one.workshop)))


def person_once(draw: Draw) -> Iterator[Round]:
    """A person has one seat of a date, and may come to others."""
    one, other, first, second = shelf(draw), shelf(draw), draw.moment(), draw.moment()
    person = draw.email()
    dates = [
        ask("add_date", workshop=word, starts=starts, seats=MANY, price=None)
        for word, starts in ((one.workshop, first), (one.workshop, second), (other.workshop, first))
    ]
    writes = (
        *one.made,
        *other.made,
        *dates,
        ask("book", workshop=one.workshop, starts=first, email=person),
        ask("book", workshop=one.workshop, starts=first, email=person),
        ask("book", workshop=one.workshop, starts=second, email=person),
        ask("book", workshop=other.workshop, starts=first, email=person),
        ask("book", workshop=other.workshop, starts=second, email=person),
        ask("book", workshop=draw.word(), starts=first, email=person),
    )
    reads = [ask("booked", workshop=one.workshop, starts=starts) for starts in (first, second)]
    more = (ask("booked", workshop=other.workshop, starts=first), ask("booked", workshop=one.workshop, starts=first))
    yield Round(writes, (*reads, *more, ask("dates_of", workshop=one.workshop)))


def themes_deleted(draw: Draw) -> Iterator[Round]:
    """Only one with nothing in it."""
    one, inside, empty = shelf(draw), draw.word(), draw.word()
    made = (*one.made, theme_made(inside), theme_made(empty, inside))
    full = tuple(ask("delete_theme", theme=word) for word in (one.theme, inside, draw.word()))
    asked = (ask("themes_inside", theme=inside), ask("workshops_in", theme=one.theme))
    yield Round((*made, *full), asked)
    yield Round((ask("delete_theme", theme=empty),), (*asked, ask("themes_inside", theme=empty)))
    yield Round((ask("delete_theme", theme=inside),), asked)


def booked_workshop_deleted(draw: Draw) -> Iterator[Round]:
    """Refused, with nothing lost."""
    one, first, second, maker, label = shelf(draw), draw.moment(), draw.moment(), draw.maker(), draw.word()
    writes = (
        *one.made,
        ask("add_maker", workshop=one.workshop, maker=maker, role="leads"),
        ask("add_label", workshop=one.workshop, label=label),
        ask("add_date", workshop=one.workshop, starts=first, seats=MANY, price=None),
        ask("add_date", workshop=one.workshop, starts=second, seats=MANY, price=None),
        ask("book", workshop=one.workshop, starts=second, email=draw.email()),
        ask("delete_workshop", workshop=one.workshop),
    )
    reads = (
        ask("workshops_in", theme=one.theme),
        ask("dates_of", workshop=one.workshop),
        ask("booked", workshop=one.workshop, starts=second),
        ask("makers_of", workshop=one.workshop),
        ask("labels_of", workshop=one.workshop),
    )
    yield Round(writes, reads)


def workshop_deleted(draw: Draw) -> Iterator[Round]:
    """With all that is its own; its word is free again, and nothing of the old one hangs on it."""
    one, other, maker, label = shelf(draw), shelf(draw), draw.maker(), draw.word()
    links = [
        call
        for word in (one.workshop, other.workshop)
        for call in (
            ask("add_maker", workshop=word, maker=maker, role="assists"),
            ask("add_label", workshop=word, label=label),
        )
    ]
    date = ask("add_date", workshop=one.workshop, starts=draw.moment(), seats=MANY, price=None)
    asked = (
        ask("workshops_in", theme=one.theme),
        ask("workshops_of", maker=maker),
        ask("workshops_with", label=label),
        ask("labels_of", workshop=other.workshop),
    )
    deleted = (ask("delete_workshop", workshop=one.workshop), ask("delete_workshop", workshop=draw.word()))
    yield Round((*one.made, *other.made, *links, date, *deleted), (*asked, ask("dates_of", workshop=one.workshop)))
    again = workshop_made(draw, one.theme, one.workshop, draw.price())
    of_it = tuple(ask(name, workshop=one.workshop) for name in ("dates_of", "labels_of", "makers_of"))
    yield Round((again,), (*asked, *of_it))


def label_deleted(draw: Draw) -> Iterator[Round]:
    """The workshops stay, with their other labels."""
    one, other, gone, kept = shelf(draw), shelf(draw), draw.word(), draw.word()
    made = [ask("add_label", workshop=each.workshop, label=label) for each in (one, other) for label in (gone, kept)]
    deleted = (ask("delete_label", label=gone), ask("delete_label", label=draw.word()))
    reads = [ask("labels_of", workshop=each.workshop) for each in (one, other)]
    found = (ask("workshops_with", label=kept), ask("workshops_in", theme=one.theme))
    yield Round((*one.made, *other.made, *made, *deleted), (*reads, *found))


def maker_deleted(draw: Draw) -> Iterator[Round]:
    """Only one who gives no workshop."""
    one, busy, idle = shelf(draw), draw.maker(), draw.maker()
    writes = (
        *one.made,
        ask("add_maker", workshop=one.workshop, maker=busy, role="leads"),
        ask("delete_maker", maker=busy),
        ask("delete_maker", maker=idle),
        ask("add_maker", workshop=one.workshop, maker=idle, role="assists"),
    )
    yield Round(writes, (ask("makers_of", workshop=one.workshop), ask("workshops_of", maker=busy)))


#: By check, in the order in which they are told.
ALL: Final[dict[str, tuple[Callable[[Draw], Iterator[Round]], ...]]] = {
    "catalogue": (themes_inside_themes, workshops_inside_themes, titles_and_words, prices, dates),
    "links": (makers_and_roles, maker_once, labels_both_ways, label_once),
    "bookings": (seats, person_once),
    "deletion": (themes_deleted, booked_workshop_deleted, workshop_deleted, label_deleted, maker_deleted),
}


def drawn(draw: Draw) -> list[Scenario]:
    """All of them."""
    return [
        Scenario(make.__name__.replace("_", " "), check, tuple(make(draw)))
        for check, makes in ALL.items()
        for make in makes
    ]
