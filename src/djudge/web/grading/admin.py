"""The back office of submissions."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from djudge.web.common.admin import ReadOnlyAdmin
from djudge.web.grading import actions
from djudge.web.grading.models import Result, Submission, Trial


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """What was handed in, and how far it is. What failed because of us can be graded again."""

    list_display = ("task", "state", "phase", "attempts", "created_at", "finished_at")
    list_filter = ("state",)
    search_fields = ("task",)
    date_hierarchy = "created_at"
    actions = ("grade_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        """Lists without the files."""
        return Submission.objects.defer("files")

    @admin.action(description=_("Grade again what failed because of us"))
    def grade_again(self, request: HttpRequest, chosen: QuerySet[Submission]) -> None:
        """Queue them once more; those that did not fail are left alone."""
        for submission in chosen:
            actions.grade_again(submission)


@admin.register(Result)
class ResultAdmin(ReadOnlyAdmin):
    """What came of submissions."""

    list_display = ("headline", "submission", "fault", "created_at")
    list_filter = ("fault",)
    list_select_related = ("submission",)
    search_fields = ("headline", "canonical_sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Result]:
        """Lists without the documents."""
        return Result.objects.defer("document", "submission__files")


@admin.register(Trial)
class TrialAdmin(ReadOnlyAdmin):
    """What candidates tried: whether it ran, and why not."""

    list_display = ("task", "state", "phase", "created_at")
    list_filter = ("state",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trial]:
        """Lists without files and outcomes."""
        return Trial.objects.defer("files", "outcome")
