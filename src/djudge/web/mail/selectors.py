"""Reading mails."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.utils import timezone

from djudge.web.common.paging import Order
from djudge.web.mail.models import Message

NEWEST: Final = Order(("created_at", "id"), descending=True)

#: So often a message is tried every minute, then every hour: mail servers are away for minutes, or for a night.
QUICK_ATTEMPTS = 10

#: After so many tries in vain, which is three days, a message waits for a person.
MOST_ATTEMPTS = QUICK_ATTEMPTS + 72


def waiting() -> list[uuid.UUID]:
    """Messages whose next try is due, the oldest first, at most 200. One statement."""
    now = timezone.now()
    hours = ExpressionWrapper(
        (F("attempts") - QUICK_ATTEMPTS + 1) * Value(timedelta(hours=1)), output_field=DurationField()
    )
    quickly = Q(attempts__lt=QUICK_ATTEMPTS, created_at__lt=now - timedelta(minutes=1))
    hourly = Q(attempts__range=(QUICK_ATTEMPTS, MOST_ATTEMPTS - 1), created_at__lt=now - hours)
    unsent = Message.objects.filter(quickly | hourly, sent_at=None)
    return list(unsent.order_by("created_at").values_list("pk", flat=True)[:200])


def of_team(team: uuid.UUID) -> QuerySet[Message]:
    """The team's mails, the newest first. Those about sign-ins belong to nobody's outbox."""
    return Message.objects.filter(team=team)
