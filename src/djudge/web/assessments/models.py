"""An assessment of a team."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from djudge.web.common.models import Record
from djudge.web.grading import library
from djudge.web.organizations.models import Team


class Lane(models.TextChoices):
    """Who it is for. Both lead to the same table, and a person chooses."""

    DJANGO_READY = "django-ready", _("Django-ready")
    PYTHON_STRONG = "python-strong", _("Python-strong, new to Django")


class AiPolicy(models.TextChoices):
    """What candidates are told about AI assistants before they begin; the judge measures the same way in each case."""

    ALLOWED = "allowed", _("AI assistants are allowed")
    DECLARED = "declared", _("AI assistants are allowed, and said")
    FORBIDDEN = "forbidden", _("No AI assistants")


class Assessment(Record):
    """Tasks in order, by their names in the packs. `answers` holds a reason for each wish of the guide that it breaks.

    Once somebody was invited it is never changed; a changed one is a new one, and this one `replaced`.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="assessments", verbose_name=_("team"))
    title = models.CharField(_("title"), max_length=120)
    lane = models.CharField(_("lane"), max_length=20, choices=Lane, default=Lane.DJANGO_READY)
    tasks = models.JSONField(_("tasks"), default=list)
    ai_policy = models.CharField(_("AI policy"), max_length=20, choices=AiPolicy, default=AiPolicy.DECLARED)
    answers = models.JSONField(_("reasons"), default=dict, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ("title",)
        constraints = (
            models.UniqueConstraint(
                fields=["team", "title"], name="assessment_title_once", condition=models.Q(archived_at=None)
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def cards(self) -> list[library.TaskCard]:
        """Its tasks in order; one that has gone from the packs is left out."""
        every = library.cards()
        return [every[name] for name in self.tasks if name in every]

    @property
    def minutes(self) -> int:
        """How long its tasks take together."""
        return sum(card.minutes for card in self.cards)
