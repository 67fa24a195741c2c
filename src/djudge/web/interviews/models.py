"""Interviews as they were planned, and what each rater made of the answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from djudge.web.common.models import Record
from djudge.web.hiring.models import Application
from djudge.web.interviews.zones import zone_of


class Kit(models.TextChoices):
    """What kind of conversation it is."""

    PHONE = "phone", _("Phone screen")
    DEVELOPER = "developer", _("Interview of a developer")
    ARCHITECT = "architect", _("Interview of an architect")


class Anchor(models.TextChoices):
    """Where an answer belongs, from the lowest to the highest."""

    JUNIOR = "junior", _("Junior")
    MIDDLE = "middle", _("In between")
    SENIOR = "senior", _("Senior")


class Interview(Record):
    """A conversation with a candidate, as it was planned. Its questions are written down as rows of each scorecard, so
    that what was rated stays what was asked, whatever becomes of the bank.

    `at` is empty where it is held at once, or where people agree on a time elsewhere; the candidate is told of those
    with a time alone. `zone` is where that time was meant. `domain` is what its questions are about. `sequence` counts
    the changes, as calendars want it.
    """

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="interviews", verbose_name=_("application")
    )
    kit = models.CharField(_("kit"), max_length=12, choices=Kit)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    at = models.DateTimeField(_("at"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    place = models.CharField(_("where"), max_length=300, blank=True)
    domain = models.CharField(_("what it is about"), max_length=120, blank=True)
    names_listeners = models.BooleanField(_("the candidate is told who listens"), default=False)
    sequence = models.PositiveIntegerField(_("changes"), default=0)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("planned by")
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.get_kit_display()}, {self.application}"

    @property
    def when(self) -> str:
        """Its time in words, where it was meant; empty without one."""
        if self.at is None:
            return ""
        local = self.at.astimezone(zone_of(self.zone))
        return f"{date_format(local, 'D j M Y, H:i')} {self.zone}"

    @property
    def ends_at(self) -> datetime | None:
        """When its minutes are over; None without a time."""
        return self.at + timedelta(minutes=self.minutes) if self.at else None


class Scorecard(Record):
    """What one person heard in an interview. Nobody else sees it before it is filed, and then nobody changes it."""

    interview = models.ForeignKey(Interview, models.CASCADE, related_name="scorecards", verbose_name=_("interview"))
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("rater")
    )
    remarks = models.TextField(_("what else should be known"), blank=True, max_length=4000)
    filed_at = models.DateTimeField(_("filed"), null=True, blank=True)

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        ordering = ("created_at",)
        constraints = (models.UniqueConstraint(fields=["interview", "rater"], name="scorecard_once"),)
        indexes = (models.Index(fields=["rater"], condition=models.Q(filed_at=None), name="scorecard_to_be_filed"),)

    def __str__(self) -> str:
        return f"{self.rater_id} on {self.interview_id}"


class Rating(Record):
    """One question of a scorecard with its answer: what was ticked, the anchor, and the candidate's own words.

    `because` and `listen_for` are there for questions that were made from the candidate's own measured work. The
    anchor's text is copied when the card is filed: what somebody was held against stays readable.
    """

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="ratings", verbose_name=_("scorecard"))
    position = models.PositiveSmallIntegerField(_("position"))
    question_id = models.CharField(_("question in the bank"), max_length=40, blank=True)
    text = models.CharField(_("question"), max_length=600)
    because = models.CharField(_("because"), max_length=600, blank=True)
    listen_for = models.CharField(_("listen for"), max_length=1000, blank=True)
    bullet = models.CharField(_("bullet"), max_length=40, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    was_asked = models.BooleanField(_("was asked"), default=True)
    ticked = models.JSONField(_("what was heard"), default=list, blank=True)
    anchor = models.CharField(_("anchor"), max_length=10, choices=Anchor, blank=True)
    anchor_text = models.CharField(_("the anchor says"), max_length=1000, blank=True)
    quote = models.TextField(_("in the candidate's words"), blank=True, max_length=4000)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["scorecard", "position"], name="rating_once"),)

    def __str__(self) -> str:
        return f"{self.text[:60]}: {self.anchor or '–'}"


class CalibrationRating(Record):
    """Where somebody put a recorded answer while they practised, kept because they asked for it, and for nobody else.

    Once for each answer: after the comparison everybody knows where it belongs. `created_at` is when. `sample` is the
    answer's key in the bank; an answer that was worded anew is another one.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calibration_ratings", verbose_name=_("person")
    )
    question_id = models.CharField(_("question in the bank"), max_length=40)
    sample = models.CharField(_("recorded answer"), max_length=12)
    anchor = models.CharField(_("anchor"), max_length=10, choices=Anchor)

    class Meta:
        verbose_name = _("rating kept for calibration")
        verbose_name_plural = _("ratings kept for calibration")
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(fields=["user", "question_id", "sample"], name="calibration_rating_once"),
        )

    def __str__(self) -> str:
        return f"{self.question_id} {self.sample}"
