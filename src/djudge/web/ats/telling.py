"""Telling a system that somebody has begun, or that everything is graded: when it is true, until it was heard.

Beat asks what is true in the database instead of being called by the grading: so nothing is lost with a job or worker,
and a result that comes late, or by hand, is told as any other.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from celery import current_app
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.ats import ashby, greenhouse
from djudge.web.ats.models import Order, System, Told
from djudge.web.ats.outcomes import COMPLETE, outcome_of
from djudge.web.ats.sealing import UnreadableKeyError
from djudge.web.grading.models import State, Submission
from djudge.web.webhooks.delivering import DELAYS, HOLD, LONGEST_WAIT
from djudge.web.webhooks.sending import Answer

#: By its name, because the task calls this module.
TELL = "djudge.web.ats.tasks.tell"


def due() -> list[Order]:
    """Orders of which something can be told now, the longest due first, at most 200. One statement."""
    unfinished = Submission.objects.filter(work__sitting__application=OuterRef("application")).exclude(
        state__in=(State.GRADED, State.OUR_FAULT)
    )
    is_done = Q(application__sitting__handed_in_at__isnull=False) & ~Exists(unfinished)
    has_begun = Q(system=System.ASHBY, told=Told.NOTHING, application__sitting__started_at__isnull=False)
    can_be_told = Q(system=System.GREENHOUSE) | Q(application__job__team__ashby_key__isnull=False)
    waiting = Order.objects.filter(can_be_told, ended_at=None, next_try_at__lte=timezone.now())
    return list(waiting.filter(is_done | has_begun).order_by("next_try_at").only("pk", "attempts")[:200])


def queue_what_is_due() -> int:
    """Queue a try for each; how many. A job too many does nothing. Two statements."""
    found = due()
    # Else the next sweep would queue them again while they wait for a worker.
    Order.objects.filter(pk__in=[each.pk for each in found]).update(next_try_at=timezone.now() + HOLD)
    for each in found:
        current_app.send_task(TELL, [str(each.pk), each.attempts], queue="webhooks")
    return len(found)


def tell(order_id: uuid.UUID, tried: int) -> None:
    """Try an order that was tried so often; does nothing where somebody else did that, or it is over."""
    now = timezone.now()
    mine = Order.objects.filter(pk=order_id, attempts=tried, ended_at=None)
    if not mine.update(attempts=tried + 1, next_try_at=now + HOLD):
        return
    order = Order.objects.select_related("application__job__team__ashby_key").get(pk=order_id)
    outcome = outcome_of(order)
    try:
        answer = greenhouse.tell(order) if order.system == System.GREENHOUSE else ashby.tell(order, outcome)
    except UnreadableKeyError:
        answer = Answer(trouble=_("The key can't be read: a key of this installation was changed."))
    _record(order, Told.COMPLETE if outcome.status == COMPLETE else Told.STARTED, answer)


def _record(order: Order, told: Told, answer: Answer) -> None:
    """What came of a try. What was cancelled meanwhile stays cancelled. One statement."""
    now = timezone.now()
    fresh: dict[str, object] = {"trouble": answer.trouble or ("" if answer.is_yes else f"HTTP {answer.status}")}
    if answer.is_yes and not answer.trouble:
        fresh |= {"told": told, "attempts": 0, "next_try_at": now}
        if told == Told.COMPLETE:
            fresh |= _END | {"ended_at": now}
    elif answer.is_gone or order.attempts > len(DELAYS):
        fresh |= _END | {"ended_at": now}
    else:
        wished = min(timedelta(seconds=answer.wait), LONGEST_WAIT)
        fresh["next_try_at"] = now + max(DELAYS[order.attempts - 1], wished)
    Order.objects.filter(pk=order.pk, callback=order.callback, cancelled_at=None).update(**fresh)


#: The key is kept no longer than it is needed.
_END = {"key": "", "next_try_at": None}
