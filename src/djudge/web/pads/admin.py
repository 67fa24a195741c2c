"""The back office of pads: to be read, while they are there."""

from __future__ import annotations

from django.contrib import admin

from djudge.web.common.admin import ReadOnlyAdmin
from djudge.web.pads.models import Pad, PadRun


@admin.register(Pad)
class PadAdmin(ReadOnlyAdmin):
    """A conversation over a running system."""

    list_display = ("interview_id", "made_by", "file", "seen_at", "created_at")
    list_select_related = ("made_by",)
    search_fields = ("interview__application__candidate__name",)


@admin.register(PadRun)
class PadRunAdmin(ReadOnlyAdmin):
    """A question that was asked of the system."""

    list_display = ("what", "asked_by", "version", "submission_id", "created_at")
    list_filter = ("what", "asked_by")
