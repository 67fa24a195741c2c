"""The way of a delivery: taken by one worker, sent, written down; tried again ever more seldom, at last given up."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from random import SystemRandom
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.mail import actions as mail
from djudge.web.organizations import audit
from djudge.web.organizations.models import Role
from djudge.web.webhooks import actions, sending, signing
from djudge.web.webhooks.models import KEPT, Attempt, Delivery, Endpoint, Event
from djudge.web.webhooks.sending import Answer

#: What lies between a try in vain and the next one: ten tries within about a day.
DELAYS: Final[Sequence[timedelta]] = (
    timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=1),
    timedelta(hours=2), timedelta(hours=4), timedelta(hours=8), timedelta(hours=10),
)  # fmt: skip
#: Each delay is so much longer or shorter by chance, so that many do not come back at once.
JITTER: Final = 0.2
#: No Retry-After makes us wait longer.
LONGEST_WAIT: Final = timedelta(hours=6)

#: A try that was not written down for so long died with its worker. Longer than any try takes.
HOLD: Final = timedelta(minutes=2)

#: An endpoint is turned off by itself that was not reached for so long, in so many tries.
TOLERANCE: Final = timedelta(days=3)
MOST_FAILURES: Final = 20

#: Of an endpoint that fails, beat queues so few at a time: whoever hangs holds up no others.
OF_A_FAILING_ONE: Final = 2

_chance: Final = SystemRandom()


def deliver(delivery_id: uuid.UUID, tried: int) -> None:
    """Try a delivery that was tried so often; does nothing where somebody else did that, or it is over.

    A worker that dies between the answer and our commit sends once more, with the same id: receivers know by it.
    """
    delivery = _take(delivery_id, tried)
    if delivery is not None:
        _record(delivery, _send(delivery))


def _take(delivery_id: uuid.UUID, tried: int) -> Delivery | None:
    """Hold it for this try: whoever counts it up first has it. Two statements."""
    mine = Delivery.objects.filter(
        pk=delivery_id, attempts=tried, state=Delivery.State.WAITING, endpoint__is_on=True
    ).update(attempts=tried + 1, next_try_at=timezone.now() + HOLD)
    return Delivery.objects.select_related("endpoint__team").get(pk=delivery_id) if mine else None


def _send(delivery: Delivery) -> Answer:
    body, at = delivery.body.encode(), int(timezone.now().timestamp())
    try:
        headers = signing.headers(str(delivery.event_id), at, body, signing.secrets_of(delivery.endpoint))
    except signing.UnreadableSecretError:
        return Answer(trouble=_("The secret can't be read: a key of this installation was changed. Renew the secret."))
    return sending.post(delivery.endpoint.address, body, headers)


@transaction.atomic
def _record(tried: Delivery, answer: Answer) -> None:
    """What came of a try, in the log and for the endpoint. About six statements."""
    endpoint = Endpoint.objects.select_for_update(no_key=True).filter(pk=tried.endpoint_id).first()
    if endpoint is None:
        return
    delivery = Delivery.objects.select_for_update(no_key=True).get(pk=tried.pk)
    Attempt.objects.create(
        delivery=delivery, status=answer.status, trouble=answer.trouble, milliseconds=answer.milliseconds,
        answer="" if delivery.erased_at else answer.text,
    )  # fmt: skip
    delivery.last_status = answer.status
    if answer.is_yes:
        _end(delivery, Delivery.State.DELIVERED)
    elif delivery.state == Delivery.State.WAITING:
        _postpone(delivery, answer)
    delivery.save(update_fields=["last_status", "state", "next_try_at", "ended_at"])
    if delivery.event != Event.PING or answer.is_yes or answer.is_gone:
        _judge(endpoint, answer)


def _end(delivery: Delivery, state: Delivery.State) -> None:
    delivery.state, delivery.next_try_at, delivery.ended_at = state, None, timezone.now()


def _postpone(delivery: Delivery, answer: Answer) -> None:
    """Until its next try, or for good. A ping is tried once: somebody waits for what comes of it."""
    if delivery.event == Event.PING or delivery.attempts > len(DELAYS):
        _end(delivery, Delivery.State.GIVEN_UP)
        return
    delay = DELAYS[max(delivery.attempts, 1) - 1] * _chance.uniform(1 - JITTER, 1 + JITTER)
    wished = min(timedelta(seconds=answer.wait), LONGEST_WAIT)
    delivery.next_try_at = timezone.now() + max(delay, wished)


def _judge(endpoint: Endpoint, answer: Answer) -> None:
    """Whether the endpoint lives. No statement where it did and does."""
    if answer.is_yes:
        if endpoint.failures:
            endpoint.failures, endpoint.failing_since = 0, None
            endpoint.save(update_fields=["failures", "failing_since"])
        return
    now = timezone.now()
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.save(update_fields=["failures", "failing_since"])
    is_dead = endpoint.failures >= MOST_FAILURES and now - endpoint.failing_since >= TOLERANCE
    if endpoint.is_on and (answer.is_gone or is_dead):
        _give_up(endpoint, Endpoint.Off.GONE if answer.is_gone else Endpoint.Off.FAILURES)


def _give_up(endpoint: Endpoint, why: Endpoint.Off) -> None:
    """Turned off by the system; every owner is told by mail."""
    actions.shut(endpoint, why)
    team = endpoint.team
    audit.note(team, "turned off the webhook endpoint", endpoint, as_="system", why=why)
    link = settings.SITE_ADDRESS + reverse("webhooks:endpoint", args=[endpoint.pk])
    body = render_to_string("webhooks/mail/turned_off.txt", {"endpoint": endpoint, "link": link})
    subject = _("%(host)s is not told any more") % {"host": endpoint.host}
    for owner in team.memberships.filter(role=Role.OWNER).select_related("user"):
        mail.write(to=owner.user.email, subject=subject, body=body, team=team.pk)


def due() -> list[Delivery]:
    """What is to be tried now, the longest due first, at most 200; of an endpoint that fails a few. One statement."""
    place = Window(RowNumber(), partition_by=F("endpoint"), order_by=F("next_try_at").asc())
    waiting = Delivery.objects.filter(
        state=Delivery.State.WAITING, next_try_at__lte=timezone.now(), endpoint__is_on=True
    )
    found = waiting.annotate(place=place).filter(Q(endpoint__failures=0) | Q(place__lte=OF_A_FAILING_ONE))
    return list(found.order_by("next_try_at").only("pk", "attempts")[:200])


@transaction.atomic
def queue_what_is_due() -> int:
    """Queue tries that are due, and those whose job or worker was lost; how many. Two statements."""
    found = due()
    # Else the next sweep would queue them again while they wait for a worker.
    Delivery.objects.filter(pk__in=[each.pk for each in found]).update(next_try_at=timezone.now() + actions.PATIENCE)
    for each in found:
        actions.enqueue_on_commit(each)
    return len(found)


def forget_old() -> int:
    """Remove what was heard or given up long ago, in portions; how many rows. Four statements."""
    old = Delivery.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(state=Delivery.State.WAITING)
    return Delivery.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:2000])).delete()[0]
