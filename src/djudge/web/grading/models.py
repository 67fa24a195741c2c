"""Submissions on their way through the judge, and what came of them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from djudge.web.common.models import Record


class State(models.TextChoices):
    """Where a submission is. `OUR_FAULT`: it was tried again and again, and says nothing about the candidate."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being graded")
    GRADED = "graded", _("graded")
    OUR_FAULT = "our_fault", _("could not be graded: our fault")


#: What data are drawn for where nobody is assessed: whoever practises may see all that was measured.
PRACTICE = "practice"


class Submission(Record):
    """The files that somebody changed for a task, handed in once and never altered.

    `files` maps paths to texts, `assessment` says for what the data are drawn, `announced` which other systems are told
    of what (`actions.Announced`). `run` names the worker's hold on it: a
    job that is delivered twice, or comes back after its worker was taken for dead, finds another's name there and
    leaves it alone. `started_at` is when the latest run took it. `alive_at` is set with every phase and every few
    seconds; where it is old the hold is broken and the submission queued again.
    """

    task = models.CharField(_("task"), max_length=200)
    assessment = models.CharField(_("drawn for"), max_length=40, default=PRACTICE)
    files = models.JSONField(_("files"))
    announced = models.JSONField(_("announced as, when it is finished"), null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.QUEUED)
    phase = models.CharField(_("phase"), max_length=200, blank=True)
    run = models.UUIDField(_("run"), null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    alive_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    started_at = models.DateTimeField(_("grading begun"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    trouble = models.TextField(_("what went wrong on our side"), blank=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ("-created_at",)
        indexes = (
            models.Index(
                fields=["created_at"], condition=models.Q(state__in=["queued", "running"]), name="submission_unfinished"
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in (State.GRADED, State.OUR_FAULT)


class Result(Record):
    """The report of a submission: one, whatever happens to workers. `document` is the engine's JSON.

    The columns beside it are what lists show, so that no list loads a document.
    """

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="result", verbose_name=_("submission"))
    document = models.TextField(_("document"))
    canonical_sha256 = models.CharField(_("digest"), max_length=64)
    headline = models.CharField(_("headline"), max_length=300)
    bullets = models.JSONField(_("bullets"), default=dict)
    fault = models.CharField(_("whose fault"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.headline


class Trial(Record):
    """One press of "Run": the visible tests on files as they are now, and PostgreSQL's view of each of their requests.

    For the person at work alone: it counts for nothing, and nobody keeps it for long.
    """

    task = models.CharField(_("task"), max_length=200)
    files = models.JSONField(_("files"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.QUEUED)
    phase = models.CharField(_("phase"), max_length=200, blank=True)
    alive_at = models.DateTimeField(_("last sign of life"), default=timezone.now)
    outcome = models.JSONField(_("outcome"), null=True, blank=True)
    trouble = models.TextField(_("why it did not run"), blank=True)

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in (State.GRADED, State.OUR_FAULT)
