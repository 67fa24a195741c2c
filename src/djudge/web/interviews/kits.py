"""Kits: which questions belong into a conversation of a kind, and how its minutes are spread over them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from djudge.web.hiring.models import Job, UseCase
from djudge.web.interviews.actions import Planned
from djudge.web.interviews.bank import Question, questions
from djudge.web.interviews.models import Kit

#: Minutes at the beginning, and those for what the candidate wants to know.
OPENING: Final[Mapping[str, int]] = {Kit.PHONE: 1, Kit.DEVELOPER: 3, Kit.ARCHITECT: 3}
THEIRS: Final[Mapping[str, int]] = {Kit.PHONE: 2, Kit.DEVELOPER: 5, Kit.ARCHITECT: 5}

#: How long each may be; the first one is proposed.
MINUTES: Final[Mapping[str, Sequence[int]]] = {Kit.PHONE: (15,), Kit.DEVELOPER: (60, 45), Kit.ARCHITECT: (60, 45)}

_OF_KITS: Final[Mapping[str, Sequence[str]]] = {
    Kit.PHONE: ("n-plus-one", "what-is-the-orm", "build-an-api"),
    Kit.DEVELOPER: ("what-is-django-for", "{use}", "model-a-domain", "write-an-endpoint", "slow-query"),
    Kit.ARCHITECT: ("structure-for-scale", "caching-strategy", "background-tasks"),
}

#: What a use case is usually about, where a job does not say it in its own words.
_DOMAINS: Final[Mapping[str, object]] = {
    UseCase.CMS: "articles with authors, drafts and sections",
    UseCase.SHOP: "products with variants, stock and orders",
    UseCase.BACKEND: "bookings of rooms by several teams",
    UseCase.PIPELINE: "measurements that arrive in files every night",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a conversation: its minutes, what it is for, and the question where there is one."""

    minutes: int
    title: str
    question: Planned | None = None


def domain_of(job: Job) -> str:
    """What questions with a gap are about: the job's own words, else what its use is usually about."""
    return job.domain or str(_DOMAINS.get(job.use_case, _DOMAINS[UseCase.SHOP]))


def questions_of(kit: str, job: Job) -> list[Question]:
    """The bank's questions in a kit for a job, in the order in which they are asked."""
    of_use = next((each.id for each in questions().values() if each.use_case == job.use_case), "")
    names = [of_use if name == "{use}" else name for name in _OF_KITS[kit]]
    return [questions()[name] for name in names if name]


def as_asked(question: Question, job: Job, minutes: int = 0) -> Planned:
    """A question of the bank with its gap filled."""
    return Planned(
        question_id=question.id,
        text=question.text.replace("{domain}", domain_of(job)),
        minutes=minutes or question.minutes,
        bullet=question.bullet,
    )


def agenda(kit: str, minutes: int, asked: Sequence[Planned]) -> list[Part]:
    """The way through a conversation of so many minutes, to the minute; each question has its share by its weight."""
    shares = spread(minutes - OPENING[kit] - THEIRS[kit], [each.minutes for each in asked])
    return [
        Part(minutes=OPENING[kit], title=_("Who we are, what this is about, how long it takes")),
        *(Part(minutes=share, title=each.text, question=each) for share, each in zip(shares, asked, strict=True)),
        Part(minutes=THEIRS[kit], title=_("What they would like to know, and what happens next")),
    ]


def spread(minutes: int, weights: Sequence[int]) -> list[int]:
    """Whole minutes by weight that add up to the sum: each has its part rounded down, the largest remainders get what
    is left (Hamilton's method)."""
    whole = sum(weights)
    if not whole:
        return [0 for _weight in weights]
    shares = [minutes * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(minutes * weights[at] % whole), at))
    for at in by_remainder[: minutes - sum(shares)]:
        shares[at] += 1
    return shares


def proposed(kit: str, job: Job, covered: Collection[str] = ()) -> list[Planned]:
    """What is asked unless somebody chooses otherwise: the kit without what others have covered already."""
    every = [as_asked(each, job) for each in questions_of(kit, job)]
    return [each for each in every if each.question_id not in covered] or every
