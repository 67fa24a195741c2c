"""From the outcomes of several tasks to a level of the guide. Pure: evidence in, placement out.

What is asked is fixed before anything is handed in: a `Scope` names the tasks and the bullets that each serves.
Evidence comes as pieces, each one source's outcome on one bullet. Three things then hold whatever the pieces are, and
property tests hold them: a better or a further positive piece never lowers anything, a piece that is taken away never
raises anything (so that withholding a task pays nobody), and their order never matters.

How pieces of one bullet are merged:

- A source speaks once a bullet; of several answers its best one counts.
- Positive pieces (partly, shown) give the best of them, and at most `partly` while another task of the scope was not
  shown on this bullet or said nothing of it. A fault on our side costs nothing.
- A person's rating that no task supports is worth `partly` at most. What was measured is not lowered by a rating.
- A bullet that a higher one implies counts as shown where no task of the scope asks for it, else as `partly` at most.
- Scalable architecture is shown by two raters who agree, and by no task.

How long somebody has worked is no input anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from djudge.engine.scoring.implications import implying
from djudge.engine.scoring.model import MERIT
from djudge.engine.values import BULLETS, Outcome

LEVELS: Final = (1, 2, 3)

#: The guide's minimum for Django developers (its line 44).
MINIMUM: Final = 2

#: So many bullets of a level have to be in the scope before it is placed, and so many of a level may be partly.
FEWEST_BULLETS: Final = 2
MOST_PARTLY: Final = 1

#: Two independent raters have to agree before these may be shown (guide, line 47).
RATED_BY_TWO: Final = frozenset({"scalable-architecture"})

_POSITIVE: Final = (Outcome.PARTLY, Outcome.SHOWN)


class Kind(StrEnum):
    """Where a piece of evidence comes from: a task that was measured, or a person who rated an answer."""

    TASK = "task"
    PERSON = "person"


class Minimum(StrEnum):
    """Whether the guide's minimum is met."""

    YES = "yes"
    NO = "no"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One source's outcome on one bullet. `source` is a task's id or a rater's name; one source is one voice."""

    bullet: str
    outcome: Outcome
    source: str
    kind: Kind = Kind.TASK


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked: the bullets that each task serves, by the task's id. Fixed before anything is handed in."""

    tasks: Mapping[str, Sequence[str]]

    def asked(self, bullet: str) -> tuple[str, ...]:
        """The tasks that serve a bullet."""
        return tuple(sorted(task for task, bullets in self.tasks.items() if bullet in bullets))


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletResult:
    """What is known of one bullet, and from where.

    `silent` are tasks of the scope that said nothing of it (not handed in, refused, not measurable), `implied_by` the
    higher bullets that show it. `counts` says whether levels look at it at all.
    """

    bullet: str
    level: int
    outcome: Outcome
    pieces: tuple[Piece, ...]
    silent: tuple[str, ...]
    implied_by: tuple[str, ...]
    counts: bool

    @property
    def positive(self) -> bool:
        """Shown, or at least partly."""
        return self.outcome in _POSITIVE

    @property
    def confirmed(self) -> bool:
        """Two independent pieces: two tasks, or a task and a person's rating; two raters where no task can tell."""
        tasks = _sources(self.pieces, Kind.TASK)
        people = _sources(self.pieces, Kind.PERSON)
        if self.bullet in RATED_BY_TWO:
            return self.positive and len(people) > 1
        return self.positive and bool(tasks) and len(tasks) + len(people) > 1


@dataclass(frozen=True)
class Placement:
    """All bullets with what is known of them; the levels follow. `level` 0: none is indicated."""

    bullets: tuple[BulletResult, ...]
    minimum: Minimum

    @cached_property
    def level(self) -> int:
        """The highest level that is indicated."""
        return max((level for level in LEVELS if self.indicated(level)), default=0)

    @cached_property
    def confirmed(self) -> int:
        """The highest level that is confirmed."""
        return max((level for level in LEVELS if self.is_confirmed(level)), default=0)

    def upto(self, level: int) -> tuple[BulletResult, ...]:
        """The guide's bullets of levels 1 to this one."""
        return tuple(each for each in self.bullets if 1 <= each.level <= level)

    def of(self, level: int) -> tuple[BulletResult, ...]:
        """The guide's bullets of a level; level 0 is its Python."""
        return tuple(each for each in self.bullets if each.level == level)

    def too_partly(self, level: int) -> tuple[BulletResult, ...]:
        """The bullets of a level that are only partly shown, where they are too many."""
        partly = tuple(each for each in self.of(level) if each.counts and each.outcome is Outcome.PARTLY)
        return partly if len(partly) > MOST_PARTLY else ()

    def enough(self, level: int) -> bool:
        """Whether so many bullets of a level are looked at that it can be placed."""
        return sum(each.counts for each in self.of(level)) >= FEWEST_BULLETS

    def indicated(self, level: int) -> bool:
        """Every bullet in scope up to the level shown, or one of each level partly; two of this level in scope."""
        satisfied = all(each.positive for each in self.upto(level) if each.counts)
        return satisfied and self.enough(level) and not any(map(self.too_partly, range(1, level + 1)))

    def is_confirmed(self, level: int) -> bool:
        """Indicated, and two independent pieces on every bullet of the guide up to the level."""
        return self.indicated(level) and all(each.confirmed for each in self.upto(level))


def place(scope: Scope, pieces: Iterable[Piece]) -> Placement:
    """The level that pieces of evidence indicate in a scope. Raises KeyError for a bullet that is not the guide's."""
    known = _once_a_source(pieces)
    bullets = _results(scope, known)
    return Placement(bullets, _minimum(scope, known, Placement(bullets, Minimum.NOT_ENOUGH_EVIDENCE)))


def _minimum(scope: Scope, known: Sequence[Piece], placement: Placement) -> Minimum:
    """No only where no missing piece could still make it a yes."""
    if placement.level >= MINIMUM:
        return Minimum.YES
    silent = [
        Piece(bullet=each.bullet, outcome=Outcome.SHOWN, source=task)
        for each in placement.bullets
        for task in each.silent
    ]
    best = Placement(_results(scope, _once_a_source([*known, *silent])), Minimum.NOT_ENOUGH_EVIDENCE)
    failed = any(each.outcome is Outcome.NOT_SHOWN for each in best.upto(MINIMUM) if each.counts)
    partly = any(best.too_partly(level) for level in range(1, MINIMUM + 1))
    return Minimum.NO if failed or partly else Minimum.NOT_ENOUGH_EVIDENCE


def _once_a_source(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Each source's best answer on each bullet, in an order of their own."""
    best: dict[tuple[str, Kind, str], Piece] = {}
    for piece in pieces:
        BULLETS[piece.bullet]
        key = (piece.bullet, piece.kind, piece.source)
        if key not in best or _merit(piece.outcome) > _merit(best[key].outcome):
            best[key] = piece
    return tuple(best[key] for key in sorted(best))


def _merit(outcome: Outcome) -> int:
    """The order of merit, with what says nothing below it: no answer costs more than a fault of ours."""
    return (Outcome.NOT_TESTED, Outcome.INFRASTRUCTURE_ERROR, *MERIT).index(outcome)


def _results(scope: Scope, known: Sequence[Piece]) -> tuple[BulletResult, ...]:
    by_bullet = {bullet: tuple(piece for piece in known if piece.bullet == bullet) for bullet in BULLETS}
    measured = {bullet: _merged(bullet, scope, pieces, implied=False) for bullet, pieces in by_bullet.items()}
    return tuple(_result(bullet, scope, pieces, measured) for bullet, pieces in by_bullet.items())


def _result(bullet: str, scope: Scope, pieces: tuple[Piece, ...], measured: Mapping[str, Outcome]) -> BulletResult:
    implied_by = tuple(higher for higher in implying(bullet) if measured[higher] is Outcome.SHOWN)
    outcome = _merged(bullet, scope, pieces, implied=bool(implied_by))
    return BulletResult(
        bullet=bullet,
        level=BULLETS[bullet],
        outcome=outcome,
        pieces=pieces,
        silent=tuple(task for task in scope.asked(bullet) if _answer(task, pieces) not in MERIT),
        implied_by=implied_by,
        # Evidence that nobody planned counts where it shows something in full, and blocks nothing.
        counts=bool(scope.asked(bullet)) or outcome is Outcome.SHOWN,
    )


def _merged(bullet: str, scope: Scope, pieces: Sequence[Piece], *, implied: bool) -> Outcome:
    if bullet in RATED_BY_TWO:
        return _second_best(pieces)
    asked = [_answer(task, pieces) for task in scope.asked(bullet)]
    positive = [worth for piece in pieces if (worth := _worth(piece)) in _POSITIVE]
    if implied:
        positive.append(Outcome.PARTLY if asked else Outcome.SHOWN)
    if not positive:
        return _nothing_shown([*asked, *(piece.outcome for piece in pieces)])
    incomplete = any(answer in (Outcome.NOT_SHOWN, Outcome.NOT_TESTED) for answer in asked)
    return Outcome.PARTLY if incomplete else max(positive, key=MERIT.index)


def _answer(task: str, pieces: Iterable[Piece]) -> Outcome:
    """What a task said of a bullet, among this bullet's pieces."""
    own = (piece.outcome for piece in pieces if piece.kind is Kind.TASK and piece.source == task)
    return next(own, Outcome.NOT_TESTED)


def _worth(piece: Piece) -> Outcome:
    if piece.kind is Kind.PERSON and piece.outcome is Outcome.SHOWN:
        return Outcome.PARTLY
    return piece.outcome


def _nothing_shown(outcomes: Sequence[Outcome]) -> Outcome:
    for outcome in (Outcome.NOT_SHOWN, Outcome.INFRASTRUCTURE_ERROR):
        if outcome in outcomes:
            return outcome
    return Outcome.NOT_TESTED


def _second_best(pieces: Iterable[Piece]) -> Outcome:
    """What two raters agree on; one alone says nothing yet."""
    rated = sorted((_merit(piece.outcome), piece.outcome) for piece in pieces if piece.kind is Kind.PERSON)
    telling = [outcome for _, outcome in rated if outcome in MERIT]
    return telling[-2] if len(telling) > 1 else Outcome.NOT_TESTED


def _sources(pieces: Iterable[Piece], kind: Kind) -> frozenset[str]:
    """Those of one kind that found something positive."""
    return frozenset(piece.source for piece in pieces if piece.kind is kind and piece.outcome in _POSITIVE)
