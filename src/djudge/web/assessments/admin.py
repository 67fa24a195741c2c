"""The back office of assessments."""

from __future__ import annotations

from django.contrib import admin

from djudge.web.assessments.models import Assessment
from djudge.web.common.admin import RecordAdmin


@admin.register(Assessment)
class AssessmentAdmin(RecordAdmin):
    """A set of tasks of a team."""

    list_display = ("title", "team", "lane", "ai_policy", "archived_at", "created_at")
    list_filter = ("lane", "ai_policy", ("archived_at", admin.EmptyFieldListFilter))
    list_select_related = ("team",)
    search_fields = ("title", "team__name")
