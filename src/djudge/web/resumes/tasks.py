"""Reading by workers."""

from __future__ import annotations

import uuid

from celery import shared_task

from djudge.web.resumes import actions, selectors


@shared_task(time_limit=140)
def read(reading_id: str) -> None:
    """Read one file; acknowledged when that is done."""
    actions.read(uuid.UUID(reading_id))


@shared_task
def read_rest() -> None:
    """Begin with files that nobody has begun with, and queue what was left behind; a job too many does nothing."""
    for application in selectors.without_reading():
        actions.read_soon(application)
    for reading_id in selectors.left_behind():
        read.delay(str(reading_id))
