"""Which of the guide's bullets somebody has looked at so far: by a task, in an interview, or nobody yet. No word on how
it came out, so that everybody may see it before the debrief."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from djudge.web.grading import library
from djudge.web.grading.library import BULLETS, NAMES
from djudge.web.hiring.models import Application
from djudge.web.interviews.selectors import Covering
from djudge.web.workspace.models import Sitting, Work
from djudge.web.workspace.selectors import works_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One bullet: tasks that have measured it, people who have asked about it, and who or what is still to come."""

    bullet: str
    name: str
    level: int
    by_tasks: Sequence[str]
    by_people: Sequence[str]
    planned: Sequence[str]

    @property
    def is_seen(self) -> bool:
        """Whether there is anything to talk about."""
        return bool(self.by_tasks or self.by_people)

    @property
    def is_open(self) -> bool:
        """Whether nobody has looked and nobody will."""
        return not (self.is_seen or self.planned)


def coverage_of(application: Application, sitting: Sitting | None, covered: Iterable[Covering]) -> list[Looked]:
    """Each bullet, in the guide's order; Python's come last. One statement where somebody was invited."""
    measured, to_come = _tasks(sitting, list(works_of(sitting)) if sitting else [])
    covered = list(covered)
    return [
        Looked(
            bullet=bullet,
            name=_(NAMES[bullet]),
            level=level,
            by_tasks=measured.get(bullet, []),
            by_people=_who(covered, bullet, is_filed=True),
            planned=[*to_come.get(bullet, []), *_who(covered, bullet, is_filed=False)],
        )
        for bullet, level in sorted(BULLETS.items(), key=lambda each: each[1] or 9)
    ]


def by_level(looked: Sequence[Looked]) -> list[tuple[int, list[Looked]]]:
    """For pages: the levels with their bullets."""
    return [(level, list(found)) for level, found in groupby(looked, key=lambda each: each.level)]


def gaps(looked: Iterable[Looked]) -> frozenset[str]:
    """The bullets of which nobody knows anything, and nobody will."""
    return frozenset(each.bullet for each in looked if each.is_open)


def _tasks(sitting: Sitting | None, works: Iterable[Work]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """By bullet: the tasks that measured something about it, and those that are not graded yet but will be."""
    measured: dict[str, list[str]] = {}
    to_come: dict[str, list[str]] = {}
    for work in works:
        card = library.card(work.task)
        result = getattr(work.submission, "result", None)
        if result is not None:
            for bullet, outcome in result.bullets.items():
                if outcome != "not_tested" and not result.fault:
                    measured.setdefault(bullet, []).append(card.title)
        elif work.submission is not None or (sitting and not sitting.handed_in_at):
            for bullet in card.bullets:
                to_come.setdefault(bullet, []).append(card.title)
    return measured, to_come


def _who(covered: Iterable[Covering], bullet: str, *, is_filed: bool) -> list[str]:
    return list(dict.fromkeys(each.who for each in covered if each.bullet == bullet and each.is_filed == is_filed))
