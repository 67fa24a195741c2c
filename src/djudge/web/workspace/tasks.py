"""What beat asks of the workspace."""

from __future__ import annotations

from celery import shared_task

from djudge.web.workspace import actions


@shared_task
def pulse() -> None:
    """Say that the platform lives."""
    actions.pulse()
