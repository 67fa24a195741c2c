"""Invitations to sittings, what was handed in there, and what came of it."""

from __future__ import annotations

import json
import uuid
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from djudge.web.api.creating import Created
from djudge.web.api.endpoints import Endpoint, named
from djudge.web.api.fields import Id, Said
from djudge.web.api.filtering import TruthFilter
from djudge.web.api.scopes import Scope
from djudge.web.grading import actions as grading
from djudge.web.grading import library, reports
from djudge.web.grading.models import State, Submission
from djudge.web.hiring import access as hiring_access
from djudge.web.hiring import actions as hiring
from djudge.web.organizations.permissions import May
from djudge.web.workspace import access, actions
from djudge.web.workspace.models import Sitting, Work


class WorkView(serializers.ModelSerializer[Work]):
    """One task of a sitting. `submission` is empty until it is handed in."""

    title = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()

    class Meta:
        model = Work
        fields = ("position", "task", "title", "saved_at", "submission", "state")

    def get_title(self, work: Work) -> str:
        """The task's; its name where it has gone from the packs."""
        return _title(work.task)

    def get_state(self, work: Work) -> str:
        """Of the submission; empty until there is one."""
        return work.submission.state if work.submission else ""


class InvitationView(serializers.ModelSerializer[Sitting]):
    """An invitation and the sitting that follows from it. The candidate's link is theirs alone, and not shown."""

    minutes = serializers.FloatField(help_text="The time that this person has, with their extra time.")
    ends_at = serializers.DateTimeField(allow_null=True)
    is_over = serializers.BooleanField()
    works = WorkView(many=True, source="laid_out")

    class Meta:
        model = Sitting
        fields = (
            "id", "application", "assessment", "invited_at", "expires_at", "started_at", "minutes", "ends_at",
            "handed_in_at", "is_over", "works",
        )  # fmt: skip


class InvitationFields(Said):
    """Whom to invite: to the assessment of their lane, by mail."""

    application = Id()


class InvitationFilters(filters.FilterSet):
    """Which invitations."""

    application = filters.UUIDFilter(field_name="application")
    job = filters.UUIDFilter(field_name="application__job")
    is_handed_in = TruthFilter(field_name="handed_in_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Sitting
        fields = ("application", "job", "is_handed_in")


@extend_schema_view(list=extend_schema(summary="Invitations", responses=InvitationView))
class Invitations(ListModelMixin, Endpoint):
    """Invitations of candidates to an assessment, and how far they are."""

    scopes: ClassVar = {
        "list": Scope.READ_CANDIDATES, "retrieve": Scope.READ_CANDIDATES, "create": Scope.WRITE_CANDIDATES,
    }  # fmt: skip
    queryset = Sitting.objects.none()
    serializer_class = InvitationView
    filterset_class = InvitationFilters

    def get_queryset(self) -> QuerySet[Sitting]:
        """Two statements for a page of them, whose files stay where they are."""
        works = Work.objects.select_related("submission").defer("files", "submission__files").order_by("position")
        found = access.sittings_for(self.membership).select_related("assessment", "application")
        return found.prefetch_related(Prefetch("works", works, to_attr="laid_out"))

    @extend_schema(summary="An invitation", responses=InvitationView)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One of them. Two statements."""
        return Response(self._shown(pk))

    @extend_schema(
        summary="Invite a candidate", request=InvitationFields, responses={200: InvitationView, 201: InvitationView}
    )
    def create(self, request: Request) -> Response:
        """Invite somebody. Who was invited already gets the mail once more, and you get 200."""
        said = self.read(InvitationFields)

        def make() -> Created:
            wanted = said["application"]
            application = named(
                "application", lambda: hiring_access.application_for(self.membership, wanted, May.MANAGE_CANDIDATES)
            )
            was_there = Sitting.objects.filter(application=application).exists()
            sitting = actions.invite(actor=self.membership.user, application=application)
            return Created(
                self._shown(sitting.pk), reverse("api:invitation-detail", args=[sitting.pk]),
                200 if was_there else 201, application.candidate_id,
            )  # fmt: skip

        return self.create_once(make)

    def _shown(self, pk: uuid.UUID) -> dict[str, Any]:
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        shown: dict[str, Any] = InvitationView(found).data
        return shown


class SubmissionView(serializers.ModelSerializer[Submission]):
    """What was handed in for a task, where it is in the judge, and what came of it in a line."""

    application = serializers.UUIDField(source="work.sitting.application_id")
    invitation = serializers.UUIDField(source="work.sitting_id")
    position = serializers.IntegerField(source="work.position")
    title = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=State.choices)
    headline = serializers.SerializerMethodField()
    bullets = serializers.SerializerMethodField()
    fault = serializers.SerializerMethodField(help_text="Whose fault it was where nothing could be measured.")

    class Meta:
        model = Submission
        fields = (
            "id", "created_at", "application", "invitation", "position", "task", "title", "state", "phase",
            "started_at", "finished_at", "headline", "bullets", "fault",
        )  # fmt: skip

    def get_title(self, submission: Submission) -> str:
        """The task's."""
        return _title(submission.task)

    def get_headline(self, submission: Submission) -> str:
        """Empty until it is graded."""
        return submission.result.headline if hasattr(submission, "result") else ""

    def get_bullets(self, submission: Submission) -> dict[str, str]:
        """The guide's bullets that the task tells of, each with what was shown."""
        return submission.result.bullets if hasattr(submission, "result") else {}

    def get_fault(self, submission: Submission) -> str:
        """Empty where everything could be measured."""
        return submission.result.fault if hasattr(submission, "result") else ""


class SubmissionFilters(filters.FilterSet):
    """Which submissions."""

    application = filters.UUIDFilter(field_name="work__sitting__application")
    job = filters.UUIDFilter(field_name="work__sitting__application__job")
    invitation = filters.UUIDFilter(field_name="work__sitting")
    state = filters.ChoiceFilter(choices=State.choices)
    task = filters.CharFilter(max_length=200)

    class Meta:
        model = Submission
        fields = ("application", "job", "invitation", "state", "task")


@extend_schema_view(list=extend_schema(summary="Submissions", responses=SubmissionView))
class Submissions(ListModelMixin, Endpoint):
    """What candidates handed in and what counts; former and further gradings are on the pages."""

    scopes: ClassVar = {
        "list": Scope.READ_EVIDENCE, "retrieve": Scope.READ_EVIDENCE, "report": Scope.READ_EVIDENCE,
        "grade_again": Scope.WRITE_EVIDENCE,
    }  # fmt: skip
    queryset = Submission.objects.none()
    serializer_class = SubmissionView
    filterset_class = SubmissionFilters

    def get_queryset(self) -> QuerySet[Submission]:
        """One statement for a page of them, without files and documents."""
        visible = hiring_access.applications_for(self.membership)
        found = Submission.objects.filter(work__sitting__application__in=visible)
        return found.select_related("work__sitting", "result").defer("files", "work__files", "result__document")

    @extend_schema(summary="A submission", responses=SubmissionView)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One of them. One statement."""
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        return Response(SubmissionView(found).data)

    @extend_schema(summary="The report of a submission", responses=OpenApiTypes.OBJECT)
    @action(detail=True)
    def report(self, request: Request, pk: uuid.UUID) -> Response:
        """The report as the team may see it (docs/reference/report-1.schema.json). Looking at it is noted."""
        submission, application = access.submission_for(self.membership, pk)
        if not hasattr(submission, "result"):
            raise Http404
        hiring.open_evidence(actor=self.membership.user, application=application)
        return Response(json.loads(reports.for_team(submission.result)))

    @extend_schema(summary="Grade a submission again", request=None, responses=SubmissionView)
    @action(detail=True, methods=["post"], url_path="grade-again")
    def grade_again(self, request: Request, pk: uuid.UUID) -> Response:
        """Once more, where it could not be graded and the fault was ours; else nothing happens."""
        submission, application = access.submission_for(self.membership, pk)
        hiring_access.application_for(self.membership, application.pk, May.MANAGE_CANDIDATES)
        grading.grade_again(submission)
        return self.retrieve(request, pk)


def _title(task: str) -> str:
    card = library.cards().get(task)
    return card.title if card else task
