"""Whoever is killed on the way of a submission, at whichever point: it is graded once, with the report of a quiet day.

At each point of the table a real process gets SIGKILL there, and a healthy worker goes on. What would take time is
moved instead of waited for: `requeue`, which beat calls every ten seconds, is called with a submission whose rows say
that it has lain there for an hour; and jobs that nobody acknowledged, which the broker hands out again after two hours,
are handed out at once. Both at the same time, so that every submission has two jobs for the healthy worker.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import redis
from django.utils import timezone

from djudge.web.grading import actions, library, running, selectors, tasks
from djudge.web.grading.models import PRACTICE, Result, State, Submission
from djudge.web.grading.reports import columns
from djudge.web.workspace import access, editing
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Work
from tests.web.processes import Point, hand_out_again, wait_for, web, worker
from tests.web.stopping import AFTER, BEFORE, BEFORE_COMMIT, COMMITTED
from tests.web.visitor import Visitor

TASK: Final = "python/retry-decorator"
HEALTHY: Final = "healthy"

_HAND_IN: Final = "djudge.web.workspace.actions.hand_in"
_GRADING: Final = "djudge.web.grading.actions"
_COLUMNS: Final = "djudge.web.grading.reports.columns"
_ACKNOWLEDGE: Final = "celery.worker.request.Request.acknowledge"

#: In the web server: before its commit nothing is handed in, and the work with all that was saved still is there.
WEB: Final = (
    Point("the request came", "web", _HAND_IN, BEFORE, 1),
    Point("the hand-in is written and not committed", "web", _HAND_IN, BEFORE_COMMIT, 1),
    Point("the hand-in is committed and its job not sent", "web", _HAND_IN, COMMITTED, 1),
    Point("the job is sent and nobody was told", "web", _HAND_IN, AFTER, 1),
)

#: In the worker. Every statement outside a transaction is a commit of its own: `_take`, and `_hear` with each phase.
WORKER: Final = (
    Point("the job came", "worker", f"{_GRADING}._take", BEFORE, 1),
    Point("the submission is taken", "worker", f"{_GRADING}._take", AFTER, 2),
    Point("the judge is at its first phase", "worker", f"{_GRADING}._hear", BEFORE, 2),
    Point("the judge is in the middle", "worker", f"{_GRADING}._hear", AFTER, 2, call=9),
    Point("the judge dies at its first phase", "judge", f"{_GRADING}._hear", AFTER, 2, whom="child"),
    Point("the judge dies in the middle", "judge", f"{_GRADING}._hear", AFTER, 2, whom="child", call=9),
    Point("the report is there", "worker", "djudge.web.grading.running.run", AFTER, 2),
    Point("the state is written and the result not", "worker", _COLUMNS, BEFORE, 2),
    Point("the same, and the worker outlives its process", "job", _COLUMNS, BEFORE, 2, whom="alone"),
    Point("the result is written and not committed", "worker", f"{_GRADING}.grade", BEFORE_COMMIT, 2),
    Point("the result is committed", "worker", f"{_GRADING}.grade", COMMITTED, 1),
    Point("the job is done and not acknowledged", "worker", _ACKNOWLEDGE, BEFORE, 1),
    Point("the job is acknowledged", "worker", _ACKNOWLEDGE, AFTER, 1),
)


def by_name(point: Point) -> str:
    return point.name.replace(" ", "-")


@pytest.fixture(scope="module")
def undisturbed() -> str:
    """The digest of the report of a grading in which nobody is killed."""
    files = library.solution(TASK, "junior")
    ended = running.run(TASK, files, lambda phase: None, assessment=PRACTICE)
    return str(columns(ended.report)["canonical_sha256"])


@pytest.fixture(scope="module")
def _healthy_worker(django_db_setup: None) -> Iterator[None]:
    """One for all points, at a queue of its own: it must not take a job away from those that are to be killed."""
    with worker(HEALTHY):
        yield


class Broker:
    """The broker's Valkey as an operator sees it."""

    def __init__(self, store: redis.Redis) -> None:
        self._store = store

    def is_idle(self) -> bool:
        """Whether no job waits and none is worked on."""
        return not any(self._store.llen(queue) for queue in ("grading", HEALTHY)) and not self._store.hlen("unacked")

    def lead_to_the_healthy(self) -> None:
        """All jobs that wait."""
        while self._store.lmove("grading", HEALTHY, "RIGHT", "LEFT"):
            pass


@pytest.fixture
def jobs(broker: redis.Redis, _healthy_worker: None) -> Broker:
    return Broker(broker)


def state_of(submission_id: uuid.UUID) -> str:
    return Submission.objects.values_list("state", flat=True).get(pk=submission_id)


def go_on(submission_id: uuid.UUID, jobs: Broker) -> None:
    """An hour later: the healthy worker gets what beat finds, and what the broker hands out again."""
    hour_ago = timezone.now() - timedelta(hours=1)
    Submission.objects.update(created_at=hour_ago)
    Submission.objects.exclude(alive_at=None).update(alive_at=hour_ago)
    hand_out_again()
    tasks.requeue()
    jobs.lead_to_the_healthy()
    wait_for(lambda: state_of(submission_id) == State.GRADED and jobs.is_idle())


def assert_graded_once(submission_id: uuid.UUID, attempts: int, digest: str) -> None:
    submission = Submission.objects.get()
    assert submission.pk == submission_id, "no other one was made"
    assert (submission.state, submission.trouble, submission.phase) == (State.GRADED, "", "")
    assert submission.attempts == attempts
    assert Result.objects.get().submission_id == submission_id
    assert submission.result.canonical_sha256 == digest
    assert selectors.left_behind() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", WORKER, ids=by_name)
def test_a_submission_is_graded_once_although_somebody_was_killed_when(
    point: Point, jobs: Broker, undisturbed: str, tmp_path: Path
) -> None:
    submission = actions.submit(TASK, library.solution(TASK, "junior"))
    once = tmp_path / "killed"
    with worker("grading", **point.told(once)) as process:
        if point.whom == "group":
            assert process.wait(40) == -9
        else:
            wait_for(lambda: once.exists() and jobs.is_idle())
            assert process.poll() is None, "the worker lives on"
    assert once.exists(), "killed there, and nowhere else"
    if point.whom == "child":
        assert "status -9" in Submission.objects.get().trouble
        assert state_of(submission.pk) == State.QUEUED
    go_on(submission.pk, jobs)
    assert_graded_once(submission.pk, point.attempts, undisturbed)


@pytest.mark.usefixtures("static_files")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", WEB, ids=by_name)
def test_what_was_saved_is_handed_in_once_although_the_web_server_was_killed_when(
    point: Point, jobs: Broker, undisturbed: str, tmp_path: Path
) -> None:
    token = access.token_of(workspace.practise(TASK))
    work = access.work_of(access.sitting_by(token), 1)
    for path, text in library.solution(TASK, "junior").items():
        assert text is not None
        work.version = editing.save(work, path=path, text=text, version=work.version)
    once = tmp_path / "killed"
    with web(**point.told(once)) as (process, address):
        visitor = Visitor(address)
        visitor.get(f"/work/{token}/1/")
        with pytest.raises(OSError, match=r"closed|reset"):
            visitor.post(f"/work/{token}/1/hand-in/")
        assert process.wait(20) == -9
    assert once.exists()
    is_in = point.when in (COMMITTED, AFTER)
    kept = Work.objects.get()
    assert (kept.submission_id is not None) == is_in, "before the commit it was honestly not accepted"
    assert kept.files == library.solution(TASK, "junior")
    again = workspace.hand_in(access.work_of(access.sitting_by(token), 1)).submission_id
    assert again is not None
    assert not is_in or again == kept.submission_id
    go_on(again, jobs)
    assert_graded_once(again, point.attempts, undisturbed)


@pytest.mark.django_db(transaction=True)
def test_a_point_that_is_never_reached_kills_nobody_and_is_told_apart(jobs: Broker, tmp_path: Path) -> None:
    """Without this the tests above could pass where nothing was killed."""
    submission = actions.submit(TASK, library.solution(TASK, "junior"))
    never = Point("never", "worker", f"{_GRADING}._give_back", BEFORE, 1)
    once = tmp_path / "killed"
    with worker("grading", **never.told(once)) as process:
        wait_for(lambda: state_of(submission.pk) == State.GRADED and jobs.is_idle())
        assert process.poll() is None
    assert not once.exists()
