"""Readings of résumés, what candidates corrected in them, and what people answered about the signals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from djudge.web.common.models import Record
from djudge.web.hiring.models import Application
from djudge.web.resumes.signals import State as Said


class State(models.TextChoices):
    """Where a reading is. `READ` says that it came to an end, not that there was anything to read."""

    WAITING = "waiting", _("waiting to be read")
    READING = "reading", _("being read")
    READ = "read", _("read")
    OUR_FAULT = "our_fault", _("not read: our fault")


class Reading(Record):
    """One reading of one file. `content` is what `reading.parts.written` says; `reader` names what read it, because
    another version may read otherwise, and `sha256` which bytes were read.

    A file that is replaced keeps its readings, because what people answered hangs on them; the latest one of the
    present file holds.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="readings", verbose_name=_("application"))
    file = models.CharField(_("file"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    sha256 = models.CharField(_("digest of the file"), max_length=64, blank=True)
    reader = models.CharField(_("reader"), max_length=100, blank=True)
    content = models.JSONField(_("what was read"), default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    run = models.UUIDField(_("run"), null=True, blank=True)
    alive_at = models.DateTimeField(_("taken"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    trouble = models.TextField(_("why it was not read"), blank=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["application", "file"],
                condition=models.Q(state__in=(State.WAITING, State.READING)),
                name="reading_open_once",
            ),
        )
        indexes = (
            models.Index(fields=["created_at", "id"], name="reading_in_order"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=(State.WAITING, State.READING)),
                name="reading_unfinished",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id}: {self.get_state_display()}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self.state in (State.READ, State.OUR_FAULT)


class Correction(Record):
    """A candidate's own words in the place of what was read: pairs of heading and text. The latest one holds; the
    reading stays beside it."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="corrections", verbose_name=_("reading"))
    sections = models.JSONField(_("sections"), default=list)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.reading_id}"


class Answer(Record):
    """Somebody confirmed or dismissed what a signal says. The latest one of a signal holds.

    `said` is what the signal said then, `correction` the text that it was about; empty: what was read of the file.
    """

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        DISMISSED = "dismissed", _("dismissed")

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="answers", verbose_name=_("reading"))
    correction = models.ForeignKey(
        Correction, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("corrected text")
    )
    signal = models.CharField(_("signal"), max_length=40)
    said = models.CharField(_("what it said"), max_length=20, choices=[(each.value, each.value) for each in Said])
    verdict = models.CharField(_("answer"), max_length=10, choices=Verdict)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("answer about a signal")
        verbose_name_plural = _("answers about signals")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["reading", "signal", "-created_at"], name="answer_latest"),)

    def __str__(self) -> str:
        return f"{self.signal}: {self.get_verdict_display()}"
