"""What applicant tracking systems ordered, what they complained of, and the key by which one of them is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from djudge.web.common.models import Record
from djudge.web.hiring.models import Application
from djudge.web.organizations.models import Team

#: For so long complaints are kept.
KEPT: Final = timedelta(days=30)


class System(models.TextChoices):
    """Whose contract it is."""

    GREENHOUSE = "greenhouse", "Greenhouse"
    ASHBY = "ashby", "Ashby"


class Told(models.TextChoices):
    """What a system was told last."""

    NOTHING = "", _("nothing yet")
    STARTED = "started", _("that it was begun")
    COMPLETE = "complete", _("that it is done")


class Order(Record):
    """An assessment that a system sent to somebody. It goes with the application, and so with the candidate.

    `callback` is where Greenhouse wants to be told, and `key` its own key, encrypted, which it wants to see there: both
    are emptied when nothing more is told. While `ended_at` is empty a try may be due at `next_try_at`.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="orders", verbose_name=_("application"))
    system = models.CharField(_("system"), max_length=12, choices=System)
    callback = models.CharField(_("told at"), max_length=500, blank=True)
    key = models.TextField(_("key, encrypted"), blank=True, editable=False)
    told = models.CharField(_("told last"), max_length=10, choices=Told, default=Told.NOTHING, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)
    ended_at = models.DateTimeField(_("nothing more is told since"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta:
        verbose_name = _("order of a system")
        verbose_name_plural = _("orders of systems")
        ordering = ("-created_at",)
        constraints = (models.UniqueConstraint(fields=["application", "system"], name="order_once"),)
        indexes = (
            models.Index(fields=["next_try_at"], condition=models.Q(ended_at__isnull=True), name="order_due"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.pk}"

    @property
    def was_given_up(self) -> bool:
        """Whether it ended without being told that it is done."""
        return self.ended_at is not None and self.cancelled_at is None and self.told != Told.COMPLETE


class Complaint(Record):
    """What a system did not like about an answer of ours. Shown to owners, and forgotten after KEPT."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+", verbose_name=_("team"))
    order = models.ForeignKey(
        Order, models.CASCADE, null=True, blank=True, related_name="complaints", verbose_name=_("order")
    )
    system = models.CharField(_("system"), max_length=12, choices=System)
    about = models.CharField(_("about the call"), max_length=100)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("complaint of a system")
        verbose_name_plural = _("complaints of systems")
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["team", "-created_at"], name="complaint_of_team"),
            models.Index(fields=["created_at"], name="complaint_age"),
        )

    def __str__(self) -> str:
        return self.about


class AshbyKey(Record):
    """The key of a team's Ashby, with which we tell it what came of an assessment. Encrypted, and never shown again."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="ashby_key", verbose_name=_("team"))
    key = models.TextField(_("key, encrypted"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("key of Ashby")
        verbose_name_plural = _("keys of Ashby")

    def __str__(self) -> str:
        return str(self.team)
