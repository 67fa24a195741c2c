"""Jobs of the API."""

from __future__ import annotations

from celery import shared_task
from oauth2_provider.models import clear_expired

from djudge.web.api import creating


@shared_task
def forget_what_is_over() -> None:
    """Answers that are older than a day, and OAuth's tokens that work no longer."""
    creating.forget_old()
    clear_expired()
