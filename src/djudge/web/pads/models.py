"""Pads: a sitting that two look at together, and what was asked of the system meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from djudge.web.common.models import Record
from djudge.web.grading.models import Submission
from djudge.web.hiring.models import ENDED
from djudge.web.interviews.models import Interview
from djudge.web.workspace.models import Sitting

#: Somebody who was heard of within this is there: their page asks every two seconds, while it is looked at.
HERE = timedelta(seconds=20)


class Pad(Record):
    """A conversation over one task, in an interview. When it ends stands in its sitting, which takes no more changes
    then; a day later both are erased.

    `file` is the one that the candidate opened last, `seen_at` when their page was last heard of, to some seconds.
    """

    interview = models.OneToOneField(Interview, models.CASCADE, related_name="pad", verbose_name=_("interview"))
    sitting = models.OneToOneField(Sitting, models.CASCADE, related_name="pad", verbose_name=_("sitting"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("opened by")
    )
    file = models.CharField(_("file that the candidate is in"), max_length=300, blank=True)
    seen_at = models.DateTimeField(_("candidate last seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("pad")
        verbose_name_plural = _("pads")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.interview_id}"

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, or has ended."""
        return self.sitting.shared_until

    @property
    def is_over(self) -> bool:
        """Whether it was ended, a day has passed, or there is nothing to talk about any more."""
        interview = self.interview
        return self.sitting.is_over or interview.cancelled_at is not None or interview.application.stage in ENDED

    @property
    def is_here(self) -> bool:
        """Whether the candidate looks at it now."""
        return self.seen_at is not None and timezone.now() - self.seen_at < HERE


class PadRun(Record):
    """A question that was asked of the system by a button, and the submission that answers it. `version` is that of the
    files that were measured."""

    class What(models.TextChoices):
        GROWTH = "growth", _("More data")
        RACE = "race", _("At the same moment")
        REPORT = "report", _("Everything")

    class Side(models.TextChoices):
        INTERVIEWER = "interviewer", _("the interviewer")
        CANDIDATE = "candidate", _("the candidate")

    pad = models.ForeignKey(Pad, models.CASCADE, related_name="runs", verbose_name=_("pad"))
    what = models.CharField(_("what was asked"), max_length=10, choices=What)
    submission = models.OneToOneField(Submission, models.CASCADE, related_name="pad_run", verbose_name=_("submission"))
    version = models.PositiveIntegerField(_("version"), default=0)
    asked_by = models.CharField(_("asked by"), max_length=12, choices=Side)

    class Meta:
        verbose_name = _("run of a pad")
        verbose_name_plural = _("runs of pads")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.get_what_display()} ({self.pad_id})"

    @property
    def seconds(self) -> int | None:
        """How long it took from the press to the answer; None before that."""
        finished = self.submission.finished_at
        return round((finished - self.created_at).total_seconds()) if finished else None
