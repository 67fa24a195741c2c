"""What beat asks of the workspace."""

from __future__ import annotations

import uuid

from celery import shared_task

from djudge.web.workspace import actions, selectors


@shared_task
def pulse() -> None:
    """Say that the platform lives."""
    actions.pulse()


@shared_task
def end_what_is_over() -> None:
    """Queue sittings whose time is over; a job too many does nothing. Time that we owe is given back before."""
    actions.pulse()
    for sitting_id in selectors.out_of_time():
        end_by_the_clock.delay(str(sitting_id))


@shared_task
def end_by_the_clock(sitting_id: str) -> None:
    """Hand in what was saved last, for a candidate whose time is over."""
    actions.end_by_the_clock(uuid.UUID(sitting_id))
