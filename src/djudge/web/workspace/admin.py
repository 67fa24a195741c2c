"""The back office of sittings."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from djudge.web.common.admin import ReadOnlyAdmin, RecordAdmin
from djudge.web.workspace.models import Appeal, FormerSubmission, Pulse, Regrade, Sitting, Work


@admin.register(Sitting)
class SittingAdmin(RecordAdmin):
    """Somebody's way through an assessment; `stopped` is where an outage of ours is given back."""

    list_display = ("__str__", "assessment", "invited_at", "started_at", "handed_in_at")
    list_filter = (("started_at", admin.EmptyFieldListFilter), ("handed_in_at", admin.EmptyFieldListFilter))
    list_select_related = ("assessment", "application__candidate", "application__job")
    search_fields = ("application__candidate__name", "application__candidate__email")
    readonly_fields: ClassVar = ("id", "created_at", "agreed_at", "started_at", "handed_in_at")


@admin.register(Work)
class WorkAdmin(ReadOnlyAdmin):
    """What was saved for a task."""

    list_display = ("task", "sitting_id", "position", "version", "saved_at")
    search_fields = ("task",)


@admin.register(FormerSubmission)
class FormerSubmissionAdmin(ReadOnlyAdmin):
    """What stood in the place of a present submission."""

    list_display = ("work_id", "why", "submission_id", "created_at")
    list_filter = ("why",)


@admin.register(Regrade)
class RegradeAdmin(ReadOnlyAdmin):
    """Previews of new gradings."""

    list_display = ("work_id", "submission_id", "created_at", "ended_at")


@admin.register(Appeal)
class AppealAdmin(RecordAdmin):
    """What candidates ask about their results, and what was answered."""

    list_display = ("__str__", "work_id", "created_at", "answered_at", "granted_redo")
    list_filter = ("kind", ("answered_at", admin.EmptyFieldListFilter))
    search_fields = ("title", "text")
    readonly_fields: ClassVar = ("id", "created_at", "answered_at")


@admin.register(Pulse)
class PulseAdmin(ReadOnlyAdmin):
    """When the platform was last heard of."""

    list_display = ("at",)
    readonly_fields: ClassVar = ("at",)
