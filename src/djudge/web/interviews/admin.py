"""The back office of interviews: to be read, because a scorecard is what somebody said, and nobody rewrites it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from djudge.web.common.admin import ReadOnlyAdmin
from djudge.web.interviews.models import CalibrationRating, Interview, Rating, Scorecard


@admin.register(Interview)
class InterviewAdmin(ReadOnlyAdmin):
    """A conversation that was planned."""

    list_display = ("application", "kit", "minutes", "at", "cancelled_at", "created_at")
    list_filter = ("kit",)
    list_select_related = ("application__candidate", "application__job")
    search_fields = ("application__candidate__name",)


@admin.register(Scorecard)
class ScorecardAdmin(ReadOnlyAdmin):
    """What one person heard."""

    list_display = ("interview", "rater", "filed_at", "created_at")
    list_select_related: ClassVar = ("interview__application__candidate", "interview__application__job", "rater")
    search_fields = ("rater__email",)


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    """One answer."""

    list_display = ("text", "anchor", "was_asked", "scorecard", "created_at")
    list_filter = ("anchor",)
    list_select_related: ClassVar = ("scorecard",)
    search_fields = ("text",)


@admin.register(CalibrationRating)
class CalibrationRatingAdmin(ReadOnlyAdmin):
    """That something was kept, and about what. Whose it is and what they chose is theirs, here as well."""

    list_display = ("question_id", "sample", "created_at")
    search_fields = ("question_id",)
    fields = ("id", "created_at", "question_id", "sample")
