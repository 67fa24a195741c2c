"""The back office of comparisons. Its lists name no candidate: what two works share is read on the application's page,
by people who decide, beside the explanations."""

from __future__ import annotations

from django.contrib import admin

from djudge.web.common.admin import ReadOnlyAdmin
from djudge.web.insights.models import Comparison, Likeness


@admin.register(Comparison)
class ComparisonAdmin(ReadOnlyAdmin):
    """When a team's submissions of a task were compared."""

    list_display = ("task", "team", "count", "at")
    list_select_related = ("team",)
    search_fields = ("task", "team__name")


@admin.register(Likeness)
class LikenessAdmin(ReadOnlyAdmin):
    """That something was found, and when."""

    list_display = ("id", "comparison", "created_at")
    list_select_related = ("comparison",)
    search_fields = ("comparison__task",)
    fields = ("id", "comparison", "lines", "created_at")
