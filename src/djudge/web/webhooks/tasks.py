"""What workers of the queue `webhooks` do, and what beat asks."""

from __future__ import annotations

import uuid

from celery import shared_task

from djudge.web.webhooks import delivering


@shared_task
def deliver(delivery_id: str, tried: int) -> None:
    """Try one delivery."""
    delivering.deliver(uuid.UUID(delivery_id), tried)


@shared_task
def deliver_rest() -> None:
    """Queue what is due; a job too many does nothing."""
    delivering.queue_what_is_due()


@shared_task
def forget_old() -> None:
    """Remove the log of long ago."""
    delivering.forget_old()
