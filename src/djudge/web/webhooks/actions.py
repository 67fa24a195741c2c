"""Announcing what happened, and what owners do about their endpoints."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.common.models import new_id
from djudge.web.organizations import audit
from djudge.web.organizations.models import Team
from djudge.web.webhooks import signing
from djudge.web.webhooks.models import Attempt, Delivery, Endpoint, Event

#: By its name, because the task calls what calls this module.
DELIVER: Final = "djudge.web.webhooks.tasks.deliver"

#: So long a former secret signs beside the new one.
ROTATION: Final = timedelta(hours=24)
#: So many endpoints a team can have.
MOST_ENDPOINTS: Final = 20
#: What was just queued is left to its job for so long, before it counts as lost.
PATIENCE: Final = timedelta(minutes=1)


class NotPossibleError(Exception):
    """Something stands against it; the message says what."""


def announce(team: Team | uuid.UUID, event: Event, data: Mapping[str, Any], *, about: uuid.UUID | None = None) -> None:
    """Tell the team's endpoints that ask for it what happens in the caller's transaction, which has to be open.

    Workers send it after the commit. `data` are ids and words of ours, no texts of anybody's; `about` is the
    application of which it tells, with which it is erased. One statement, and one more where an endpoint listens.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("What is announced belongs into the transaction in which it happens.")
    listening = Endpoint.objects.filter(team=team, is_on=True, events__contains=[event])
    _deliver_to(list(listening), event, data, about)


def _deliver_to(
    endpoints: Sequence[Endpoint], event: Event, data: Mapping[str, Any], about: uuid.UUID | None = None
) -> None:
    now, event_id = timezone.now(), new_id()
    body = body_of(event, now, data)
    for made in Delivery.objects.bulk_create(
        Delivery(endpoint=each, event_id=event_id, event=event, about=about, body=body, next_try_at=_lost_at(each, now))
        for each in endpoints
    ):
        if not made.endpoint.failures:
            enqueue_on_commit(made)


def _lost_at(endpoint: Endpoint, now: datetime) -> datetime:
    """When beat takes it up. Where nothing comes through at present, beat does it all, a few at a time."""
    return now if endpoint.failures else now + PATIENCE


def body_of(event: Event, at: datetime, data: Mapping[str, Any]) -> str:
    """What is sent. Pure."""
    told = {"type": event, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(told, separators=(",", ":"), default=str)


def enqueue_on_commit(delivery: Delivery) -> None:
    """Hand it to the workers once the transaction holds, with the number of tries after which it is meant."""
    job = partial(current_app.send_task, DELIVER, [str(delivery.pk), delivery.attempts], queue="webhooks")
    transaction.on_commit(job, robust=True)


def forget(*, team: Team, about: Iterable[uuid.UUID]) -> None:
    """Empty what was told about these applications, and what was answered; what still waits is not sent any more.

    That something was told, and when, stays. Two statements.
    """
    mine = Delivery.objects.filter(endpoint__team=team, about__in=list(about))
    now = timezone.now()
    keys = list(mine.values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=keys, state=Delivery.State.WAITING).update(
        state=Delivery.State.GIVEN_UP, ended_at=now
    )
    Delivery.objects.filter(pk__in=keys).update(body="", about=None, erased_at=now, next_try_at=None)
    Attempt.objects.filter(delivery__in=keys).update(answer="")


@transaction.atomic
def add_endpoint(*, actor: User, team: Team, address: str, events: Sequence[str]) -> tuple[Endpoint, str]:
    """A new endpoint, and its secret, which is shown once. Raises NotPossibleError."""
    Team.objects.select_for_update(no_key=True).only("pk").get(pk=team.pk)
    if team.webhook_endpoints.count() >= MOST_ENDPOINTS:
        raise NotPossibleError(_("A team has at most %(n)s endpoints.") % {"n": MOST_ENDPOINTS})
    secret = signing.new_secret()
    try:
        with transaction.atomic():
            endpoint = Endpoint.objects.create(
                team=team, address=address, events=sorted(events), secret=signing.sealed(secret)
            )
    except IntegrityError as error:
        raise NotPossibleError(_("Your team has this address already.")) from error
    audit.note(team, "added the webhook endpoint", endpoint, actor=actor, events=sorted(events))
    return endpoint, secret


@transaction.atomic
def choose_events(*, actor: User, endpoint: Endpoint, events: Sequence[str]) -> None:
    """It is told of exactly these from now on."""
    before, endpoint.events = endpoint.events, sorted(events)
    endpoint.save(update_fields=["events"])
    audit.note(
        endpoint.team, "chose the events of the webhook endpoint", endpoint, actor=actor,
        before=before, after=endpoint.events,
    )  # fmt: skip


@transaction.atomic
def rotate(*, actor: User, endpoint: Endpoint) -> str:
    """A new secret, which is shown once. The former one signs as well for ROTATION.

    Raises NotPossibleError while one before is still valid: a third one would end it for a receiver that has only that.
    """
    locked = _locked(endpoint)
    if locked.is_rotating:
        raise NotPossibleError(_("The former secret is still valid. End it first, or wait until it ends by itself."))
    secret = signing.new_secret()
    locked.former_secret, locked.former_until = locked.secret, timezone.now() + ROTATION
    locked.secret = signing.sealed(secret)
    locked.save(update_fields=["secret", "former_secret", "former_until"])
    audit.note(endpoint.team, "renewed the secret of the webhook endpoint", endpoint, actor=actor)
    return secret


@transaction.atomic
def end_former(*, actor: User, endpoint: Endpoint) -> None:
    """The former secret signs no more, from now on."""
    locked = _locked(endpoint)
    if locked.is_rotating:
        locked.former_secret, locked.former_until = "", None
        locked.save(update_fields=["former_secret", "former_until"])
        audit.note(endpoint.team, "ended the former secret of the webhook endpoint", endpoint, actor=actor)


@transaction.atomic
def turn_on(*, actor: User, endpoint: Endpoint) -> None:
    """It is told again, of what happens from now on. What was missed can be sent again by hand."""
    locked = _locked(endpoint)
    if not locked.is_on:
        locked.is_on, locked.off_because, locked.failures, locked.failing_since = True, "", 0, None
        locked.save(update_fields=["is_on", "off_because", "failures", "failing_since"])
        audit.note(endpoint.team, "turned on the webhook endpoint", endpoint, actor=actor)


@transaction.atomic
def turn_off(*, actor: User, endpoint: Endpoint) -> None:
    """It is told nothing any more; what still waited is given up."""
    locked = _locked(endpoint)
    if locked.is_on:
        shut(locked, Endpoint.Off.OWNER)
        audit.note(endpoint.team, "turned off the webhook endpoint", endpoint, actor=actor)


def shut(locked: Endpoint, why: Endpoint.Off) -> None:
    """Off, in the caller's transaction, which holds the row. Two statements."""
    locked.is_on, locked.off_because = False, why
    locked.save(update_fields=["is_on", "off_because"])
    waiting = Delivery.objects.filter(endpoint=locked, state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.GIVEN_UP, next_try_at=None, ended_at=timezone.now())


@transaction.atomic
def remove(*, actor: User, endpoint: Endpoint) -> None:
    """With its log."""
    audit.note(endpoint.team, "removed the webhook endpoint", endpoint, actor=actor)
    endpoint.delete()


@transaction.atomic
def ping(*, actor: User, endpoint: Endpoint) -> None:
    """Send a test, once, whichever events it asks for. Raises NotPossibleError where it is off."""
    if not endpoint.is_on:
        raise NotPossibleError(_("This endpoint is off."))
    audit.note(endpoint.team, "sent a test to the webhook endpoint", endpoint, actor=actor)
    _deliver_to([endpoint], Event.PING, {"endpoint": endpoint.pk})


@transaction.atomic
def send_again(*, actor: User, delivery: Delivery) -> None:
    """The same message once more, with the same id, as often as a new one would be tried.

    Raises NotPossibleError where there is nothing to send any more, or the endpoint is off.
    """
    if not delivery.can_be_sent_again:
        raise NotPossibleError(_("This can't be sent: it was erased, or the endpoint is off."))
    _begin_again([delivery])
    audit.note(
        delivery.endpoint.team, "sent again to the webhook endpoint", delivery.endpoint, actor=actor,
        event=str(delivery.event_id),
    )  # fmt: skip


@transaction.atomic
def send_missed(*, actor: User, endpoint: Endpoint) -> int:
    """All that was given up, the oldest first, once more; how many that are.

    Raises NotPossibleError where it is off.
    """
    if not endpoint.is_on:
        raise NotPossibleError(_("This endpoint is off."))
    missed = endpoint.deliveries.filter(state=Delivery.State.GIVEN_UP, erased_at=None).exclude(event=Event.PING)
    found = list(missed.order_by("created_at")[:1000])
    _begin_again(found)
    audit.note(endpoint.team, "sent again to the webhook endpoint", endpoint, actor=actor, events=len(found))
    return len(found)


def _begin_again(deliveries: Sequence[Delivery]) -> None:
    Delivery.objects.filter(pk__in=[each.pk for each in deliveries], erased_at=None).update(
        state=Delivery.State.WAITING, attempts=0, ended_at=None, next_try_at=timezone.now() + PATIENCE
    )
    for each in deliveries:
        each.attempts = 0
        enqueue_on_commit(each)


def _locked(endpoint: Endpoint) -> Endpoint:
    """Not against rows that refer to it: what is announced meanwhile does not wait."""
    return Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
