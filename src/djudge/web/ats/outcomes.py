"""Where an order is, and what may be said about it elsewhere: what was shown and what was not tested, never a score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from djudge.web.ats.models import Order
from djudge.web.ui.templatetags.djudge import up_to_not_tested
from djudge.web.workspace import selectors

SENT, STARTED, COMPLETE = "sent", "started", "complete"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`shown` and `not_tested` are empty until everything is graded."""

    status: str
    shown: str = ""
    not_tested: str = ""
    handed_in_at: datetime | None = None


def outcome_of(order: Order) -> Outcome:
    """Measured results alone, without what people rated. Up to three statements, and the milliseconds of a report."""
    sitting = selectors.sitting_of(order.application)
    if sitting is None or sitting.started_at is None:
        return Outcome(SENT)
    works = list(selectors.works_of(sitting))
    if sitting.handed_in_at is None or not all(
        work.submission is None or work.submission.is_finished for work in works
    ):
        return Outcome(STARTED)
    placed = selectors.placed(sitting, selectors.results_of([sitting]).get(sitting.pk, []))
    if placed is None:
        return Outcome(COMPLETE, _("Nothing could be measured: see the page."), "", sitting.handed_in_at)
    return Outcome(
        COMPLETE, up_to_not_tested(placed.headline.text), placed.headline.not_tested, sitting.handed_in_at
    )  # fmt: skip


def page_of(order: Order) -> str:
    """Where people of the team read the rest, once they have signed in."""
    return f"{settings.SITE_ADDRESS}{reverse('workspace:application', args=[order.application_id])}"
