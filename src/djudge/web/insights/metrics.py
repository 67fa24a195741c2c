"""Figures for operators, in Prometheus' format: what was asked of these processes, and what lies in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, F, Min, Q, Sum
from django.utils import timezone
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from djudge.web.grading.models import State, Submission
from djudge.web.mail.models import Message

_OF_PROCESSES: Final = CollectorRegistry()

#: By the name of the address, not by the path: there are as many as views, however many pages.
REQUESTS: Final = Histogram(
    "djudge_request_seconds",
    "How long requests took, by view and status.",
    ["view", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=_OF_PROCESSES,
)

#: Upper limits of a grading, in seconds.
_GRADED_WITHIN: Final = (2, 5, 10, 20, 30, 60, 120, 300, 1200)


class InTheDatabase(Collector):
    """Submissions and mails as they are now, the same from whichever process they are asked. Two statements: one reads
    the table of submissions without their files, one an index of what was not sent."""

    def collect(self) -> Iterator[Metric]:
        """Each time anew."""
        found = _submissions()
        yield _by_state(found)
        yield _one("djudge_queue_length", "Submissions that wait.", found[State.QUEUED]["n"])
        yield _one("djudge_queue_oldest_seconds", "For how long the oldest of them has waited.", _age(found))
        yield _gradings(found)
        yield _one(
            "djudge_mails_unsent", "Mails that were not delivered.", Message.objects.filter(sent_at=None).count()
        )


def exposition() -> bytes:
    """All of it as text. Of several processes, where they share a folder (PROMETHEUS_MULTIPROC_DIR)."""
    registry = CollectorRegistry()
    if settings.METRICS_FOLDER:
        MultiProcessCollector(registry, path=settings.METRICS_FOLDER)  # type: ignore[no-untyped-call]
    registry.register(InTheDatabase())
    own = b"" if settings.METRICS_FOLDER else generate_latest(_OF_PROCESSES)
    return own + generate_latest(registry)


def _submissions() -> Mapping[str, Mapping[str, Any]]:
    """Of each state: how many, since when the oldest, and how long those took of which both ends are known."""
    took, known = F("finished_at") - F("started_at"), Q(finished_at__isnull=False, started_at__isnull=False)
    within = {
        f"within_{limit}": Count("pk", filter=known & Q(finished_at__lte=F("started_at") + timedelta(seconds=limit)))
        for limit in _GRADED_WITHIN
    }
    rows = (
        Submission.objects.order_by()
        .values("state")
        .annotate(n=Count("pk"), oldest=Min("created_at"), timed=Count("pk", filter=known), took=Sum(took), **within)
    )
    empty = {"n": 0, "oldest": None, "timed": 0, "took": None, **dict.fromkeys(within, 0)}
    found: dict[str, Mapping[str, Any]] = {row["state"]: row for row in rows}
    return {state: found.get(state, empty) for state in State.values}


def _by_state(found: Mapping[str, Mapping[str, Any]]) -> Metric:
    family = GaugeMetricFamily("djudge_submissions", "Submissions by state.", labels=["state"])
    for state, row in found.items():
        family.add_metric([state], row["n"])
    return family


def _age(found: Mapping[str, Mapping[str, Any]]) -> float:
    oldest = found[State.QUEUED]["oldest"]
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0


def _gradings(found: Mapping[str, Mapping[str, Any]]) -> Metric:
    """From the beginning of the last run to its end, by what came of it."""
    family = HistogramMetricFamily(
        "djudge_grading_seconds", "How long gradings took, by what came of them.", labels=["outcome"]
    )
    for outcome in (State.GRADED, State.OUR_FAULT):
        row = found[outcome]
        buckets = [(str(float(limit)), row[f"within_{limit}"]) for limit in _GRADED_WITHIN]
        buckets.append(("+Inf", row["timed"]))
        family.add_metric([outcome], buckets, row["took"].total_seconds() if row["took"] else 0.0)
    return family


def _one(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)
