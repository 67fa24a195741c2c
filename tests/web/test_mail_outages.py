"""A mail server that refuses, hangs up, hangs or is not there: nobody waits for it, and no mail is lost for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final

import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.engine.system import free_port
from djudge.web.mail import actions, selectors, tasks
from djudge.web.mail.models import Message
from tests.web.cast import Cast
from tests.web.processes import Point, hand_out_again, wait_for, worker
from tests.web.stopping import AFTER, BEFORE_COMMIT, COMMITTED

HOST: Final = "127.0.0.1"
BACKEND: Final = "django.core.mail.backends.smtp.EmailBackend"


class MailServer:
    """A real one on loopback that does as `mood` says; what it accepted is in `accepted`."""

    def __init__(self) -> None:
        self.mood = "well"
        self.spoken_to = 0
        self.accepted: list[bytes] = []
        self.port = free_port()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        self.spoken_to += 1
        if self.mood == "hangs up":
            assert server.transport is not None
            server.transport.close()
        if self.mood == "hangs":
            await asyncio.sleep(60)
        session.host_name = name
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood == "refuses":
            return "451 4.7.1 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.original_content, bytes)
        self.accepted.append(envelope.original_content)
        return "250 OK"

    def told(self) -> dict[str, str]:
        """As the environment of a worker says it."""
        return {"SMTP_HOST": HOST, "SMTP_PORT": str(self.port), "SMTP_TLS": "off"}


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """It runs, and the platform was told of it."""
    mails = MailServer()
    settings.MAIL_IS_DELIVERED = True
    options = {"host": HOST, "port": mails.port, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": BACKEND, "OPTIONS": options}}
    controller = Controller(mails, hostname=HOST, port=mails.port)
    controller.start()
    try:
        yield mails
    finally:
        if mails.mood != "is not there":
            controller.stop(no_assert=True)


def an_hour_later(message: Message) -> None:
    """Beat calls every minute; what it finds is delivered by a worker, here at once."""
    Message.objects.update(created_at=timezone.now() - timedelta(hours=1))
    for found in selectors.waiting():
        actions.deliver(found)
    message.refresh_from_db()


@pytest.mark.parametrize(
    ("mood", "reason"), [("refuses", "Come back later"), ("hangs up", "closed"), ("hangs", "timed out")]
)
def test_a_mail_stays_in_the_outbox_with_the_reason_and_goes_once_when_the_server_is_well(
    db: None, server: MailServer, mood: str, reason: str
) -> None:
    message = actions.write(to="ada@example.org", subject="Your work sample", body="A link")
    server.mood = mood
    assert not actions.deliver(message.pk)
    message.refresh_from_db()
    assert (message.sent_at, message.attempts) == (None, 1)
    assert reason in message.trouble
    server.mood = "well"
    for _ in range(2):
        an_hour_later(message)
    assert [each.count(b"A link") for each in server.accepted] == [1], "once, not twice"
    assert message.sent_at is not None
    assert (message.attempts, message.trouble) == (2, "")


def test_a_mail_for_a_server_that_is_not_there_waits_for_it(db: None, settings: Any) -> None:
    mails = MailServer()
    settings.MAIL_IS_DELIVERED = True
    settings.MAILERS = {"default": {"BACKEND": BACKEND, "OPTIONS": {"host": HOST, "port": mails.port, "timeout": 1}}}
    message = actions.write(to="ada@example.org", subject="Your work sample", body="A link")
    an_hour_later(message)
    assert (message.sent_at, message.attempts) == (None, 1)
    assert "refused" in message.trouble
    controller = Controller(mails, hostname=HOST, port=mails.port)
    controller.start()
    try:
        an_hour_later(message)
    finally:
        controller.stop()
    assert len(mails.accepted) == 1
    assert message.sent_at is not None


def invite(cast: Cast, client: Client) -> Any:
    client.force_login(cast.rita, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.post(reverse("workspace:invite", args=[cast.application.pk]), follow=True)


def apply(cast: Cast, client: Client) -> Any:
    fields = {"name": "Bea", "email": "bea@example.org", "lane": "django-ready"}
    return client.post(reverse("workspace:apply", args=[cast.job.pk]), fields)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("request_", "to"), [(invite, "ada@example.org"), (apply, "bea@example.org")])
def test_nobody_who_invites_or_applies_waits_for_a_mail_server_that_hangs(
    broker: redis.Redis, server: MailServer, cast: Cast, client: Client, request_: Callable[..., Any], to: str
) -> None:
    server.mood = "hangs"
    before = Message.objects.count()
    assert request_(cast, client).status_code == 200
    message = Message.objects.order_by("-created_at")[0]
    assert Message.objects.count() == before + 1
    assert (message.to, message.sent_at, message.attempts) == (to, None, 0)
    assert server.spoken_to == 0, "not by the process that answers"
    assert broker.llen("default") >= 1, "a worker does it"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("function", "when", "copies"),
    [
        ("djudge.web.mail.actions._send", AFTER, 2),
        ("djudge.web.mail.actions.deliver", BEFORE_COMMIT, 2),
        ("djudge.web.mail.actions.deliver", COMMITTED, 1),
    ],
)
def test_a_worker_that_dies_after_the_servers_yes_sends_once_more_at_most_and_it_is_told_as_the_same_mail(
    broker: redis.Redis, server: MailServer, tmp_path: Path, function: str, when: str, copies: int
) -> None:
    """Before the commit nobody but the mail server knows that it was accepted: that one goes twice. After it, once."""
    message = actions.write(to="ada@example.org", subject="Your work sample", body="A link")
    point = Point("accepted", "worker", function, when, 1)
    with worker("default", **server.told(), **point.told(tmp_path / "killed")) as process:
        assert process.wait(40) == -9
    assert len(server.accepted) == 1
    message.refresh_from_db()
    assert (message.sent_at is None) == (copies == 2)
    Message.objects.update(created_at=timezone.now() - timedelta(hours=1))
    with worker("default", **server.told()):
        tasks.deliver_rest()
        tasks.deliver_rest()
        hand_out_again()
        wait_for(lambda: Message.objects.get().sent_at and not broker.llen("default") and not broker.hlen("unacked"))
    assert len(server.accepted) == copies
    assert {message_from_bytes(mail)["Message-ID"] for mail in server.accepted} == {f"<{message.pk}@localhost>"}


def test_a_mail_is_tried_every_minute_then_every_hour_and_after_three_days_waits_for_a_person(db: None) -> None:
    """A mail server may be away for a night: what was written in it goes in the morning."""
    actions.write(to="ada@example.org", subject="Your work sample", body="A link")

    def is_due(attempts: int, age: timedelta) -> bool:
        Message.objects.update(attempts=attempts, created_at=timezone.now() - age)
        return bool(selectors.waiting())

    assert not is_due(0, timedelta(seconds=30))
    assert is_due(0, timedelta(minutes=2))
    assert is_due(9, timedelta(minutes=11))
    assert not is_due(10, timedelta(minutes=30))
    assert is_due(10, timedelta(minutes=61))
    assert not is_due(20, timedelta(hours=10))
    assert is_due(20, timedelta(hours=12))
    assert not is_due(selectors.MOST_ATTEMPTS, timedelta(days=9))
