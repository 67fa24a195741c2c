"""The back office of readings: to be looked at."""

from __future__ import annotations

from django.contrib import admin

from djudge.web.common.admin import ReadOnlyAdmin
from djudge.web.resumes.models import Answer, Correction, Reading


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    """What was read of files."""

    list_display = ("application_id", "state", "reader", "attempts", "created_at", "finished_at")
    list_filter = ("state",)
    search_fields = ("file", "trouble")


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    """What candidates corrected."""

    list_display = ("reading_id", "created_at")


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    """What people answered about signals."""

    list_display = ("signal", "said", "verdict", "reading_id", "created_at")
    list_filter = ("verdict",)
    search_fields = ("signal", "note")
