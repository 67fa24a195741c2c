"""Comparisons by workers."""

from __future__ import annotations

import uuid

from celery import shared_task

from djudge.web.insights import actions, likeness


@shared_task
def compare_what_is_new() -> None:
    """Queue each task of a team in which something was graded since it was compared."""
    for team, task in likeness.to_be_compared():
        compare.delay(str(team), task)


@shared_task(time_limit=300)
def compare(team: str, task: str) -> None:
    """Compare one task's submissions in a team; a job too many finds the same."""
    actions.compare(uuid.UUID(team), task)
