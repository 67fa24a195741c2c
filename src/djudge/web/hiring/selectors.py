"""Reading jobs and applications: a page asks for as much with a hundred candidates as with a hundred thousand."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from djudge.web.common.counting import Counted
from djudge.web.common.paging import Order
from djudge.web.hiring.access import jobs_for
from djudge.web.hiring.models import OPEN, Application, Job, Note, Stage
from djudge.web.hiring.steps import steps_of
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May

#: Those who wait longest for us first.
LONGEST_WAITING: Final = Order(("reply_by", "id"))

#: So many of each stage lie on the board; the table has all.
COLUMN: Final = 20

#: Stages that everybody passes, so that they are on the board when nobody is in them.
_ALWAYS: Final = (Stage.APPLIED, Stage.INVITED, Stage.SUBMITTED, Stage.INTERVIEW, Stage.OFFER)

#: A trigram index finds any three letters.
_TRIGRAM: Final = 3


def job_list(membership: Membership) -> QuerySet[Job]:
    """Jobs with how many are in them, and how many wait for an answer that is late, each counted as far as
    `counting.MOST`. One statement."""
    every = Application.objects.filter(job=OuterRef("pk")).order_by("reply_by")
    waiting = every.filter(stage__in=OPEN)
    counted = jobs_for(membership).annotate(
        candidates=Counted(every),
        waiting=Counted(waiting),
        overdue=Counted(waiting.filter(reply_by__lt=date.today())),  # noqa: DTZ011
    )
    return counted.order_by("-created_at")


def applications_of(job: Job, *, stage: str = "", lane: str = "", text: str = "") -> QuerySet[Application]:
    """The job's applications, those that wait longest for us first, filtered. One statement for a page of them."""
    best = Note.objects.filter(application=OuterRef("pk"), rating__isnull=False).order_by("-rating")
    found = _filtered(job.applications.all(), stage, lane, text)
    return LONGEST_WAITING.sorted(found.select_related("candidate").annotate(rated=Subquery(best.values("rating")[:1])))


def _filtered(found: QuerySet[Application], stage: str, lane: str, text: str) -> QuerySet[Application]:
    if stage:
        found = found.filter(stage=stage)
    if lane:
        found = found.filter(lane=lane)
    return found.filter(like(text)) if text else found


def like(text: str, candidate: str = "candidate__") -> Q:
    """Whose name or address has this text in it; one or two letters have to begin a word, because an index finds no
    fewer within one. `candidate` is the way from a row to its candidate."""

    def by(field: str, lookup: str, wanted: str) -> Q:
        return Q(**{f"{candidate}{field}__{lookup}": wanted})

    if len(text) >= _TRIGRAM:
        return by("name", "icontains", text) | by("email", "icontains", text)
    begins = by("name", "istartswith", text) | by("email", "istartswith", text)
    return begins | by("name", "icontains", f" {text}")


def board(
    job: Job, allowed: frozenset[May], *, stage: str = "", lane: str = "", text: str = ""
) -> list[dict[str, Any]]:
    """Every stage that somebody is in, and those that everybody passes, in order: its first cards, each with where it
    can go from there, and how many are in it, counted as far as `counting.MOST`. Two statements."""
    stages = [stage] if stage else list(Stage.values)
    first, *others = (applications_of(job, stage=each, lane=lane, text=text)[:COLUMN] for each in stages)
    cards: dict[str, list[Application]] = {each: [] for each in stages}
    for application in first.union(*others, all=True) if others else first:
        application.job = job
        cards[application.stage].append(application)
    counts = _counts(job, stages, lane, text)
    return [
        {
            "stage": Stage(each),
            "cards": [(one, steps_of(one, allowed)) for one in sorted(found, key=_waits)],
            "count": counts[each],
        }
        for each, found in cards.items()
        if found or each in _ALWAYS
    ]


def _counts(job: Job, stages: list[str], lane: str, text: str) -> dict[str, int]:
    every = Application.objects.filter(job=OuterRef("pk")).order_by("reply_by", "pk")
    counts = {f"in_{each}": Counted(_filtered(every, each, lane, text)) for each in stages}
    found = Job.objects.filter(pk=job.pk).order_by().values_list(*counts.values())
    return dict(zip(stages, found.get(), strict=True))


def _waits(application: Application) -> tuple[date, Any]:
    return application.reply_by, application.pk
