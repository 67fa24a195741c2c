"""A mail, from the moment when it was decided until it was delivered."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from djudge.web.common.models import Record


class Message(Record):
    """One mail to one address. `team` is the team on whose behalf it goes; without one it is about a sign-in. It
    goes with the application that it is `about`.

    `calendar` is an iCalendar file that goes with it, empty where there is none.

    It lies in the same transaction as what it tells of, so neither exists without the other. A message without
    `sent_at` is tried again by beat; where no mail server is set it stays, and owners read it in the outbox.
    """

    team = models.UUIDField(_("team"), null=True, blank=True)
    about = models.UUIDField(_("about"), null=True, blank=True)
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    calendar = models.TextField(_("calendar file"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    trouble = models.TextField(_("why it was not sent"), blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["team", "-created_at"], name="mail_of_team"),
            models.Index(fields=["created_at"], condition=models.Q(sent_at=None), name="mail_unsent"),
        )

    def __str__(self) -> str:
        return f"{self.subject} ({self.to})"
