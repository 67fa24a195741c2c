"""Reading submissions."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from djudge.web.grading.actions import SILENCE
from djudge.web.grading.models import State, Submission


def place_in_queue(submission: Submission) -> int:
    """How many wait before it, and with it: 1 is the next one. One statement."""
    return Submission.objects.filter(state=State.QUEUED, created_at__lte=submission.created_at).count()


def left_behind() -> list[uuid.UUID]:
    """Submissions whose job was lost with a broker or a worker, the oldest first. One statement."""
    now = timezone.now()
    lost = Q(state=State.QUEUED, created_at__lt=now - timedelta(seconds=20)) | Q(
        state=State.RUNNING, alive_at__lt=now - SILENCE
    )
    return list(Submission.objects.filter(lost).order_by("created_at").values_list("pk", flat=True)[:200])
