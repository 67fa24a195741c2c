"""The back office of jobs and candidates."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from djudge.web.common.admin import ReadOnlyAdmin, RecordAdmin
from djudge.web.hiring.models import (
    Application,
    Candidate,
    Decision,
    EvidenceView,
    Job,
    JobMember,
    Note,
    SavedFilter,
    StageChange,
)


class JobMemberInline(admin.TabularInline):  # type: ignore[type-arg]
    """Who works on a job, on its page."""

    model = JobMember
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Job)
class JobAdmin(RecordAdmin):
    """An opening."""

    list_display = ("title", "team", "state", "level_bar", "reply_days", "created_at")
    list_filter = ("state", "level_bar", "use_case")
    list_select_related = ("team",)
    search_fields = ("title", "team__name")
    inlines = (JobMemberInline,)


@admin.register(JobMember)
class JobMemberAdmin(RecordAdmin):
    """Somebody who works on a job."""

    list_display = ("user", "job", "created_at")
    list_select_related = ("user", "job")
    search_fields = ("user__email", "job__title")


@admin.register(Candidate)
class CandidateAdmin(RecordAdmin):
    """Somebody who applied."""

    list_display = ("name", "email", "team", "created_at")
    list_select_related = ("team",)
    search_fields = ("name", "email")


@admin.register(Application)
class ApplicationAdmin(RecordAdmin):
    """A candidate for a job. Stages are moved in the application itself, where the move is written down."""

    list_display = ("candidate", "job", "lane", "stage", "reply_by", "created_at")
    list_filter = ("stage", "lane")
    list_select_related = ("candidate", "job")
    search_fields = ("candidate__name", "candidate__email", "job__title")
    readonly_fields: ClassVar = ("id", "created_at", "stage", "stage_since")
    date_hierarchy = "created_at"


@admin.register(StageChange)
class StageChangeAdmin(ReadOnlyAdmin):
    """Who went from where to where, and when."""

    list_display = ("application", "before", "after", "at", "by")
    list_filter = ("after",)
    list_select_related = ("application__candidate", "application__job", "by")
    search_fields = ("application__candidate__name", "application__job__title")
    date_hierarchy = "at"


@admin.register(Note)
class NoteAdmin(ReadOnlyAdmin):
    """What people wrote."""

    list_display = ("application", "author", "rating", "created_at")
    list_select_related = ("application__candidate", "application__job", "author")
    search_fields = ("text",)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """What people decided."""

    list_display = ("application", "outcome", "by", "created_at")
    list_filter = ("outcome",)
    list_select_related = ("application__candidate", "application__job", "by")
    search_fields = ("reason",)


@admin.register(EvidenceView)
class EvidenceViewAdmin(ReadOnlyAdmin):
    """Who opened which evidence."""

    list_display = ("application", "user", "created_at")
    list_select_related = ("application__candidate", "application__job", "user")


@admin.register(SavedFilter)
class SavedFilterAdmin(ReadOnlyAdmin):
    """What people like to see of a job's candidates."""

    list_display = ("name", "job_id", "user_id", "query")
