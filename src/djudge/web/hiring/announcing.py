"""What other systems are told about an application: ids, words of ours and a link, and no text of anybody's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from djudge.web.hiring.models import Application
from djudge.web.webhooks import actions as webhooks
from djudge.web.webhooks.models import Event


def announce(event: Event, application: Application, **more: Any) -> None:
    """Tell the team's endpoints, in the caller's transaction. The shapes are in docs/reference/webhooks.md.

    One statement, and one more where an endpoint listens.
    """
    webhooks.announce(application.job.team_id, event, told(application, **more), about=application.pk)


def told(application: Application, **more: Any) -> dict[str, Any]:
    """What every message about an application has, with the rest. No statement where the job is at hand."""
    return {
        "application": str(application.pk),
        "job": str(application.job_id),
        "candidate": str(application.candidate_id),
        **more,
        "link": settings.SITE_ADDRESS + reverse("workspace:application", args=[application.pk]),
    }
