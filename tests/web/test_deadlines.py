"""The end of the time: what is still taken, what is told, and that saved work is handed in by the clock, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from celery import current_app
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.web.grading.models import Submission
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, Stage
from djudge.web.organizations.models import AuditEvent
from djudge.web.workspace import access, actions, editing, tasks
from djudge.web.workspace.models import GRACE, Pulse, Sitting, Work
from tests.web.cast import Cast

FILE = "toolbelt/retrying.py"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sitting(cast: Cast) -> Sitting:
    """Of two tasks, with a change saved in the first one and nothing in the second."""
    begun = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    editing.save(access.work_of(begun, 1), path=FILE, text="# saved in time\n", version=0)
    return begun


def beat() -> None:
    """Its call, and the jobs that follow from it, at once instead of by a worker."""
    current_app.conf.task_always_eager = True
    try:
        tasks.end_what_is_over()
    finally:
        current_app.conf.task_always_eager = False


def let_it_end(sitting: Sitting, at: datetime) -> None:
    """Move the start, so that the time of the sitting is over at this moment."""
    now = Sitting.objects.select_related("assessment", "application").get(pk=sitting.pk)
    assert now.started_at is not None
    assert now.ends_at is not None
    Sitting.objects.filter(pk=sitting.pk).update(started_at=now.started_at + (at - now.ends_at))


def seen(client: Client, sitting: Sitting, name: str, *more: object) -> str:
    return client.get(reverse(f"workspace:{name}", args=[access.token_of(sitting), *more])).content.decode()


@pytest.mark.parametrize(
    ("ends_in", "is_taken", "answer"),
    [
        (SECOND, True, "in the queue"),
        (-SECOND, True, "in the queue"),
        (-GRACE + 15 * SECOND, True, "in the queue"),
        (-GRACE - SECOND, False, "The time is over. What was saved until then is kept, and is handed in for you."),
    ],
    ids=["one-second-before", "one-second-after", "at-the-end-of-the-grace", "after-the-grace"],
)
def test_handing_in_at_the_deadline_is_answered_in_a_sentence(
    sitting: Sitting, client: Client, ends_in: timedelta, is_taken: bool, answer: str
) -> None:
    let_it_end(sitting, timezone.now() + ends_in)
    address = reverse("workspace:hand-in", args=[access.token_of(sitting), 1])
    page = client.post(address, follow=True).content.decode()
    assert answer in page
    assert Submission.objects.exists() == is_taken
    assert Work.objects.get(sitting=sitting, position=1).files == {FILE: "# saved in time\n"}


def test_a_save_after_the_time_is_refused_and_what_was_typed_comes_back(sitting: Sitting, client: Client) -> None:
    let_it_end(sitting, timezone.now() - GRACE - SECOND)
    address = reverse("workspace:save", args=[access.token_of(sitting), 1])
    answer = client.post(address, {"path": FILE, "text": "# typed too late\n", "version": "1"})
    assert answer.status_code == 422
    assert "# typed too late" in answer.content.decode()
    assert Work.objects.get(sitting=sitting, position=1).files == {FILE: "# saved in time\n"}


def test_when_the_time_is_over_what_was_saved_is_handed_in_once_and_everybody_is_told(
    sitting: Sitting, cast: Cast, client: Client
) -> None:
    let_it_end(sitting, timezone.now() - GRACE - SECOND)
    assert "is handed in for you within a minute" in seen(client, sitting, "sitting")
    for _ in range(2):
        beat()
        actions.end_by_the_clock(sitting.pk)
    submission = Submission.objects.get()
    assert submission.files == {FILE: "# saved in time\n"}
    assert submission.assessment == str(sitting.assessment_id), "drawn for the assessment, as if by hand"
    changed, untouched = sitting.works.order_by("position")
    assert changed.submission_id == submission.pk
    assert untouched.submission_id is None, "nothing was changed there"
    assert Application.objects.get(pk=cast.application.pk).stage == Stage.SUBMITTED
    assert AuditEvent.objects.get(verb="moved", details__after="submitted").actor_name == "system"
    assert "handed in for you and is graded now" in seen(client, sitting, "sitting")
    assert "in the queue" in seen(client, sitting, "work", 1)
    assert "nothing was changed here" in seen(client, sitting, "work", 2)
    client.force_login(cast.olga, backend="allauth.account.auth_backends.AuthenticationBackend")
    team = client.get(reverse("workspace:application", args=[cast.application.pk])).content.decode()
    assert "the time was over; what was saved last was handed in" in team
    assert "nothing changed" in team


def test_the_notice_says_so_before_anybody_begins(cast: Cast, client: Client) -> None:
    invited = actions.invite(actor=cast.rita, application=cast.application)
    assert "what you saved last is handed in for you" in seen(client, invited, "sitting")


def test_who_still_has_time_is_left_in_peace(sitting: Sitting) -> None:
    let_it_end(sitting, timezone.now() - GRACE + 15 * SECOND)
    beat()
    actions.end_by_the_clock(sitting.pk)
    assert not Submission.objects.exists()


def test_extra_time_moves_the_end_and_then_it_is_an_end(sitting: Sitting, cast: Cast) -> None:
    let_it_end(sitting, timezone.now() - GRACE - MINUTE)
    hiring.give_extra_time(actor=cast.rita, application=cast.application, factor=Decimal("1.5"))
    beat()
    assert not Submission.objects.exists()
    let_it_end(sitting, timezone.now() - GRACE - SECOND)
    beat()
    assert Submission.objects.count() == 1


def test_time_that_an_outage_took_is_given_back_before_anybody_is_ended(sitting: Sitting) -> None:
    """The end came while nothing of ours ran. What runs first afterwards must not be the clock."""
    silent_since = timezone.now() - timedelta(hours=2)
    let_it_end(sitting, silent_since + 10 * MINUTE)
    Pulse.objects.create(pk=1, at=silent_since)
    beat()
    assert not Submission.objects.exists()
    work = access.work_of(Sitting.objects.select_related("assessment", "application").get(pk=sitting.pk), 1)
    assert editing.save(work, path=FILE, text="# after the outage\n", version=1) == 2
    Pulse.objects.update(at=timezone.now())
    let_it_end(sitting, timezone.now() - GRACE - SECOND)
    beat()
    assert Submission.objects.get().files == {FILE: "# after the outage\n"}


def test_what_somebody_left_out_on_purpose_stays_out_and_the_team_sees_that_there_is_something(
    sitting: Sitting, cast: Cast, client: Client
) -> None:
    client.post(reverse("workspace:finish", args=[access.token_of(sitting)]))
    let_it_end(sitting, timezone.now() - GRACE - SECOND)
    beat()
    actions.end_by_the_clock(sitting.pk)
    assert not Submission.objects.exists()
    assert Work.objects.get(sitting=sitting, position=1).files == {FILE: "# saved in time\n"}
    client.force_login(cast.olga, backend="allauth.account.auth_backends.AuthenticationBackend")
    team = client.get(reverse("workspace:application", args=[cast.application.pk])).content.decode()
    assert "saved, not handed in" in team


def test_after_the_time_this_is_all_leaves_nothing_out(sitting: Sitting, client: Client) -> None:
    """A page that was open since before the end has the button still."""
    let_it_end(sitting, timezone.now() - GRACE - SECOND)
    client.post(reverse("workspace:finish", args=[access.token_of(sitting)]))
    assert Submission.objects.count() == 1
    beat()
    assert Submission.objects.count() == 1


def test_of_somebody_who_went_away_nothing_is_handed_in(sitting: Sitting, cast: Cast) -> None:
    hiring.withdraw(application=cast.application)
    let_it_end(sitting, timezone.now() - GRACE - SECOND)
    beat()
    actions.end_by_the_clock(sitting.pk)
    assert not Submission.objects.exists()


def test_what_the_judge_would_refuse_stays_out_and_holds_nothing_else_back(sitting: Sitting) -> None:
    too_large = {FILE: "x" * 1_100_000}
    sitting.works.filter(position=1).update(files=too_large)
    sitting.works.filter(position=2).update(files={"workshops/models.py": "# mine\n"})
    let_it_end(sitting, timezone.now() - GRACE - SECOND)
    beat()
    assert Submission.objects.get().files == {"workshops/models.py": "# mine\n"}
    assert Work.objects.get(sitting=sitting, position=1).files == too_large, "and is kept"
    assert Sitting.objects.get(pk=sitting.pk).handed_in_at is not None, "nobody tries for ever"


@pytest.mark.django_db(transaction=True)
def test_clocks_and_buttons_at_the_same_moment_hand_in_once(cast: Cast) -> None:
    begun = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    editing.save(access.work_of(begun, 1), path=FILE, text="# saved in time\n", version=0)
    let_it_end(begun, timezone.now() - GRACE - SECOND)
    late = Sitting.objects.select_related("assessment", "application__job__team").get(pk=begun.pk)
    barrier = threading.Barrier(4)
    failed: list[BaseException] = []

    def at_once(do: Callable[[], object]) -> None:
        barrier.wait()
        try:
            do()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    acts: list[Callable[[], object]] = [lambda: actions.end_by_the_clock(begun.pk)] * 3
    threads = [threading.Thread(target=at_once, args=[act]) for act in [*acts, lambda: actions.finish(late)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Submission.objects.count() == 1
    assert AuditEvent.objects.filter(verb="moved", details__after="submitted").count() == 1
