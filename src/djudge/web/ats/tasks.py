"""What workers of the queue `webhooks` do, and what beat asks."""

from __future__ import annotations

import uuid

from celery import shared_task

from djudge.web.ats import actions, telling


@shared_task
def tell(order_id: str, tried: int) -> None:
    """Try one order."""
    telling.tell(uuid.UUID(order_id), tried)


@shared_task
def tell_rest() -> None:
    """Queue what is due; a job too many does nothing."""
    telling.queue_what_is_due()


@shared_task
def forget_old() -> None:
    """Remove complaints of long ago."""
    actions.forget_old()
