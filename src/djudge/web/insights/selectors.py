"""Where people wait and what tasks tell: counted by the database, with as many statements for many rows as for few."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from djudge.web.grading import library
from djudge.web.grading.models import State, Submission
from djudge.web.hiring.models import ENDED, Application, Stage, StageChange
from djudge.web.organizations.models import Team
from djudge.web.workspace.models import FormerSubmission

#: Of fewer submissions of a task nothing is said but how many there are: one more would change a share by over a tenth.
FEWEST_GRADED: Final = 10

_OUTCOMES: Final = ("shown", "partly", "not_shown")


class Median(Aggregate):
    """The middle value, by PostgreSQL; of durations too. Without values None."""

    function = "PERCENTILE_CONT"
    name = "Median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def _between(end: Any, begin: str) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(end - F(begin), output_field=DurationField())


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: how many ever reached it, how many are in it now, and how long people were in it.

    `median` is of those who went on, `longest` includes those who are still there. Both are None for stages that end an
    application, and where nobody was. `share` is of the stage that most people reached, in percent: a bar's length.
    """

    stage: Stage
    reached: int
    now: int
    median: timedelta | None
    longest: timedelta | None
    share: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Every stage in order; `kept` of `answers` came in time, and `late` wait for one that is late already.

    An answer is a change that somebody of the team made, where it is known until when it was promised.
    """

    rows: Sequence[StageRow]
    applications: int
    answers: int
    kept: int
    late: int


def funnel(applications: QuerySet[Application]) -> Funnel:
    """Of these applications. Three statements for any number of them."""
    times: dict[str, Mapping[str, Any]] = {row["after"]: row for row in _times(applications)}
    today = timezone.localdate()
    waits = ~Q(stage__in=ENDED) & Q(reply_by__lt=today)
    present = applications.order_by().values("stage").annotate(n=Count("pk"), late=Count("pk", filter=waits))
    now: dict[str, Mapping[str, Any]] = {row["stage"]: row for row in present}
    most = max((row["reached"] for row in times.values()), default=0)
    return Funnel(
        rows=[_row(stage, times.get(stage, {}), now.get(stage, {}), most) for stage in Stage],
        applications=sum(row["n"] for row in now.values()),
        late=sum(row["late"] for row in now.values()),
        **_answers(applications),
    )


def _times(applications: QuerySet[Application]) -> Iterable[Mapping[str, Any]]:
    later = StageChange.objects.filter(application=OuterRef("application"), at__gt=OuterRef("at")).order_by("at")
    changes = StageChange.objects.filter(application__in=applications.order_by().values("pk"))
    known = changes.annotate(left_at=Subquery(later.values("at")[:1]))
    known = known.annotate(spent=_between(F("left_at"), "at"), so_far=_between(Coalesce(F("left_at"), Now()), "at"))
    return (
        known.order_by()
        .values("after")
        .annotate(
            reached=Count("application", distinct=True),
            median=Median("spent", output_field=DurationField()),
            longest=Max("so_far"),
        )
    )


def _row(stage: Stage, times: Mapping[str, Any], now: Mapping[str, Any], most: int) -> StageRow:
    reached, ends = times.get("reached", 0), stage in ENDED
    return StageRow(
        stage=stage,
        reached=reached,
        now=now.get("n", 0),
        median=None if ends else times.get("median"),
        longest=None if ends else times.get("longest"),
        share=round(100 * reached / most) if most else 0,
    )


def _answers(applications: QuerySet[Application]) -> dict[str, int]:
    ours = StageChange.objects.filter(application__in=applications.order_by().values("pk"), by__isnull=False)
    return ours.exclude(promised_for=None).aggregate(
        answers=Count("pk"), kept=Count("pk", filter=Q(at__date__lte=F("promised_for")))
    )


@dataclass(frozen=True, slots=True)
class BulletRow:
    """What graded submissions showed of one bullet, in whole percent of those in which it was tested."""

    bullet: str
    tested: int
    shown: int
    partly: int
    not_shown: int

    @property
    def is_told(self) -> bool:
        """Whether there are enough."""
        return self.tested >= FEWEST_GRADED

    @property
    def shares(self) -> list[tuple[str, int, int]]:
        """Each outcome with its number and its percentage."""
        counts = zip(_OUTCOMES, (self.shown, self.partly, self.not_shown), strict=True)
        return [(outcome, count, round(100 * count / self.tested)) for outcome, count in counts]


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """What a team's candidates met in one task. `timed` are those whose first save is known; `median` is theirs, from
    it to handing in. `our_fault` of `finished` could not be graded.
    """

    graded: int
    finished: int
    our_fault: int
    timed: int
    median: timedelta | None
    bullets: Sequence[BulletRow]
    fewest: int = FEWEST_GRADED

    @property
    def is_told(self) -> bool:
        """Whether so many were graded that shares mean something."""
        return self.graded >= self.fewest

    @property
    def our_fault_percent(self) -> int | None:
        """Of all that came to an end; None where those are too few."""
        return round(100 * self.our_fault / self.finished) if self.finished >= self.fewest else None

    @property
    def minutes(self) -> int | None:
        """The median in minutes; None where too few are known."""
        if self.median is None or self.timed < self.fewest:
            return None
        return round(self.median.total_seconds() / 60)


def task_figures(team: Team, name: str) -> TaskFigures:
    """Of the team's candidates; practice and previews are not counted. One statement."""
    bullets = library.card(name).bullets
    ours = Submission.objects.filter(task=name, work__sitting__application__job__team=team)
    # What was done or graded again was handed in later than the first time.
    again = FormerSubmission.objects.filter(work=OuterRef("work"))
    ours = ours.annotate(begun=Case(When(~Exists(again), then=F("work__first_saved_at"))))
    took = _between(F("created_at"), "begun")
    wanted: dict[str, Any] = {
        "graded": Count("pk", filter=Q(state=State.GRADED)),
        "our_fault": Count("pk", filter=Q(state=State.OUR_FAULT)),
        "timed": Count("begun"),
        "median": Median(took, output_field=DurationField()),
    }
    for place, bullet in enumerate(bullets):
        ours = ours.annotate(**{f"bullet_{place}": KeyTextTransform(bullet, "result__bullets")})
        for outcome in _OUTCOMES:
            wanted[f"{outcome}_{place}"] = Count("pk", filter=Q(**{f"bullet_{place}": outcome}))
    found = ours.aggregate(**wanted)
    return TaskFigures(
        graded=found["graded"],
        finished=found["graded"] + found["our_fault"],
        our_fault=found["our_fault"],
        timed=found["timed"],
        median=found["median"],
        bullets=[_bullet_row(bullet, [found[f"{each}_{place}"] for each in _OUTCOMES])
                 for place, bullet in enumerate(bullets)],
    )  # fmt: skip


def _bullet_row(bullet: str, counts: list[int]) -> BulletRow:
    shown, partly, not_shown = counts
    return BulletRow(bullet=bullet, tested=sum(counts), shown=shown, partly=partly, not_shown=not_shown)
