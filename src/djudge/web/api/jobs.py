"""Jobs and the assessments that they use."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from djudge.web.api.creating import Created
from djudge.web.api.endpoints import Endpoint, named
from djudge.web.api.fields import Choice, Id, Line, Said, Text, Whole
from djudge.web.api.filtering import TruthFilter
from djudge.web.api.paging import BY_AGE
from djudge.web.api.scopes import Scope
from djudge.web.api.tagging import require_match, tagged
from djudge.web.assessments import proposals
from djudge.web.assessments.access import assessment_for
from djudge.web.assessments.models import AiPolicy, Assessment, Lane
from djudge.web.common.paging import Order
from djudge.web.hiring import access, actions
from djudge.web.hiring.models import Builds, Job, UseCase
from djudge.web.organizations.access import require
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May


class JobView(serializers.ModelSerializer[Job]):
    """A job as it is shown."""

    builds = serializers.ListField(child=serializers.ChoiceField(choices=Builds.choices))

    class Meta:
        model = Job
        fields = (
            "id", "created_at", "title", "description", "domain", "builds", "use_case", "level_bar", "bar_reason",
            "reply_days", "assessment", "python_assessment", "state",
        )  # fmt: skip


class JobFields(Said):
    """What can be said of a job. What is left out is proposed, as on the pages."""

    title = Line(max_length=120)
    description = Text(max_length=10_000, required=False, allow_blank=True)
    domain = Line(max_length=120, required=False, allow_blank=True)
    builds = serializers.ListField(child=Choice(choices=Builds.choices), allow_empty=False, max_length=len(Builds))
    use_case = Choice(choices=UseCase.choices)
    level_bar = Whole(min_value=1, max_value=3, required=False)
    bar_reason = Text(max_length=2000, required=False, allow_blank=True)
    reply_days = Whole(min_value=1, max_value=30, required=False)
    assessment = Id(required=False, allow_null=True)
    python_assessment = Id(required=False, allow_null=True)
    state = Choice(choices=Job.State.choices, required=False)


class JobFilters(filters.FilterSet):
    """Which jobs."""

    title = filters.CharFilter(lookup_expr="icontains", max_length=120, help_text="Titles with this text in them.")
    state = filters.ChoiceFilter(choices=Job.State.choices)
    use_case = filters.ChoiceFilter(choices=UseCase.choices)

    class Meta:
        model = Job
        fields = ("title", "state", "use_case")


@extend_schema_view(list=extend_schema(summary="Jobs", responses=JobView))
class Jobs(ListModelMixin, Endpoint):
    """Openings that somebody may see: the team's, or for interviewers those in which they were named."""

    scopes: ClassVar = {
        "list": Scope.READ_JOBS, "retrieve": Scope.READ_JOBS,
        "create": Scope.WRITE_JOBS, "partial_update": Scope.WRITE_JOBS,
    }  # fmt: skip
    queryset = Job.objects.none()
    orders: ClassVar = {**BY_AGE, "title": Order(("title", "id")), "-title": Order(("title", "id"), descending=True)}
    serializer_class = JobView
    filterset_class = JobFilters

    def get_queryset(self) -> QuerySet[Job]:
        """No statement yet."""
        return access.jobs_for(self.membership)

    @extend_schema(summary="A job", responses=JobView)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One of them, with an ETag. One statement."""
        return tagged(request, JobView(access.job_for(self.membership, pk)).data)

    @extend_schema(summary="Create a job", request=JobFields, responses={200: JobView, 201: JobView})
    def create(self, request: Request) -> Response:
        """A new opening; what you leave out is proposed from what is built and for what."""
        require(self.membership, May.EDIT_JOBS)
        said = self.read(JobFields)

        def make() -> Created:
            proposed = proposals.for_job(
                self.membership.team, self.membership.user,
                title=said["title"], builds=said["builds"], use_case=said["use_case"],
            )  # fmt: skip
            fields = proposed | _resolved(self.membership, said)
            job = actions.create_job(actor=self.membership.user, team=self.membership.team, fields=fields)
            return Created(JobView(job).data, reverse("api:job-detail", args=[job.pk]))

        return self.create_once(make)

    @extend_schema(summary="Change a job", request=JobFields(partial=True), responses=JobView)
    @transaction.atomic
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Change some of its fields; with `If-Match` only where it is still as you have seen it."""
        access.job_for(self.membership, pk, May.EDIT_JOBS)
        said = self.read(JobFields, partial=True)
        Job.objects.select_for_update().only("pk").get(pk=pk)
        job = access.job_for(self.membership, pk, May.EDIT_JOBS)
        require_match(request, JobView(job).data)
        if said:
            actions.change_job(actor=self.membership.user, job=job, fields=_resolved(self.membership, said))
        return tagged(request, JobView(job).data)


def _resolved(membership: Membership, said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with the assessments that they name: one of the team's, for its lane, that is still offered."""
    fields = dict(said)
    for name, lane in (("assessment", Lane.DJANGO_READY), ("python_assessment", Lane.PYTHON_STRONG)):
        if (wanted := fields.get(name)) is not None:
            fields[name] = named(name, lambda: assessment_for(membership, wanted, offered_in=lane))  # noqa: B023
    return fields


class AssessmentView(serializers.ModelSerializer[Assessment]):
    """An assessment as it is shown."""

    lane = serializers.ChoiceField(choices=Lane.choices)
    tasks = serializers.ListField(child=serializers.CharField())
    minutes = serializers.IntegerField()
    ai_policy = serializers.ChoiceField(choices=AiPolicy.choices)

    class Meta:
        model = Assessment
        fields = ("id", "created_at", "title", "lane", "tasks", "minutes", "ai_policy", "archived_at")


class AssessmentFilters(filters.FilterSet):
    """Which assessments."""

    lane = filters.ChoiceFilter(choices=Lane.choices)
    is_archived = TruthFilter(field_name="archived_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Assessment
        fields = ("lane", "is_archived")


@extend_schema_view(list=extend_schema(summary="Assessments", responses=AssessmentView))
class Assessments(ListModelMixin, Endpoint):
    """What candidates of the team are asked. They are put together on the pages."""

    queryset = Assessment.objects.none()
    scopes: ClassVar = {"list": Scope.READ_JOBS, "retrieve": Scope.READ_JOBS}
    serializer_class = AssessmentView
    filterset_class = AssessmentFilters

    def get_queryset(self) -> QuerySet[Assessment]:
        """No statement yet."""
        return Assessment.objects.filter(team=self.membership.team_id)

    @extend_schema(summary="An assessment", responses=AssessmentView)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One of them. One statement."""
        return Response(AssessmentView(assessment_for(self.membership, pk)).data)
