"""Who is told, what was to be told, and each try of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from djudge.web.common.models import Record, new_id
from djudge.web.organizations.models import Team


class Event(models.TextChoices):
    """What is told. The words are part of what other systems rely on: docs/reference/webhooks.md has the shapes."""

    APPLICATION_MADE = "application.made", _("Somebody applied, or was entered")
    STAGE_CHANGED = "application.stage_changed", _("An application went into another stage")
    DECISION_MADE = "application.decided", _("A person decided about an application")
    SITTING_INVITED = "sitting.invited", _("A candidate was invited to the assessment")
    SITTING_STARTED = "sitting.started", _("A candidate has begun")
    SITTING_HANDED_IN = "sitting.handed_in", _("Everything was handed in")
    WORK_GRADED = "work.graded", _("A task was graded")
    SCORECARD_FILED = "scorecard.filed", _("An interviewer filed a scorecard")
    CANDIDATE_ERASED = "candidate.erased", _("A candidate's data were erased")
    PING = "ping", _("A test, asked for by an owner")


#: What an endpoint can ask for; a ping is only ever asked for by hand.
TOLD: Final = tuple(each for each in Event if each != Event.PING)


class Endpoint(Record):
    """An address of another system that a team wants told. Its secrets are encrypted; the owner sees one once.

    While `former_until` lies ahead, each message is signed with both secrets, so that a receiver can change over.
    `failures` counts tries in vain without a success between them, `failing_since` is when the first of them was.
    """

    class Off(models.TextChoices):
        OWNER = "owner", _("an owner turned it off")
        GONE = "gone", _("it answered that it is gone for good (410)")
        FAILURES = "failures", _("nothing reached it for days")

    team = models.ForeignKey(Team, models.CASCADE, related_name="webhook_endpoints", verbose_name=_("team"))
    address = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    secret = models.TextField(_("secret, encrypted"), editable=False)
    former_secret = models.TextField(_("former secret, encrypted"), blank=True, editable=False)
    former_until = models.DateTimeField(_("the former secret is valid until"), null=True, blank=True)
    is_on = models.BooleanField(_("on"), default=True)
    off_because = models.CharField(_("off because"), max_length=10, choices=Off, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ("created_at",)
        constraints = (models.UniqueConstraint(fields=["team", "address"], name="endpoint_address_once"),)

    def __str__(self) -> str:
        return self.host

    @property
    def host(self) -> str:
        """The address without its path, which is often a secret itself."""
        try:
            return urlsplit(self.address).hostname or ""
        except ValueError:
            return ""

    @property
    def is_rotating(self) -> bool:
        """Whether the former secret still signs, too."""
        return bool(self.former_secret) and self.former_until is not None and timezone.now() < self.former_until


class Delivery(Record):
    """One event for one endpoint. It lies in the transaction of what it tells of, and is tried until it was heard.

    `event_id` is the same for every endpoint and every try: receivers know by it what they have had already. `body` is
    what is signed and sent, to the byte; it is emptied when the candidate that it speaks of (`about` is their
    application) is erased. `attempts` counts the tries since it was last asked for.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries", verbose_name=_("endpoint"))
    event_id = models.UUIDField(_("webhook-id"), default=new_id)
    event = models.CharField(_("event"), max_length=40, choices=Event)
    about = models.UUIDField(_("about"), null=True, blank=True)
    body = models.TextField(_("body"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_status = models.PositiveSmallIntegerField(_("latest status"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    ended_at = models.DateTimeField(_("delivered or given up"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ("-created_at",)
        constraints = (models.UniqueConstraint(fields=["endpoint", "event_id"], name="delivery_once"),)
        indexes = (
            models.Index(fields=["endpoint", "-created_at", "-id"], name="delivery_log"),
            models.Index(fields=["next_try_at"], condition=models.Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["about"], name="delivery_about"),
            models.Index(fields=["created_at"], name="delivery_age"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"

    @property
    def can_be_sent_again(self) -> bool:
        """Whether there is still something to send, and somebody who listens."""
        return self.erased_at is None and self.endpoint.is_on


class Attempt(Record):
    """One try: what was answered, cut, or why there was no answer."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries", verbose_name=_("delivery"))
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"), default=0)

    class Meta:
        verbose_name = _("try of a webhook delivery")
        verbose_name_plural = _("tries of webhook deliveries")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.status or self.trouble} {self.delivery_id}"


#: For so long deliveries are kept that were heard or given up.
KEPT: Final = timedelta(days=30)
