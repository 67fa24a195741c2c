"""Sittings and the work in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from djudge.web.assessments.models import Assessment
from djudge.web.common.models import Record
from djudge.web.grading import library
from djudge.web.grading.models import Submission, Trial
from djudge.web.hiring.models import ENDED, Application

#: After the time is over, what was on its way still counts.
GRACE = timedelta(minutes=2)


class Sitting(Record):
    """Somebody's way through an assessment. Without an application it is practice, and has no end, but for one that is
    shared: two people look at that together until `shared_until`.

    The time runs from `started_at` and follows `extra_time` of the application; `stopped` is what outages of ours
    took, and is given back.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="sittings", verbose_name=_("assessment")
    )
    application = models.OneToOneField(
        Application, models.CASCADE, null=True, blank=True, related_name="sitting", verbose_name=_("application")
    )
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("to be started until"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed to the notice"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    stopped = models.DurationField(_("given back for outages of ours"), default=timedelta)
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    redo_of = models.PositiveSmallIntegerField(_("task that may be done once more"), null=True, blank=True)
    redo_until = models.DateTimeField(_("to be begun once more until"), null=True, blank=True)
    redo_started_at = models.DateTimeField(_("begun once more"), null=True, blank=True)
    shared_until = models.DateTimeField(_("looked at together until"), null=True, blank=True)

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        ordering = ("-created_at",)
        indexes = (
            models.Index(
                fields=["shared_until"], condition=models.Q(shared_until__isnull=False), name="sitting_shared"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application or _('practice')}"

    @property
    def is_practice(self) -> bool:
        """Whether nobody is assessed by it."""
        return self.application_id is None

    @property
    def is_shared(self) -> bool:
        """Whether two people look at it together; nothing of it is handed in."""
        return self.shared_until is not None

    @property
    def has_closed(self) -> bool:
        """Whether it was shared, and is not any more."""
        return self.shared_until is not None and timezone.now() >= self.shared_until

    @property
    def is_preview(self) -> bool:
        """Whether a team goes through its own assessment."""
        return self.is_practice and self.assessment_id is not None

    @property
    def minutes(self) -> Decimal:
        """The time that this person has, in minutes; in a redo that of its one task."""
        if self.assessment is None:
            return Decimal(0)
        factor = self.application.extra_time if self.application else Decimal(1)
        if self.redo_started_at is None or self.redo_of is None:
            return self.assessment.minutes * factor
        return library.card(self.assessment.tasks[self.redo_of - 1]).minutes * factor

    @property
    def ends_at(self) -> datetime | None:
        """When the time is over; None for practice, and before the start."""
        if self.started_at is None or self.is_practice:
            return None
        return (self.redo_started_at or self.started_at) + timedelta(minutes=float(self.minutes)) + self.stopped

    @property
    def may_redo(self) -> bool:
        """Whether a redo was granted, and waits to be begun."""
        return self.redo_started_at is None and self.redo_until is not None and timezone.now() < self.redo_until

    @property
    def is_out_of_time(self) -> bool:
        """Whether the time is over, with the grace, whatever was handed in."""
        return self.ends_at is not None and timezone.now() > self.ends_at + GRACE

    @property
    def has_ended(self) -> bool:
        """Whether the application has: nothing is asked of the candidate any more."""
        return self.application is not None and self.application.stage in ENDED

    @property
    def is_over(self) -> bool:
        """Whether nothing more is taken: handed in, out of time, closed, or the application has ended."""
        return self.has_ended or self.handed_in_at is not None or self.is_out_of_time or self.has_closed

    @property
    def was_ended_by_the_clock(self) -> bool:
        """Whether what was saved was handed in for the candidate, because the time was over."""
        end = self.ends_at
        return end is not None and self.handed_in_at is not None and self.handed_in_at > end + GRACE


class Work(Record):
    """One task of a sitting. `files` are the changed ones, as they were last saved; `version` counts the saves.

    A save names the version that it changes: of two tabs the second one is told, and overwrites nothing.
    """

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="works", verbose_name=_("sitting"))
    task = models.CharField(_("task"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    files = models.JSONField(_("files"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    first_saved_at = models.DateTimeField(_("first saved"), null=True, blank=True)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    submission = models.OneToOneField(
        Submission, models.SET_NULL, null=True, blank=True, related_name="work", verbose_name=_("submission")
    )

    trial = models.OneToOneField(
        Trial, models.SET_NULL, null=True, blank=True, related_name="work", verbose_name=_("latest trial")
    )

    class Meta:
        verbose_name = _("work on a task")
        verbose_name_plural = _("work on tasks")
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["sitting", "task"], name="work_once"),)

    def __str__(self) -> str:
        return f"{self.task} ({self.sitting_id})"

    @property
    def card(self) -> library.TaskCard:
        """The task."""
        return library.card(self.task)


class FormerSubmission(Record):
    """What stood in a work's place before its present submission. It stays to be read beside it."""

    class Why(models.TextChoices):
        REDO = "redo", _("the task was done once more")
        REGRADE = "regrade", _("it was graded again")

    work = models.ForeignKey(Work, models.CASCADE, related_name="former", verbose_name=_("work"))
    submission = models.OneToOneField(Submission, models.CASCADE, related_name="former", verbose_name=_("submission"))
    why = models.CharField(_("why"), max_length=10, choices=Why)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("former submission")
        verbose_name_plural = _("former submissions")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.get_why_display()}: {self.work_id}"


class Regrade(Record):
    """A preview of a new grading of what was handed in. It counts for nothing until a person adopts it."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="regrades", verbose_name=_("work"))
    submission = models.OneToOneField(Submission, models.CASCADE, related_name="regrade", verbose_name=_("submission"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    ended_at = models.DateTimeField(_("adopted or dropped"), null=True, blank=True)

    class Meta:
        verbose_name = _("new grading")
        verbose_name_plural = _("new gradings")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=["work"], condition=models.Q(ended_at=None), name="regrade_open_once"),
        )

    def __str__(self) -> str:
        return f"{self.work_id}"


class Appeal(Record):
    """Something that a candidate asks about a result; a person answers, in their own words."""

    class Kind(models.TextChoices):
        FINDING = "finding", _("I think that a finding is wrong")
        PERSON = "person", _("I would like a person to look at it")
        REDO = "redo", _("I would like to do this task once more")

    work = models.ForeignKey(Work, models.CASCADE, related_name="appeals", verbose_name=_("work"))
    kind = models.CharField(_("what is asked"), max_length=10, choices=Kind)
    check_id = models.CharField(_("check"), max_length=100, blank=True)
    title = models.CharField(_("finding"), max_length=200, blank=True)
    text = models.TextField(_("in their words"), max_length=4000)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    answer = models.TextField(_("answer"), blank=True, max_length=4000)
    granted_redo = models.BooleanField(_("the task was opened once more"), default=False)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["work"], condition=models.Q(answered_at=None), name="appeal_open"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}".strip()


class Pulse(models.Model):
    """When the platform was last heard of: one row. A gap in it is an outage of ours, and time that candidates lost."""

    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("pulse")
        verbose_name_plural = _("pulse")

    def __str__(self) -> str:
        return str(self.at)
