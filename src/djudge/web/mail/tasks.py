"""Delivery by workers."""

from __future__ import annotations

import uuid

from celery import shared_task
from django.conf import settings

from djudge.web.mail import actions, selectors


@shared_task
def deliver(message_id: str) -> None:
    """Deliver one message; what fails is tried again by `deliver_rest`."""
    actions.deliver(uuid.UUID(message_id))


@shared_task
def deliver_rest() -> None:
    """Deliver what lies there: messages whose job was lost, and those that a mail server refused for now."""
    if settings.MAIL_IS_DELIVERED:
        for message_id in selectors.waiting():
            deliver.delay(str(message_id))
