"""Reading mails."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from djudge.web.common.paging import Order
from djudge.web.mail.models import Message

NEWEST: Final = Order(("created_at", "id"), descending=True)

#: After so many tries in vain a message waits for a person.
MOST_ATTEMPTS = 20


def waiting() -> list[uuid.UUID]:
    """Messages that lie for longer than their job needs, the oldest first, at most 200. One statement."""
    moment = timezone.now() - timedelta(minutes=1)
    unsent = Message.objects.filter(sent_at=None, created_at__lt=moment, attempts__lt=MOST_ATTEMPTS)
    return list(unsent.order_by("created_at").values_list("pk", flat=True)[:200])


def of_team(team: uuid.UUID) -> QuerySet[Message]:
    """The team's mails, the newest first. Those about sign-ins belong to nobody's outbox."""
    return Message.objects.filter(team=team)
