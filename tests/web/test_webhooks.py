"""Other systems are told what happens: signed, once it holds, until it was heard, and never more than is theirs."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import redis
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.web.grading import actions as grading
from djudge.web.grading import library
from djudge.web.grading.models import State, Submission
from djudge.web.hiring import actions as hiring
from djudge.web.mail.models import Message
from djudge.web.organizations.models import AuditEvent
from djudge.web.webhooks import actions, delivering, sending, signing, tasks
from djudge.web.webhooks.models import TOLD, Attempt, Delivery, Endpoint, Event
from djudge.web.workspace import access, editing
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.personal_data import erase
from tests.web.cast import Cast, filed, planned
from tests.web.everything import FILE
from tests.web.processes import Point, hand_out_again, wait_for, worker
from tests.web.receiver import HOST, Receiver, is_signed, receiving
from tests.web.stopping import AFTER, BEFORE_COMMIT, COMMITTED
from tests.web.test_grading import _judge

BACKEND: Final = "allauth.account.auth_backends.AuthenticationBackend"
REFERENCE: Final = Path(__file__).resolve().parents[2] / "docs" / "reference" / "webhooks.md"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A system of Olga's, which the operator allows to be called."""
    settings.WEBHOOK_NETWORKS = [f"{HOST}/32"]
    with receiving() as running:
        yield running


@pytest.fixture
def listening(cast: Cast, receiver: Receiver) -> tuple[Endpoint, str]:
    """It is told everything; the secret beside it."""
    return actions.add_endpoint(actor=cast.olga, team=cast.team, address=receiver.address, events=[*TOLD])


def deliver_all() -> None:
    """What workers would do now, one delivery after the other."""
    for each in Delivery.objects.filter(state=Delivery.State.WAITING).order_by("created_at"):
        delivering.deliver(each.pk, each.attempts)


def told_of(cast: Cast, event: Event = Event.APPLICATION_MADE) -> Delivery:
    """Something happened; nothing was sent yet."""
    hiring.apply(job=cast.job, name="Bea", email=f"{uuid.uuid4()}@example.org", lane="django-ready")
    return Delivery.objects.filter(event=event).latest("created_at")


# --- What is said, and to whom


def test_a_message_is_signed_as_the_reference_implementation_signs_it() -> None:
    """The signature was made once by the library of the specification's authors."""
    secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    headers = signing.headers("0199d5a0-0000-7000-8000-000000000001", 1700000000, b'{"type":"ping"}', [secret])
    assert headers == {
        "webhook-id": "0199d5a0-0000-7000-8000-000000000001",
        "webhook-timestamp": "1700000000",
        "webhook-signature": "v1,UghiXORMmovLxnPBul45PLN/Wh06678QqP9R2q9mupc=",
    }


def test_secrets_are_new_each_time_long_enough_and_never_kept_as_they_are(cast: Cast) -> None:
    made = [
        actions.add_endpoint(
            actor=cast.olga, team=cast.team, address=f"https://{n}.example.org", events=["work.graded"]
        )
        for n in range(2)
    ]
    secrets = [secret for _, secret in made]
    assert secrets[0] != secrets[1]
    assert all(re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret) for secret in secrets)
    for endpoint, secret in made:
        endpoint.refresh_from_db()
        assert secret.removeprefix("whsec_") not in endpoint.secret
        assert signing.secrets_of(endpoint) == [secret]


def test_a_receiver_checks_what_it_is_told_and_no_other_secret_or_body_fits(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]
) -> None:
    told_of(cast)
    deliver_all()
    [told] = receiver.told
    assert is_signed(told, listening[1])
    assert not is_signed(told, signing.new_secret())
    assert not is_signed(told, listening[1], now=time.time() + 600), "too old"
    told.body += b" "
    assert not is_signed(told, listening[1])
    assert told.path == "/djudge"
    assert told.headers["content-type"] == "application/json"
    assert told.headers["webhook-id"] == str(Delivery.objects.get().event_id)


def test_while_a_secret_is_renewed_both_fit_and_then_the_new_one_alone(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]
) -> None:
    endpoint, former = listening
    secret = actions.rotate(actor=cast.olga, endpoint=endpoint)
    with pytest.raises(actions.NotPossibleError, match="still valid"):
        actions.rotate(actor=cast.olga, endpoint=endpoint)
    told_of(cast)
    deliver_all()
    assert is_signed(receiver.told[-1], secret)
    assert is_signed(receiver.told[-1], former)
    Endpoint.objects.update(former_until=timezone.now() - timedelta(seconds=1))
    told_of(cast)
    deliver_all()
    assert is_signed(receiver.told[-1], secret)
    assert not is_signed(receiver.told[-1], former)
    endpoint.refresh_from_db()
    newest = actions.rotate(actor=cast.olga, endpoint=endpoint)
    actions.end_former(actor=cast.olga, endpoint=endpoint)
    told_of(cast)
    deliver_all()
    assert is_signed(receiver.told[-1], newest)
    assert not is_signed(receiver.told[-1], secret)


def test_a_secret_of_a_key_that_is_gone_is_told_as_ours_and_a_former_key_still_reads_it(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str], settings: Any
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    told_of(cast)
    deliver_all()
    assert is_signed(receiver.told[-1], listening[1])
    settings.SECRET_KEY_FALLBACKS = []
    told_of(cast)
    deliver_all()
    assert len(receiver.told) == 1
    assert "a key of this installation was changed" in Attempt.objects.latest("created_at").trouble


def everything_happens(cast: Cast) -> None:
    """One application from its beginning to its end, with the judge's own work left out."""
    application = hiring.apply(job=cast.job, name="Bea Secret", email="bea@example.org", lane="django-ready")
    sitting = workspace.begin(workspace.invite(actor=cast.rita, application=application))
    work = access.work_of(access.sitting_by(access.token_of(sitting)), 1)
    editing.save(work, path=FILE, text="# a secret of Bea's\n", version=0)
    handed_in = workspace.hand_in(work).submission
    assert handed_in is not None
    Submission.objects.filter(pk=handed_in.pk).update(
        state=State.RUNNING, run=uuid.uuid4(), attempts=99, alive_at=timezone.now() - timedelta(hours=1)
    )
    grading.grade(handed_in.pk)
    workspace.finish(access.sitting_by(access.token_of(sitting)))
    application.refresh_from_db()
    filed(planned(cast, application, cast.ines).scorecards.get())
    hiring.open_evidence(actor=cast.hamid, application=application)
    hiring.decide(
        actor=cast.hamid, application=application, outcome="reject", reason="A secret reason.", message="Secret words."
    )


def documented() -> dict[str, Any]:
    """The messages as the reference shows them, by their type."""
    every = [json.loads(each) for each in re.findall(r"```json\n(.*?)```", REFERENCE.read_text(), re.DOTALL)]
    return {each["type"]: each for each in every}


def shape_of(value: Any) -> Any:
    """Names, and kinds of values: of texts whether they are an id, a moment, a link or a word."""
    if isinstance(value, Mapping):
        return sorted((name, shape_of(each)) for name, each in value.items())
    if isinstance(value, list):
        return ["list", *(shape_of(each) for each in value)]
    if not isinstance(value, str):
        return type(value).__name__
    for kind, pattern in (
        ("id", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("moment", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
        ("link", r"https?://[^/]+/applications/[0-9a-f-]{36}/"),
        ("word", r"[a-z._/-]+"),
    ):
        if re.fullmatch(pattern, value):
            return kind
    return f"something else: {value}"


def test_every_event_is_told_in_the_shape_that_the_reference_shows(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]
) -> None:
    everything_happens(cast)
    application = cast.job.applications.get(candidate__email="bea@example.org")
    erased = application.candidate
    bodies = dict(Delivery.objects.values_list("event", "body"))
    erase(erased)
    actions.ping(actor=cast.olga, endpoint=listening[0])
    bodies |= dict(Delivery.objects.filter(event__in=("ping", "candidate.erased")).values_list("event", "body"))
    told, shown = {event: json.loads(body) for event, body in bodies.items()}, documented()
    assert sorted(told) == sorted(Event) == sorted(shown)
    for event in told:
        assert shape_of(told[event]) == shape_of(shown[event]), event
        assert len(bodies[event]) < 1000
    assert f'"{application.pk}"' in bodies["candidate.erased"] or told["candidate.erased"]["data"]["applications"]


def test_no_name_text_or_address_of_anybody_is_in_a_message(cast: Cast, listening: tuple[Endpoint, str]) -> None:
    everything_happens(cast)
    bodies = " ".join(Delivery.objects.values_list("body", flat=True))
    assert bodies.count("application.stage_changed") >= 3
    for word in ("Bea", "bea@", "ecret", "Hamid", "Developer", "whsec", access.token_of(workspace.practise("x/y"))[:8]):
        assert word not in bodies


def test_a_task_is_told_of_when_it_was_graded_in_the_transaction_of_the_report(
    cast: Cast, listening: tuple[Endpoint, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _judge(monkeypatch)
    sitting = workspace.begin(workspace.invite(actor=cast.rita, application=cast.application))
    work = access.work_of(access.sitting_by(access.token_of(sitting)), 1)
    for path, text in library.solution(work.task, "expert").items():
        work.version = editing.save(work, path=path, text=text, version=work.version)
    handed_in = workspace.hand_in(work).submission
    assert handed_in is not None
    assert not Delivery.objects.filter(event=Event.WORK_GRADED).exists()
    grading.grade(handed_in.pk)
    grading.grade(handed_in.pk)
    data = json.loads(Delivery.objects.get(event=Event.WORK_GRADED).body)["data"]
    assert (data["state"], data["task"], data["submission"]) == ("graded", work.task, str(handed_in.pk))
    assert data["application"] == str(cast.application.pk)


def test_practice_previews_and_new_gradings_are_nobodys_news(cast: Cast, listening: tuple[Endpoint, str]) -> None:
    for sitting in (workspace.practise("python/retry-decorator"), workspace.preview(cast.assessment)):
        workspace.begin(sitting)
        work = access.work_of(access.sitting_by(access.token_of(sitting)), 1)
        editing.save(work, path=FILE, text="# mine\n", version=0)
        workspace.hand_in(work)
    assert not Delivery.objects.exists()
    assert not Submission.objects.filter(announced__isnull=False).exists()


def test_a_team_is_told_of_its_own_and_only_of_what_it_asked_for(cast: Cast, receiver: Receiver) -> None:
    def add(user: Any, team: Any, path: str, events: list[str]) -> Endpoint:
        return actions.add_endpoint(actor=user, team=team, address=f"https://example.org/{path}", events=events)[0]

    everything = add(cast.olga, cast.team, "all", [*TOLD])
    another = add(cast.olga, cast.team, "another", ["application.made"])
    decisions = add(cast.olga, cast.team, "decisions", ["application.decided"])
    off = add(cast.olga, cast.team, "off", [*TOLD])
    actions.turn_off(actor=cast.olga, endpoint=off)
    eves = add(cast.eve, cast.other_job.team, "eve", [*TOLD])
    told_of(cast)
    assert set(Delivery.objects.values_list("endpoint", flat=True)) == {everything.pk, another.pk}
    assert Delivery.objects.values("event_id").distinct().count() == 1, "one event, one id"
    assert [each for each in (decisions, off, eves) if each.deliveries.exists()] == []


@pytest.mark.django_db(transaction=True)
def test_what_did_not_happen_is_not_told(cast: Cast, listening: tuple[Endpoint, str], broker: redis.Redis) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        told_of(cast)
        raise ZeroDivisionError
    assert not Delivery.objects.exists()
    assert broker.llen("webhooks") == 0
    with pytest.raises(RuntimeError, match="belongs into the transaction"):
        actions.announce(cast.team, Event.WORK_GRADED, {})
    told_of(cast)
    assert broker.llen("webhooks") == 1


# --- Until it is heard


@pytest.mark.parametrize(
    ("mood", "status", "trouble", "answer"),
    [
        ("refuses", 500, "", "No \N{REPLACEMENT CHARACTER}!"),
        ("redirects", 307, "redirects", ""),
        ("speaks something else", None, "could not be reached", ""),
        ("hangs up", None, "could not be reached", ""),
        ("hangs", None, "No answer within", ""),
        ("drips its headers", None, "No answer within", ""),
        ("has endless headers", None, "could not be reached", ""),
        ("drips", 500, "", "..."),
        ("never ends", 500, "", "xxx"),
        ("says hostile things", 500, "", "<script>"),
    ],
)
def test_a_receiver_that_does_not_say_yes_is_asked_again_and_nothing_that_it_does_harms(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str], client: Client,
    monkeypatch: pytest.MonkeyPatch, mood: str, status: int | None, trouble: str, answer: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(sending, "SECONDS", 1.0)
    told = told_of(cast)
    receiver.mood = mood
    begun = time.monotonic()
    deliver_all()
    assert time.monotonic() - begun < 3
    told.refresh_from_db()
    tried = told.tries.get()
    assert (tried.status, told.last_status, told.state, told.attempts) == (status, status, "waiting", 1)
    assert trouble in tried.trouble
    assert tried.answer.startswith(answer) or answer in tried.answer
    assert len(tried.answer) <= sending.MOST_READ
    assert receiver.written < 20_000_000, "what never ends is not read"
    client.force_login(cast.olga, backend=BACKEND)
    page = client.get(reverse("webhooks:delivery", args=[told.pk])).content.decode()
    assert "<script>alert" not in page
    assert not re.search(r"[\x00\x1b\u202e]", page)
    receiver.mood = "well"
    deliver_all()
    told.refresh_from_db()
    assert (told.state, told.last_status, told.attempts) == ("delivered", 204, 2)
    assert {each.headers["webhook-id"] for each in receiver.told} == {str(told.event_id)}


@pytest.mark.parametrize("mood", ["well", "lies about packing", "cuts off"])
def test_a_yes_is_a_yes_whatever_comes_after_it(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str], mood: str
) -> None:
    told = told_of(cast)
    receiver.mood = mood
    deliver_all()
    told.refresh_from_db()
    assert told.state == Delivery.State.DELIVERED


def test_a_receiver_that_is_not_there_is_told_when_it_is(cast: Cast, settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = [f"{HOST}/32"]
    with receiving() as gone:
        address = gone.address
    actions.add_endpoint(actor=cast.olga, team=cast.team, address=address, events=[*TOLD])
    told = told_of(cast)
    deliver_all()
    assert "refused" in told.tries.get().trouble
    told.refresh_from_db()
    assert told.state == Delivery.State.WAITING


def test_it_is_asked_ever_more_seldom_for_about_a_day_and_then_no_more(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]
) -> None:
    told = told_of(cast)
    receiver.mood = "refuses"
    waits = []
    for _ in delivering.DELAYS:
        deliver_all()
        told.refresh_from_db()
        assert told.next_try_at is not None
        waits.append(told.next_try_at - timezone.now())
    for wait, delay in zip(waits, delivering.DELAYS, strict=True):
        assert delay * 0.79 < wait < delay * 1.21
    assert len({wait / delay for wait, delay in zip(waits, delivering.DELAYS, strict=True)}) > 1, "by chance"
    assert timedelta(hours=20) < sum(delivering.DELAYS, timedelta()) < timedelta(hours=30)
    deliver_all()
    told.refresh_from_db()
    assert (told.state, told.next_try_at, len(receiver.told)) == ("given_up", None, 10)
    deliver_all()
    assert len(receiver.told) == 10


def test_a_receiver_says_how_long_to_wait_and_not_longer_than_six_hours(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = told_of(cast)
    receiver.mood = "is busy"
    deliver_all()
    told.refresh_from_db()
    assert told.next_try_at is not None
    assert timedelta(minutes=59) < told.next_try_at - timezone.now() <= timedelta(hours=1)
    monkeypatch.setattr(delivering, "LONGEST_WAIT", timedelta(minutes=30))
    delivering.deliver(told.pk, told.attempts)
    told.refresh_from_db()
    assert told.next_try_at - timezone.now() <= timedelta(minutes=30)


def test_one_that_is_gone_for_good_is_turned_off_at_once_and_every_owner_reads_it(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]
) -> None:
    first, second = told_of(cast), told_of(cast)
    receiver.mood = "is gone"
    delivering.deliver(first.pk, 0)
    endpoint = Endpoint.objects.get()
    assert (endpoint.is_on, endpoint.off_because) == (False, "gone")
    second.refresh_from_db()
    assert second.state == Delivery.State.GIVEN_UP
    mail = Message.objects.latest("created_at")
    assert mail.to == cast.olga.email
    assert HOST in mail.subject
    assert str(endpoint.pk) in mail.body
    assert "/djudge" not in mail.body.replace(str(reverse("webhooks:endpoint", args=[endpoint.pk])), "")
    delivering.deliver(second.pk, 0)
    told_of(cast, Event.APPLICATION_MADE)
    assert (len(receiver.told), Delivery.objects.count()) == (1, 2), "nothing is sent, and nothing kept"
    assert AuditEvent.objects.filter(actor_name="system", verb="turned off the webhook endpoint").count() == 1


def test_one_that_fails_for_days_is_turned_off_and_one_yes_begins_the_count_anew(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]
) -> None:
    def after(failures: int, days: float) -> Endpoint:
        Endpoint.objects.update(failures=failures, failing_since=timezone.now() - timedelta(days=days))
        told = told_of(cast)
        delivering.deliver(told.pk, 0)
        return Endpoint.objects.get()

    receiver.mood = "refuses"
    assert after(500, 2.9).is_on, "many in a short time"
    assert after(5, 30).is_on, "few in a long time"
    receiver.mood = "well"
    assert (after(500, 10).failures, after(500, 10).failing_since) == (0, None)
    receiver.mood = "refuses"
    assert after(0, 0).failures == 1
    assert not after(19, 3.1).is_on
    assert Endpoint.objects.get().off_because == Endpoint.Off.FAILURES
    mails = Message.objects.filter(subject__contains="is not told any more").count()
    assert mails == 1
    actions.turn_on(actor=cast.olga, endpoint=listening[0])
    again = Endpoint.objects.get()
    assert (again.is_on, again.off_because, again.failures) == (True, "", 0)


def test_a_ping_is_tried_once_and_counts_for_nothing(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]
) -> None:
    receiver.mood = "refuses"
    actions.ping(actor=cast.olga, endpoint=listening[0])
    deliver_all()
    assert (Delivery.objects.get().state, Endpoint.objects.get().failures) == ("given_up", 0)
    actions.turn_off(actor=cast.olga, endpoint=listening[0])
    listening[0].refresh_from_db()
    with pytest.raises(actions.NotPossibleError):
        actions.ping(actor=cast.olga, endpoint=listening[0])


def test_a_job_that_comes_twice_sends_once(cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]) -> None:
    told = told_of(cast)
    for _ in range(3):
        delivering.deliver(told.pk, 0)
    assert len(receiver.told) == 1
    receiver.mood = "refuses"
    told = told_of(cast)
    for _ in range(3):
        delivering.deliver(told.pk, 0)
    assert len(receiver.told) == 2, "a job of the first try is none of the second"


def test_what_a_broker_lost_is_found_and_what_is_under_way_is_left_alone(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]
) -> None:
    told = told_of(cast)
    assert delivering.due() == [], "its job has just been queued"
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert delivering.queue_what_is_due() == 1
    assert delivering.queue_what_is_due() == 0, "it is queued already"
    assert delivering._take(told.pk, 0) is not None
    assert delivering.due() == [], "somebody is at it"
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert [(each.pk, each.attempts) for each in delivering.due()] == [(told.pk, 1)], "whoever was at it is dead"


def test_one_that_fails_holds_up_no_other(cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]) -> None:
    other, _ = actions.add_endpoint(
        actor=cast.olga, team=cast.team, address="https://example.org/", events=["application.made"]
    )
    Endpoint.objects.filter(pk=other.pk).update(failures=3, failing_since=timezone.now())
    for _ in range(5):
        told_of(cast)
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    due = [each.endpoint_id for each in Delivery.objects.filter(pk__in=[each.pk for each in delivering.due()])]
    assert (due.count(other.pk), due.count(listening[0].pk)) == (delivering.OF_A_FAILING_ONE, 5)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("function", "when", "copies"),
    [
        ("djudge.web.webhooks.sending.post", AFTER, 2),
        ("djudge.web.webhooks.delivering._record", BEFORE_COMMIT, 2),
        ("djudge.web.webhooks.delivering._record", COMMITTED, 1),
    ],
)
def test_a_worker_that_dies_after_the_yes_sends_once_more_at_most_and_with_the_same_id(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str], broker: redis.Redis, tmp_path: Path,
    function: str, when: str, copies: int,
) -> None:  # fmt: skip
    allowed = {"WEBHOOK_NETWORKS": f"{HOST}/32"}
    told = told_of(cast)
    point = Point("told", "worker", function, when, 1)
    with worker("webhooks", **allowed, **point.told(tmp_path / "killed")) as process:
        assert process.wait(40) == -9
    told.refresh_from_db()
    assert (told.state == Delivery.State.WAITING, len(receiver.told)) == (copies == 2, 1)
    Delivery.objects.filter(state="waiting").update(next_try_at=timezone.now() - timedelta(seconds=1))
    with worker("webhooks", **allowed):
        tasks.deliver_rest()
        tasks.deliver_rest()
        hand_out_again()
        wait_for(
            lambda: (
                Delivery.objects.get().state == "delivered"
                and not broker.llen("webhooks")
                and not broker.hlen("unacked")
            )
        )
    assert len(receiver.told) == copies
    assert {each.headers["webhook-id"] for each in receiver.told} == {str(told.event_id)}
    assert all(is_signed(each, listening[1]) for each in receiver.told)


def test_a_secret_network_behind_an_address_is_never_called_and_the_log_says_why(cast: Cast) -> None:
    """Typed before the operator took a network away again, or a name that leads there now."""
    with receiving() as inside:
        Endpoint.objects.create(
            team=cast.team, address=inside.address, events=[*TOLD], secret=signing.sealed(signing.new_secret())
        )
        told = told_of(cast)
        deliver_all()
        assert inside.connections == 0
    assert "this machine itself" in told.tries.get().trouble
