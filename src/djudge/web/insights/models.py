"""Which works were laid beside each other, and what they share."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from djudge.web.common.models import Record
from djudge.web.grading import library
from djudge.web.grading.models import Submission
from djudge.web.organizations.models import Team


class Comparison(Record):
    """The latest time that a team's submissions of one task were compared; each time replaces the one before.

    `count` says how many there were: at most the latest `likeness.MOST_COMPARED`.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="+", verbose_name=_("team"))
    task = models.CharField(_("task"), max_length=200)
    at = models.DateTimeField(_("at"), default=timezone.now)
    count = models.PositiveSmallIntegerField(_("how many"), default=0)

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        ordering = ("-at",)
        constraints = (models.UniqueConstraint(fields=["team", "task"], name="comparison_once"),)

    def __str__(self) -> str:
        return f"{self.task} ({self.count})"

    @property
    def title(self) -> str:
        """The task's; its name where it has gone from the packs."""
        card = library.cards().get(self.task)
        return card.title if card else self.task


class Likeness(Record):
    """Two submissions that share much, as facts: `lines` is how many of the lines that people wrote themselves.

    `passages` holds for each shared passage where it stands in both: path, first and last line. The texts are read from
    the submissions, which go with the candidate, and this row with them.
    """

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="found", verbose_name=_("comparison"))
    one = models.ForeignKey(Submission, models.CASCADE, related_name="like_as_one", verbose_name=_("one"))
    other = models.ForeignKey(Submission, models.CASCADE, related_name="like_as_other", verbose_name=_("the other"))
    lines = models.PositiveIntegerField(_("shared lines"))
    passages = models.JSONField(_("shared passages"))

    class Meta:
        verbose_name = _("likeness")
        verbose_name_plural = _("likenesses")
        ordering = ("-created_at",)
        constraints = (models.UniqueConstraint(fields=["one", "other"], name="likeness_once"),)

    def __str__(self) -> str:
        return str(self.pk)
