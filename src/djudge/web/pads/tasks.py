"""What beat asks of pads."""

from __future__ import annotations

from celery import shared_task

from djudge.web.pads import actions


@shared_task
def tidy() -> None:
    """End what there is nothing to talk about any more, and erase what ended a day ago."""
    actions.tidy()
