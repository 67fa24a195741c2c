"""Laying a team's submissions of one task beside each other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Final

from django.db import transaction
from django.utils import timezone

from djudge.web.grading import library
from djudge.web.grading.models import State, Submission
from djudge.web.insights import fingerprints
from djudge.web.insights.models import Comparison, Likeness

#: Older submissions are compared with nobody any more.
MOST_COMPARED: Final = 200


def compare(team: uuid.UUID, task: str) -> Comparison | None:
    """Compare the latest submissions of a task in a team, each pair of them, and keep what shares much; what was found
    before is replaced, so twice is once. None for a task that has gone from the packs.

    Eight statements, and up to some seconds of a worker for 200 submissions.
    """
    if task not in library.cards():
        return None
    nothing = _nothing(task)
    with transaction.atomic():
        comparison, _made = Comparison.objects.select_for_update().get_or_create(team_id=team, task=task)
        comparison.at = timezone.now()
        submissions = _latest(team, task)
        comparison.found.all().delete()
        Likeness.objects.bulk_create(_found(comparison, submissions, nothing))
        comparison.count = len(submissions)
        comparison.save(update_fields=["at", "count"])
    return comparison


def _latest(team: uuid.UUID, task: str) -> Sequence[Submission]:
    ours = Submission.objects.filter(
        task=task, state=State.GRADED, work__sitting__application__job__team=team
    ).select_related("work__sitting__application")
    return list(ours.defer("work__files").order_by("-created_at")[:MOST_COMPARED])


def _found(comparison: Comparison, submissions: Sequence[Submission], nothing: frozenset[bytes]) -> list[Likeness]:
    """Nobody is like themselves: who applied for two jobs may hand in the same twice."""
    start = library.workspace(comparison.task).files
    runs = [fingerprints.runs_of(_texts(each), start) for each in submissions]
    rows = []
    for one, other, shared in fingerprints.likenesses(runs, nothing):
        if _candidate(submissions[one]) != _candidate(submissions[other]):
            passages = [asdict(passage) for passage in shared.passages]
            rows.append(
                Likeness(
                    comparison=comparison, one=submissions[one], other=submissions[other], lines=shared.lines,
                    passages=passages,
                )
            )  # fmt: skip
    return rows


def _candidate(submission: Submission) -> uuid.UUID:
    application = submission.work.sitting.application
    assert application is not None
    return application.candidate_id


def _texts(submission: Submission) -> dict[str, str]:
    return {path: text for path, text in submission.files.items() if text is not None}


@lru_cache(maxsize=32)
def _nothing(task: str) -> frozenset[bytes]:
    """What the start and the pack's own solutions hold: nobody has it from another candidate.

    Some seconds, and kept for the life of a worker: packs are changed with a new version of ours.
    """
    return fingerprints.grams_of([library.workspace(task).files, *library.solutions(task)])
