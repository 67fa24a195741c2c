"""Selection rates of two groups, and what so many applications can tell: the four-fifths rule with an interval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from djudge.web.assessments.models import Lane
from djudge.web.hiring.models import Application, Stage, StageChange

#: Of a smaller group nothing is told. With 30, one decision more or less still moves its rate by three percentage
#: points, and a ratio near four fifths by about as much as the distance that matters.
FEWEST: Final = 30

#: 29 CFR 1607.4 D, the four-fifths rule.
FOUR_FIFTHS: Final = 0.8

#: The 97.5 % point of the normal distribution.
_Z: Final = 1.959963984540054

#: What an applicant can be selected for, and every stage that says that they were.
SELECTED: Final[Mapping[Stage, tuple[Stage, ...]]] = {
    Stage.INTERVIEW: (Stage.INTERVIEW, Stage.OFFER, Stage.HIRED),
    Stage.OFFER: (Stage.OFFER, Stage.HIRED),
    Stage.HIRED: (Stage.HIRED,),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """`selected` of `known` in one group; whose outcome is open, or who withdrew before it, is in neither."""

    label: str
    selected: int
    known: int

    @property
    def is_told(self) -> bool:
        """Whether the group is large enough."""
        return self.known >= FEWEST

    @property
    def value(self) -> float:
        """The rate; 0 for nobody."""
        return self.selected / self.known if self.known else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the rate lies with 95 % confidence."""
        return wilson(self.selected, self.known)


@dataclass(frozen=True, slots=True)
class Split:
    """The rates of two groups. `ratio` is the lower by the higher one with its interval, None where nothing is told."""

    stage: Stage
    groups: Sequence[Rate]

    @property
    def is_told(self) -> bool:
        """Whether both groups are large enough, and somebody was selected."""
        return all(each.is_told for each in self.groups) and any(each.selected for each in self.groups)

    @property
    def ratio(self) -> tuple[float, float, float] | None:
        """The ratio, and between what it lies with 95 % confidence."""
        if not self.is_told:
            return None
        low, high = sorted(self.groups, key=lambda each: each.value)
        return (low.value / high.value, *ratio_interval((low.selected, low.known), (high.selected, high.known)))

    @property
    def says(self) -> str:
        """In a sentence; that it can't be told is one of them."""
        if self.ratio is None:
            return str(_("Too few to tell."))
        _ratio, low, high = self.ratio
        if high < FOUR_FIFTHS:
            return str(_("Below four fifths, and so is the whole interval. Find out why."))
        if low >= FOUR_FIFTHS:
            return str(_("Not below four fifths, and neither is any part of the interval."))
        return str(_("The interval lies on both sides of four fifths: so many applications don't tell."))


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion; (0, 1) for nobody.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212.
    """
    if not total:
        return 0.0, 1.0
    share, square = count / total, _Z * _Z
    middle = share + square / (2 * total)
    half = _Z * sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def ratio_interval(low: tuple[int, int], high: tuple[int, int]) -> tuple[float, float]:
    """The 95 % interval of one proportion by another that is not 0, each as count and total.

    MOVER-R over Wilson's limits: Donner and Zou, "Closed-form confidence intervals for functions of the normal mean and
    standard deviation", Statistical Methods in Medical Research 21 (2012), 347-359.
    The lower limit is written with the root below the line, so that it holds where the second group's limits are wide.
    """
    first, second = low[0] / low[1], high[0] / high[1]
    (lower, upper), (lower_2, upper_2) = wilson(*low), wilson(*high)
    product = first * second
    below = product**2 - lower * upper_2 * (2 * first - lower) * (2 * second - upper_2)
    above = product**2 - upper * lower_2 * (2 * first - upper) * (2 * second - lower_2)
    left = product + sqrt(max(0.0, below))
    least = lower * (2 * first - lower) / left if left else 0.0
    return least, (product + sqrt(max(0.0, above))) / (lower_2 * (2 * second - lower_2))


def _is_known(stage: Stage) -> Q:
    """Selected, or the application has ended without it; who withdrew took themselves out."""
    return Q(**{f"was_{stage}": True}) | Q(stage__in=(Stage.REJECTED, Stage.HIRED))


def with_selection(applications: QuerySet[Application]) -> Any:
    """Each with whether it was selected for what, and whether extra time was given."""
    reached = {
        f"was_{stage}": Exists(StageChange.objects.filter(application=OuterRef("pk"), after__in=stages))
        for stage, stages in SELECTED.items()
    }
    extra = Case(When(extra_time__gt=1, then=Value(True)), default=Value(False))
    return applications.annotate(**reached, extra=extra)


def splits(applications: QuerySet[Application]) -> Mapping[str, Sequence[Split]]:
    """The rates by lane and by extra time. One statement for any number of applications."""
    wanted = {}
    for stage in SELECTED:
        wanted[f"selected_{stage}"] = Count("pk", filter=Q(**{f"was_{stage}": True}))
        wanted[f"known_{stage}"] = Count("pk", filter=_is_known(stage))
    rows = list(with_selection(applications).order_by().values("lane", "extra").annotate(**wanted))
    return {
        "lane": [_split(stage, rows, "lane", list(Lane.choices)) for stage in SELECTED],
        "extra": [_split(stage, rows, "extra", [(True, _("Extra time")), (False, _("No extra time"))])
                  for stage in SELECTED],
    }  # fmt: skip


def _split(stage: Stage, rows: Iterable[dict[str, Any]], by: str, groups: list[tuple[Any, Any]]) -> Split:
    def total(what: str, value: Any) -> int:
        return sum(row[f"{what}_{stage}"] for row in rows if row[by] == value)

    return Split(stage, [Rate(str(label), total("selected", value), total("known", value)) for value, label in groups])


#: What the rows say; no name, no address, nothing that anybody wrote.
COLUMNS: Final = ("application", "job", "lane", "extra_time", "stage", "applied", *(f"selected_{s}" for s in SELECTED))


def rows(applications: QuerySet[Application]) -> Iterator[tuple[str, ...]]:
    """A row for each application, the oldest first, in portions. One statement.

    The id stands there so that whoever holds other data about the same people can lay them beside; it says nothing to
    whoever may not open the application.
    """
    found = with_selection(applications).order_by("created_at", "pk")
    fields = ("pk", "job_id", "lane", "extra", "stage", "created_at", *(f"was_{stage}" for stage in SELECTED))
    for pk, job, lane, extra, stage, applied, *selected in found.values_list(*fields).iterator(chunk_size=1000):
        told = (_yes(each) for each in selected)
        yield (str(pk), str(job), lane, _yes(extra), stage, timezone.localtime(applied).date().isoformat(), *told)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
