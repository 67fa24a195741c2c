"""Kits: which questions belong into a conversation of a kind, and how its minutes are spread over them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.hiring.models import Job, UseCase
from djudge.web.interviews.actions import Planned
from djudge.web.interviews.bank import Question, questions
from djudge.web.interviews.models import Kit

#: Minutes at the beginning, and those for what the candidate wants to know.
OPENING: Final[Mapping[str, int]] = {Kit.PHONE: 1, Kit.DEVELOPER: 3, Kit.ARCHITECT: 3}
THEIRS: Final[Mapping[str, int]] = {Kit.PHONE: 2, Kit.DEVELOPER: 5, Kit.ARCHITECT: 5}

#: How long each may be; the first one is proposed.
MINUTES: Final[Mapping[str, Sequence[int]]] = {Kit.PHONE: (15,), Kit.DEVELOPER: (60, 45), Kit.ARCHITECT: (60, 45)}

#: Nothing is asked and answered in less.
LEAST: Final = 2

#: A question about the candidate's own work takes about as long.
OWN_MINUTES: Final = 5

_OF_KITS: Final[Mapping[str, Sequence[str]]] = {
    Kit.PHONE: ("n-plus-one", "what-is-the-orm", "build-an-api"),
    Kit.DEVELOPER: ("what-is-django-for", "{use}", "model-a-domain", "write-an-endpoint", "slow-query"),
    Kit.ARCHITECT: ("structure-for-scale", "caching-strategy", "background-tasks"),
}

#: What a use case is usually about, where a job does not say it in its own words.
_DOMAINS: Final[Mapping[str, object]] = {
    UseCase.CMS: _l("articles with authors, drafts and sections"),
    UseCase.SHOP: _l("products with variants, stock and orders"),
    UseCase.BACKEND: _l("bookings of rooms by several teams"),
    UseCase.PIPELINE: _l("measurements that arrive in files every night"),
}


class TooManyError(ValueError):
    """More questions than minutes; `most` is how many fit."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("So many questions don't fit: each needs %(least)d minutes at least, so that there is room for %(most)d.")
            % {"least": LEAST, "most": most}
        )
        self.most = most


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a conversation: from which minute to which, what it is for, and the question where there is one."""

    start: int
    minutes: int
    title: str
    question: Planned | None = None

    @property
    def end(self) -> int:
        """The minute at which the next one begins."""
        return self.start + self.minutes

    @property
    def is_tight(self) -> bool:
        """Whether it has less than two thirds of what the question is made for."""
        made_for = questions().get(self.question.question_id) if self.question else None
        return made_for is not None and 3 * self.minutes < 2 * made_for.minutes


def domain_of(job: Job) -> str:
    """What questions with a gap are about: the job's own words, else what its use is usually about."""
    return job.domain or usual_domain(job.use_case)


def usual_domain(use_case: str) -> str:
    """What a use is usually about."""
    return str(_DOMAINS.get(use_case, _DOMAINS[UseCase.SHOP]))


def questions_of(kit: str, use_case: str) -> list[Question]:
    """The bank's questions in a kit for a use, in the order in which they are asked."""
    of_use = next((each.id for each in questions().values() if each.use_case and each.use_case == use_case), "")
    names = [of_use if name == "{use}" else name for name in _OF_KITS[kit]]
    return [questions()[name] for name in names if name]


def as_asked(question: Question, domain: str) -> Planned:
    """A question of the bank with its gap filled."""
    return Planned(
        question_id=question.id,
        text=question.text.replace("{domain}", domain),
        minutes=question.minutes,
        bullet=question.bullet,
    )


def agenda(kit: str, minutes: int, asked: Sequence[Planned]) -> list[Part]:
    """The way through a conversation of so many minutes, to the minute; each question has its share by its weight, and
    what nobody asks for is theirs. Raises TooManyError."""
    room = minutes - OPENING[kit] - THEIRS[kit]
    if LEAST * len(asked) > room:
        raise TooManyError(room // LEAST)
    shares = spread(room - LEAST * len(asked), [max(each.minutes - LEAST, 0) for each in asked])
    stretches: list[tuple[int, str, Planned | None]] = [
        (OPENING[kit], _("Who we are, what this is about, how long it takes"), None)
    ]
    stretches += [(LEAST + share, each.text, each) for share, each in zip(shares, asked, strict=True)]
    theirs = minutes - sum(length for length, _title, _question in stretches)
    stretches.append((theirs, _("What they would like to know, and what happens next"), None))
    return _in_turn(stretches)


def least(kit: str, count: int) -> int:
    """The minutes without which so many questions don't fit."""
    return OPENING[kit] + THEIRS[kit] + LEAST * count


def _in_turn(stretches: Sequence[tuple[int, str, Planned | None]]) -> list[Part]:
    parts, start = [], 0
    for length, title, question in stretches:
        parts.append(Part(start=start, minutes=length, title=title, question=question))
        start += length
    return parts


def spread(minutes: int, weights: Sequence[int]) -> list[int]:
    """Whole minutes by weight that add up to the sum: each has its part rounded down, the largest remainders get what
    is left (Hamilton's method). Where nothing weighs anything, everything weighs the same."""
    weights = weights if any(weights) else [1 for _weight in weights]
    whole = sum(weights)
    shares = [minutes * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(minutes * weights[at] % whole), at))
    for at in by_remainder[: minutes - sum(shares)]:
        shares[at] += 1
    return shares


def in_time(kit: str, minutes: int, asked: Sequence[Planned]) -> list[Planned]:
    """The same questions, each with the minutes that it has in the agenda. Raises TooManyError."""
    parts = agenda(kit, minutes, asked)
    return [replace(part.question, minutes=part.minutes) for part in parts if part.question is not None]


def proposed(kit: str, job: Job, covered: Collection[str] = ()) -> list[Planned]:
    """What is asked unless somebody chooses otherwise: the kit without what others have covered already."""
    every = [as_asked(each, domain_of(job)) for each in questions_of(kit, job.use_case)]
    return [each for each in every if each.question_id not in covered] or every
