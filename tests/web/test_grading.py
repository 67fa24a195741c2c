"""From handing in to a report: with the real judge, once, whatever happens to workers."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.web.grading import actions, library, reports, running, selectors
from djudge.web.grading.models import Result, State, Submission, Trial
from djudge.web.workspace import access, editing
from djudge.web.workspace import actions as workspace
from tests.reports import sample_reports
from tests.web.cast import Cast

TASK = "python/retry-decorator"


def submission(solution: str = "expert") -> Submission:
    return actions.submit(TASK, library.solution(TASK, solution))


@pytest.mark.django_db(transaction=True)
def test_a_submission_is_graded_and_both_sides_read_the_same_facts(cast: Cast, client: Client) -> None:
    sitting = workspace.begin(workspace.invite(actor=cast.rita, application=cast.application))
    work = access.work_of(sitting, 1)
    for path, text in library.solution(TASK, "junior").items():
        work.version = editing.save(work, path=path, text=text, version=work.version)
    handed_in = workspace.hand_in(work).submission
    assert handed_in is not None
    page = client.get(reverse("workspace:work", args=[access.token_of(sitting), 1])).content.decode()
    assert "Next in the queue" in page
    actions.grade(handed_in.pk)
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.trouble) == (State.GRADED, "")
    mine = client.get(reverse("workspace:report", args=[access.token_of(sitting), 1]))
    assert handed_in.result.canonical_sha256[:12] in mine.content.decode()
    assert "default-src 'none'" in mine["Content-Security-Policy"]
    client.force_login(cast.hamid, backend="allauth.account.auth_backends.AuthenticationBackend")
    theirs = client.get(reverse("workspace:team-report", args=[handed_in.pk])).content.decode()
    assert handed_in.result.canonical_sha256[:12] in theirs
    level = client.get(reverse("workspace:level", args=[cast.application.pk])).content.decode()
    assert "decorators" in level
    assert "Not tested" in level
    assert cast.application.evidence_views.filter(user=cast.hamid).exists()


@pytest.mark.django_db(transaction=True)
def test_a_run_shows_each_request_of_the_visible_tests_with_its_statements(cast: Cast, client: Client) -> None:
    sitting = workspace.begin(workspace.invite(actor=cast.rita, application=cast.application))
    work = sitting.works.get(position=1)
    work.task, work.sitting = "shop/slow-product-list", sitting
    work.save()
    address = reverse("workspace:run", args=[access.token_of(sitting), 1])
    client.post(address)
    assert "waiting" in client.get(address).content.decode()
    trial = Trial.objects.get()
    actions.run_trial(trial.pk)
    page = client.get(address).content.decode()
    assert "/products/" in page
    assert "×" in page, "the start repeats itself"
    assert "All passed." in page
    client.post(address)
    assert Trial.objects.count() == 1, "the one before is forgotten"


@pytest.mark.django_db(transaction=True)
def test_a_run_of_code_that_does_not_start_says_why(cast: Cast, client: Client) -> None:
    trial = actions.try_out(TASK, {"toolbelt/retrying.py": "import nothing_like_it\n"})
    actions.run_trial(trial.pk)
    trial.refresh_from_db()
    assert trial.state == State.GRADED
    assert "nothing_like_it" in str(trial.outcome)


@pytest.mark.parametrize("backend", ["redis", "memcached", "none"])
def test_a_report_reads_the_same_from_any_cache_and_without_one(
    db: None, settings: Any, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memcached is not installed here: what stands for it is a cache that nobody answers."""
    if backend == "memcached":
        at = "127.0.0.1:9"
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache", "LOCATION": at,
                "OPTIONS": {"ignore_exc": True, "connect_timeout": 0.2},
            }
        }  # fmt: skip
    if backend == "none":
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    found = submission()
    result = Result.objects.create(
        submission=found, document=sample_reports.good().to_json(), canonical_sha256="0", headline="x"
    )
    first = reports.page(result, "team")
    assert "</html>" in first
    renderings: list[object] = []
    monkeypatch.setattr(reports, "render_html", lambda report, *_: renderings.append(report) or first)
    assert reports.page(result, "team") == first
    assert len(renderings) == (0 if backend == "redis" else 1)
    assert reports.page(result, "candidate") == first, "the candidate's is another page"
    assert len(renderings) == (1 if backend == "redis" else 2)


def test_what_is_asked_follows_from_a_secret_and_the_assessment(settings: Any) -> None:
    """Packs are public: who reads them must not know the data that they are graded on."""

    def seed(assessment: str) -> str:
        ended = running.run(TASK, library.solution(TASK, "expert"), lambda phase: None, assessment=assessment)
        return str(json.loads(ended.report)["environment"]["seed"])

    mine = seed("mine")
    assert mine == seed("mine")
    assert mine != seed("another")
    settings.GRADING_SECRET = "another secret"
    assert mine != seed("mine")


def test_files_that_are_no_submission_are_refused_with_a_reason(db: None) -> None:
    with pytest.raises(actions.RefusedError, match="not the project of PY1"):
        actions.submit(TASK, {"elsewhere.py": "x = 1\n"})
    with pytest.raises(actions.RefusedError):
        actions.submit(TASK, {})
    assert not Submission.objects.exists()


def test_a_job_that_comes_twice_grades_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = submission()
    graded = _judge(monkeypatch)
    actions.grade(found.pk)
    actions.grade(found.pk)
    assert len(graded) == 1
    assert Result.objects.filter(submission=found).count() == 1


def test_a_run_that_was_taken_over_changes_nothing_any_more(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = submission()
    first = actions._take(found.pk)
    assert first is not None
    assert actions._take(found.pk) is None, "held by a living run"
    Submission.objects.filter(pk=found.pk).update(alive_at=timezone.now() - timedelta(hours=1))
    second = actions._take(found.pk)
    assert second is not None
    actions._hear(first, "the dead one speaks")
    actions._give_back(first, "the dead one gives up")
    now = Submission.objects.get(pk=found.pk)
    assert (now.state, now.run, now.phase) == (State.RUNNING, second.run, "starting")


def test_what_was_left_behind_is_queued_again(db: None) -> None:
    waiting, running_, silent, done = (submission() for _ in range(4))
    long_ago = timezone.now() - timedelta(hours=1)
    Submission.objects.filter(pk=waiting.pk).update(created_at=long_ago)
    Submission.objects.filter(pk=running_.pk).update(state=State.RUNNING, alive_at=timezone.now(), created_at=long_ago)
    Submission.objects.filter(pk=silent.pk).update(state=State.RUNNING, alive_at=long_ago, created_at=long_ago)
    Submission.objects.filter(pk=done.pk).update(state=State.GRADED, created_at=long_ago)
    assert set(selectors.left_behind()) == {waiting.pk, silent.pk}


def test_a_fault_of_ours_is_tried_again_and_never_told_as_the_candidates(
    db: None, monkeypatch: pytest.MonkeyPatch, cast: Cast, client: Client
) -> None:
    sitting = workspace.begin(workspace.invite(actor=cast.rita, application=cast.application))
    work = access.work_of(sitting, 1)
    work.files = library.solution(TASK, "expert")
    work.save()
    found = workspace.hand_in(work).submission
    assert found is not None

    def dies(*_: object, **more: object) -> running.Ended:
        raise running.GradingFailedError("the disk is full")

    monkeypatch.setattr(running, "run", dies)
    for attempt in range(1, actions.MOST_ATTEMPTS):
        actions.grade(found.pk)
        found.refresh_from_db()
        assert (found.state, found.attempts) == (State.QUEUED, attempt)
    actions.grade(found.pk)
    found.refresh_from_db()
    assert found.state == State.OUR_FAULT
    page = client.get(reverse("workspace:work", args=[access.token_of(sitting), 1])).content.decode()
    assert "that is our fault" in page
    assert "disk" not in page
    actions.grade_again(found)
    found.refresh_from_db()
    assert (found.state, found.attempts) == (State.QUEUED, 0)


def test_who_takes_every_worker_along_is_given_up_and_it_is_told_as_ours(db: None) -> None:
    found = submission()
    long_ago = timezone.now() - timedelta(hours=1)
    silent = Submission.objects.filter(pk=found.pk)
    silent.update(state=State.RUNNING, alive_at=long_ago, attempts=actions.MOST_ATTEMPTS - 1)
    taken = actions._take(found.pk)
    assert taken is not None, "one more try is left"
    silent.update(alive_at=long_ago)
    actions.grade(found.pk)
    found.refresh_from_db()
    assert (found.state, found.attempts) == (State.OUR_FAULT, actions.MOST_ATTEMPTS)


def test_a_process_that_dies_is_our_fault(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running.sys, "executable", "/bin/false")
    with pytest.raises(running.GradingFailedError, match="without a report"):
        running.run(TASK, {}, lambda phase: None, assessment="x")


def test_the_process_that_grades_is_told_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, str] = {}

    class Popen(running.subprocess.Popen):  # type: ignore[misc]
        def __init__(self, command: list[str], **options: object) -> None:
            told.update(options["env"])  # type: ignore[call-overload]
            super().__init__(command, **options)

    monkeypatch.setattr(running.subprocess, "Popen", Popen)
    running.run(TASK, library.solution(TASK, "expert"), lambda phase: None, assessment="x")
    assert "PATH" in told
    assert set(told) <= set(running._TOLD)
    assert not any("SECRET" in name or "URL" in name or "PASSWORD" in name for name in told)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_the_same_moment_one_takes_it() -> None:
    found = submission()
    taken: list[Submission | None] = []
    barrier = threading.Barrier(4)

    def take() -> None:
        barrier.wait()
        taken.append(actions._take(found.pk))
        connection.close()

    workers = [threading.Thread(target=take) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(one is not None for one in taken) == 1


def _judge(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The real judge once, its answer afterwards: what is tested here is who may keep it."""
    graded: list[float] = []
    real = running.run

    def run(*arguments: object, **more: object) -> running.Ended:
        graded.append(time.monotonic())
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "run", run)
    return graded
