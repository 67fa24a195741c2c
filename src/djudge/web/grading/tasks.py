"""Grading by workers of the queue `grading`."""

from __future__ import annotations

import uuid

from celery import shared_task

from djudge.web.grading import actions, selectors


@shared_task
def grade(submission_id: str) -> None:
    """Grade one submission; acknowledged when that is done."""
    actions.grade(uuid.UUID(submission_id))


@shared_task
def try_out(trial_id: str) -> None:
    """Run one trial."""
    actions.run_trial(uuid.UUID(trial_id))


@shared_task
def requeue() -> None:
    """Queue what was left behind; a job too many does nothing."""
    for submission_id in selectors.left_behind():
        grade.apply_async((str(submission_id),), queue="grading")
