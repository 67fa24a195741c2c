"""What several people heard of one candidate, question by question: who put it where, and how far apart they are. Pure.

Nothing is averaged, added up or ranked: two who differ have heard something different, and talk about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from djudge.web.interviews.anchors import anchors_of, question_of
from djudge.web.interviews.bank import ANCHORS, Box, Question
from djudge.web.interviews.models import Anchor, Rating
from djudge.web.interviews.raters import names_of


@dataclass(frozen=True, slots=True)
class Mark:
    """One person's rating of one answer. `rater` is their name, with the address where another has the same one."""

    rating: Rating
    rater: str

    @property
    def place(self) -> int:
        """On the scale, from 0."""
        return ANCHORS.index(self.rating.anchor)

    @property
    def voice(self) -> object:
        """The same for one person's marks; who has left is somebody of their own on each scorecard."""
        return self.rating.scorecard.rater_id or self.rating.scorecard_id

    @property
    def heard(self) -> list[Box]:
        """The boxes that were ticked, in the question's order."""
        question = question_of(self.rating)
        return [box for box in question.boxes if box.id in self.rating.ticked] if question else []


@dataclass(frozen=True, slots=True)
class Place:
    """One anchor of a question's scale, with who put the answer there, by name."""

    anchor: str
    says: str
    marks: Sequence[Mark]

    @property
    def word(self) -> str:
        """The anchor's name."""
        return str(Anchor(self.anchor).label)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with everybody's marks, those on one place by name."""

    marks: Sequence[Mark]

    @property
    def first(self) -> Rating:
        """Any of its ratings: the question is the same in all."""
        return self.marks[0].rating

    @property
    def question(self) -> Question | None:
        """In the bank; None for one about the candidate's own work."""
        return question_of(self.first)

    @property
    def scale(self) -> list[Place]:
        """From the lowest anchor to the highest. What somebody was held against stands there in the words of then."""
        found = []
        for anchor, says in anchors_of(self.first).items():
            marks = [mark for mark in self.marks if mark.rating.anchor == anchor]
            found.append(Place(anchor, marks[0].rating.anchor_text or says if marks else says, marks))
        return found

    @property
    def pair(self) -> tuple[Mark, Mark] | None:
        """The two people who are furthest apart, the lower one first; None where one person alone rated it."""
        pairs = [(one, other) for one, other in combinations(self.marks, 2) if one.voice != other.voice]
        return max(pairs, key=lambda pair: pair[1].place - pair[0].place, default=None)

    @property
    def is_by_one(self) -> bool:
        """Whether one person alone rated it."""
        return self.pair is None

    @property
    def apart(self) -> int:
        """By how many anchors these two differ."""
        pair = self.pair
        return pair[1].place - pair[0].place if pair else 0

    @property
    def others(self) -> list[Mark]:
        """Everybody besides the two."""
        return [mark for mark in self.marks if mark not in (self.pair or ())]

    @property
    def boxes(self) -> list[tuple[str, list[str]]]:
        """What there was to hear, each with who heard it."""
        question = self.question
        if question is None:
            return []
        return [
            (box.label, list(dict.fromkeys(mark.rater for mark in self.marks if box.id in mark.rating.ticked)))
            for box in question.boxes
        ]

    @property
    def is_of_several_talks(self) -> bool:
        """Whether it was asked more than once, so that different answers were rated."""
        return len({mark.rating.scorecard.interview_id for mark in self.marks}) > 1


@dataclass(frozen=True, slots=True)
class Compared:
    """All questions by how far apart those are who rated them; within each list in the order in which they were
    asked."""

    two_apart: Sequence[Asked]
    one_apart: Sequence[Asked]
    agreed: Sequence[Asked]
    by_one: Sequence[Asked]


def compared(ratings: Iterable[Rating]) -> Compared:
    """Ratings of one candidate, which come with scorecard, rater and interview, in the order in which they were
    asked."""
    every = asked(ratings)
    several = [each for each in every if each.pair is not None]
    return Compared(
        two_apart=[each for each in several if each.apart > 1],
        one_apart=[each for each in several if each.apart == 1],
        agreed=[each for each in several if each.apart == 0],
        by_one=[each for each in every if each.pair is None],
    )


def asked(ratings: Iterable[Rating]) -> list[Asked]:
    """The same by question: one of the bank by its id, one about the candidate's own work by its text."""
    found: dict[str, list[Rating]] = {}
    for rating in ratings:
        found.setdefault(rating.question_id or rating.text, []).append(rating)
    names = names_of(rating.scorecard for several in found.values() for rating in several)
    return [
        Asked(sorted((Mark(each, names[each.scorecard_id]) for each in several), key=_in_place))
        for several in found.values()
    ]


def _in_place(mark: Mark) -> tuple[int, str, object]:
    return mark.place, mark.rater, mark.rating.pk
