"""Where allauth asks us."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from djudge.web.mail import actions


class AccountAdapter(DefaultAccountAdapter):
    """allauth's flows with our mails, and a door that an installation can shut."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Rendered now, because the context belongs to the request; delivered by a worker, so that no form waits."""
        message = self.render_mail(template_prefix, email, {**context, "site": settings.SITE_ADDRESS})
        actions.write(to=email, subject=message.subject, body=str(message.body))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether teams may register themselves (`REGISTRATION`); invited people always come in."""
        return bool(settings.REGISTRATION_IS_OPEN)
