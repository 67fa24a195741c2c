"""Writing a mail down, and delivering it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from email.message import MIMEPart
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from djudge.web.mail.models import Message

#: By its name, because the task calls this module.
DELIVER = "djudge.web.mail.tasks.deliver"

_METHOD: Final = re.compile(r"^METHOD:([A-Z]+)\s*$", re.MULTILINE)


def write(
    *,
    to: str,
    subject: str,
    body: str,
    team: uuid.UUID | None = None,
    about: uuid.UUID | None = None,
    calendar: str = "",
) -> Message:
    """Decide a mail, in the caller's transaction; a worker delivers it after the commit. One statement.

    `calendar` is an iCalendar file with a METHOD, which mailboxes offer to put into a calendar.
    """
    message = Message.objects.create(
        team=team, about=about, to=to, subject=" ".join(subject.split())[:200], body=body, calendar=calendar
    )
    transaction.on_commit(partial(current_app.send_task, DELIVER, [str(message.pk)]), robust=True)
    return message


def forget(*, team: uuid.UUID, to: str, about: Iterable[uuid.UUID]) -> None:
    """Remove what was written to an address on a team's behalf, and to anybody about these. One statement."""
    Message.objects.filter(team=team).filter(Q(to__iexact=to) | Q(about__in=list(about))).delete()


def deliver(message_id: uuid.UUID) -> bool:
    """Send a message that was not sent yet; whether it is sent now. Safe to be called twice, and at the same time.

    The row is locked while the mail server is spoken to. Between its "yes" and our commit a crash sends once more: mail
    knows no better. Both have the same Message-ID, by which mailboxes tell that they are one.
    """
    if not settings.MAIL_IS_DELIVERED:
        return False
    with transaction.atomic():
        message = Message.objects.select_for_update(skip_locked=True).filter(pk=message_id, sent_at=None).first()
        if message is None:
            return False
        sent = _send(message)
    return sent


def _send(message: Message) -> bool:
    known_by = {"Message-ID": f"<{message.pk}@{urlsplit(settings.SITE_ADDRESS).hostname}>"}
    whole = EmailMessage(message.subject, message.body, None, [message.to], headers=known_by)
    if message.calendar:
        whole.attach(_calendar_part(message.calendar))
    try:
        whole.send()
    except OSError as error:  # smtplib's errors are OSErrors, time-outs and refused connections too
        Message.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1, trouble=str(error)[:2000])
        return False
    Message.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1, sent_at=timezone.now(), trouble="")
    return True


def _calendar_part(calendar: str) -> MIMEPart:
    """As a file whose kind names its method too: without it mailboxes show a file, and no invitation."""
    method = _METHOD.search(calendar)
    part = MIMEPart()
    part.set_content(calendar, subtype="calendar", disposition="attachment", filename="interview.ics")
    part.set_param("method", method[1] if method else "PUBLISH")
    return part
