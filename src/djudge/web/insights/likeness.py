"""Reading what works share, for people who decide."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from djudge.web.grading.models import Result, Submission
from djudge.web.hiring.models import Application
from djudge.web.insights.models import Comparison, Likeness

#: Results that are older were compared long ago: beat looks every minute.
_RECENT: Final = timedelta(days=7)

#: So many pairs are shown on one page, the longest first.
MOST_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Side:
    """A piece of a file, with the number of its first line."""

    path: str
    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Somebody's work beside another candidate's, who is not named. `with_others` are their passages and ours."""

    task: str
    lines: int
    passages: Sequence[tuple[Side, Side]]


def to_be_compared() -> list[tuple[uuid.UUID, str]]:
    """Teams and tasks in which something was graded after the latest comparison. One statement over the reports of the
    last days, which it finds by the time in their ids (RFC 9562, UUIDv7)."""
    compared = Comparison.objects.filter(team=OuterRef("team"), task=OuterRef("task")).values("at")[:1]
    recent = Result.objects.filter(pk__gte=_first_id_of(timezone.now() - _RECENT))
    groups = (
        recent.filter(submission__work__sitting__application__isnull=False)
        .order_by()
        .values(team=F("submission__work__sitting__application__job__team"), task=F("submission__task"))
        .annotate(newest=Max("created_at"))
        .annotate(compared=Subquery(compared))
        .filter(Q(compared=None) | Q(newest__gt=F("compared")))
    )
    return [(group["team"], group["task"]) for group in groups]


def _first_id_of(moment: datetime) -> uuid.UUID:
    """The least UUIDv7 of a millisecond: what is made later is greater."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


def compared_at(application: Application) -> Sequence[Comparison]:
    """When the tasks of somebody's sitting were compared. One statement."""
    tasks = Submission.objects.filter(work__sitting__application=application).values("task")
    return list(Comparison.objects.filter(team=application.job.team_id, task__in=tasks))


def pairs_of(application: Application, seen: QuerySet[Application]) -> list[Pair]:
    """What somebody's submissions share with those of applications that the reader may see, the most first. One
    statement, and the files of at most MOST_SHOWN pairs."""
    mine, theirs = Q(one__work__sitting__application=application), Q(other__work__sitting__application__in=seen)
    turned = Q(other__work__sitting__application=application), Q(one__work__sitting__application__in=seen)
    found = Likeness.objects.filter((mine & theirs) | (turned[0] & turned[1]))
    every = found.select_related("comparison", "one__work__sitting", "other").order_by("-lines", "pk")[:MOST_SHOWN]
    return [_pair(each, each.one.work.sitting.application_id == application.pk) for each in every]


def _pair(found: Likeness, is_one: bool) -> Pair:
    here, there = ("one", "other") if is_one else ("other", "one")
    mine, theirs = (found.one, found.other) if is_one else (found.other, found.one)
    passages = [(_side(mine.files, passage, here), _side(theirs.files, passage, there)) for passage in found.passages]
    return Pair(task=found.comparison.title, lines=found.lines, passages=passages)


def _side(files: Mapping[str, str | None], passage: Mapping[str, Any], which: str) -> Side:
    path, first, last = passage[which], passage[f"{which}_from"], passage[f"{which}_to"]
    lines = (files.get(path) or "").splitlines()[first - 1 : last]
    return Side(path=path, first=first, last=last, text="\n".join(_numbered(lines, first)))


def _numbered(lines: Sequence[str], first: int) -> Iterator[str]:
    for number, line in enumerate(lines, first):
        yield f"{number:>4}  {line[:400]}"
