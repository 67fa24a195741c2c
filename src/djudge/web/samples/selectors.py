"""What the first page shows of the sample team: a curve of a real grading."""

from __future__ import annotations

from django.core.cache import cache

from djudge.web.grading import reports
from djudge.web.grading.models import Result

_KEY = "sample-growth-picture"
_KEPT_SECONDS = 600


def growth_picture() -> str:
    """The growth that the judge measured in the sample's slow page, as SVG; empty until it was graded, and where there
    is no sample. One statement and some milliseconds, once in ten minutes: so long it stays after the sample is gone.
    """
    kept = cache.get(_KEY)
    if kept is None and (kept := _drawn()):
        cache.set(_KEY, kept, timeout=_KEPT_SECONDS)
    return str(kept or "")


def _drawn() -> str:
    of_the_sample = Result.objects.filter(
        submission__task="shop/slow-product-list",
        submission__work__sitting__application__job__team__is_sample=True,
    )
    drawn = (reports.growth_picture(result) for result in of_the_sample.order_by("created_at")[:3])
    return next((picture for picture in drawn if picture), "")
