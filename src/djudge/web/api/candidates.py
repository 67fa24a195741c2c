"""Candidates and their applications, with what the team does about them."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from typing import ClassVar, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
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
from djudge.web.api.fields import Address, Choice, Id, Line, Number, Said
from djudge.web.api.filtering import TruthFilter
from djudge.web.api.paging import BY_AGE
from djudge.web.api.scopes import Scope
from djudge.web.api.tagging import require_match, tagged
from djudge.web.assessments.models import Lane
from djudge.web.common.paging import Order
from djudge.web.hiring import access, actions
from djudge.web.hiring.models import OPEN, Application, Candidate, Stage
from djudge.web.hiring.selectors import like
from djudge.web.hiring.steps import MOVABLE
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May
from djudge.web.workspace import selectors


class CandidateInApplication(serializers.ModelSerializer[Candidate]):
    """Who applied."""

    class Meta:
        model = Candidate
        fields = ("id", "name", "email")


class ApplicationView(serializers.ModelSerializer[Application]):
    """An application as it is shown. `reply_by` is what the candidate was promised."""

    candidate = CandidateInApplication()
    lane = serializers.ChoiceField(choices=Lane.choices)
    stage = serializers.ChoiceField(choices=Stage.choices)
    is_overdue = serializers.BooleanField()
    has_resume = serializers.SerializerMethodField()
    extra_time = serializers.FloatField(help_text="1.5 is half as much time again.")

    class Meta:
        model = Application
        fields = (
            "id", "created_at", "job", "candidate", "lane", "stage", "stage_since", "reply_by", "is_overdue",
            "extra_time", "has_resume",
        )  # fmt: skip

    def get_has_resume(self, application: Application) -> bool:
        """Whether a file came with it."""
        return bool(application.resume)


class ApplicationOfCandidate(serializers.ModelSerializer[Application]):
    """Where somebody is in one job."""

    stage = serializers.ChoiceField(choices=Stage.choices)

    class Meta:
        model = Application
        fields = ("id", "job", "stage")


class CandidateView(serializers.ModelSerializer[Candidate]):
    """A candidate with those of their applications that you may see."""

    applications = ApplicationOfCandidate(many=True, source="visible")

    class Meta:
        model = Candidate
        fields = ("id", "created_at", "name", "email", "applications")


class CandidateFilters(filters.FilterSet):
    """Which candidates."""

    q = filters.CharFilter(method="by_text", max_length=100, help_text="Name or address with this text in it.")
    email = filters.CharFilter(lookup_expr="iexact", max_length=254)

    class Meta:
        model = Candidate
        fields = ("q", "email")

    def by_text(self, found: QuerySet[Candidate], name: str, text: str) -> QuerySet[Candidate]:
        """Found by the same indexes as on the pages."""
        return found.filter(like(text, ""))


@extend_schema_view(list=extend_schema(summary="Candidates", responses=CandidateView))
class Candidates(ListModelMixin, Endpoint):
    """People who applied for jobs that you may see."""

    scopes: ClassVar = {"list": Scope.READ_CANDIDATES, "retrieve": Scope.READ_CANDIDATES}
    queryset = Candidate.objects.none()
    serializer_class = CandidateView
    filterset_class = CandidateFilters

    def get_queryset(self) -> QuerySet[Candidate]:
        """Two statements for a page of them."""
        visible = access.applications_for(self.membership)
        found = Candidate.objects.filter(Exists(visible.filter(candidate=OuterRef("pk"))))
        own = Prefetch("applications", visible.order_by("-id"), to_attr="visible")
        return found.filter(team=self.membership.team_id).prefetch_related(own)

    @extend_schema(summary="A candidate", responses=CandidateView)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One of them. Two statements."""
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        return Response(CandidateView(found).data)


class ApplicationFields(Said):
    """Somebody whom the team enters. They are told by mail."""

    job = Id()
    name = Line(max_length=120)
    email = Address(max_length=254)
    lane = Choice(choices=Lane.choices, default=Lane.DJANGO_READY)


#: Where an application can be moved without a decision.
MOVES: Final = [(each.value, each.label) for each in MOVABLE]


class MoveFields(Said):
    """Where to. Every other stage is reached by inviting, by working, or by a decision."""

    stage = Choice(choices=MOVES)


class ExtraTimeFields(Said):
    """Every deadline follows from it."""

    extra_time = Number(min_value=1, max_value=3, help_text="1.5 is half as much time again.")


class ApplicationFilters(filters.FilterSet):
    """Which applications."""

    job = filters.UUIDFilter(field_name="job")
    candidate = filters.UUIDFilter(field_name="candidate")
    stage = filters.ChoiceFilter(choices=Stage.choices)
    lane = filters.ChoiceFilter(choices=Lane.choices)
    is_overdue = TruthFilter(method="by_promise", help_text="Whether an answer is late.")
    q = filters.CharFilter(method="by_text", max_length=100, help_text="Name or address with this text in it.")

    class Meta:
        model = Application
        fields = ("job", "candidate", "stage", "lane", "is_overdue", "q")

    def by_promise(self, found: QuerySet[Application], name: str, value: bool) -> QuerySet[Application]:
        """As `Application.is_overdue` has it."""
        late = {"stage__in": OPEN, "reply_by__lt": timezone.localdate()}
        return found.filter(**late) if value else found.exclude(**late)

    def by_text(self, found: QuerySet[Application], name: str, text: str) -> QuerySet[Application]:
        """Found by the same indexes as on the pages."""
        return found.filter(like(text))


@extend_schema_view(list=extend_schema(summary="Applications", responses=ApplicationView))
class Applications(ListModelMixin, Endpoint):
    """Candidates for jobs."""

    scopes: ClassVar = {
        "list": Scope.READ_CANDIDATES, "retrieve": Scope.READ_CANDIDATES, "create": Scope.WRITE_CANDIDATES,
        "move": Scope.WRITE_CANDIDATES, "extra_time": Scope.WRITE_CANDIDATES,
        "level": Scope.READ_EVIDENCE,
    }  # fmt: skip
    orders: ClassVar = {
        **BY_AGE, "reply_by": Order(("reply_by", "id")), "-reply_by": Order(("reply_by", "id"), descending=True),
    }  # fmt: skip
    queryset = Application.objects.none()
    serializer_class = ApplicationView
    filterset_class = ApplicationFilters

    def get_queryset(self) -> QuerySet[Application]:
        """One statement for a page of them."""
        return access.applications_for(self.membership).select_related("candidate")

    @extend_schema(summary="An application", responses=ApplicationView)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One of them, with an ETag. One statement."""
        return tagged(request, ApplicationView(access.application_for(self.membership, pk)).data)

    @extend_schema(
        summary="Enter a candidate", request=ApplicationFields, responses={200: ApplicationView, 201: ApplicationView}
    )
    def create(self, request: Request) -> Response:
        """Enter somebody for a job. Who applied for it already is answered with 200 and stays as they are."""
        said = self.read(ApplicationFields)

        def make() -> Created:
            job = named("job", lambda: access.job_for(self.membership, said["job"], May.MANAGE_CANDIDATES))
            is_known = job.applications.filter(candidate__email=said["email"].lower()).exists()
            application = actions.apply(
                job=job, name=said["name"], email=said["email"], lane=said["lane"], by=self.membership.user
            )
            return Created(
                ApplicationView(application).data, reverse("api:application-detail", args=[application.pk]),
                200 if is_known else 201, application.candidate_id,
            )  # fmt: skip

        return self.create_once(make)

    @extend_schema(summary="Move an application", request=MoveFields, responses=ApplicationView)
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def move(self, request: Request, pk: uuid.UUID) -> Response:
        """Put right by hand what happened elsewhere; with `If-Match` only from the state that you have seen."""
        application = _locked(self.membership, pk)
        said = self.read(MoveFields)
        require_match(request, ApplicationView(application).data)
        actions.move(application=application, stage=Stage(said["stage"]), actor=self.membership.user)
        return tagged(request, ApplicationView(application).data)

    @extend_schema(summary="Give extra time", request=ExtraTimeFields, responses=ApplicationView)
    @action(detail=True, methods=["post"], url_path="extra-time")
    @transaction.atomic
    def extra_time(self, request: Request, pk: uuid.UUID) -> Response:
        """A factor for all deadlines, one that runs already too."""
        application = _locked(self.membership, pk)
        said = self.read(ExtraTimeFields)
        require_match(request, ApplicationView(application).data)
        actions.give_extra_time(
            actor=self.membership.user,
            application=application,
            factor=Decimal(str(said["extra_time"])).quantize(Decimal("0.01")),
        )
        return tagged(request, ApplicationView(application).data)

    @extend_schema(summary="Where the evidence places a candidate", responses=OpenApiTypes.OBJECT)
    @action(detail=True)
    def level(self, request: Request, pk: uuid.UUID) -> Response:
        """Over all tasks of the sitting (docs/reference/assessment-1.schema.json). Looking at it is noted.

        Seven statements, and some milliseconds for each report.
        """
        application = access.application_for(self.membership, pk)
        sitting = selectors.sitting_of(application)
        results = selectors.results_of([sitting]).get(sitting.pk, []) if sitting else []
        placed = selectors.placed_for(self.membership, sitting, results) if sitting else None
        if placed is None:
            raise Http404
        actions.open_evidence(actor=self.membership.user, application=application)
        return Response(json.loads(placed.to_json()))


def _locked(membership: Membership, pk: uuid.UUID) -> Application:
    """An application that nobody else changes until the transaction ends. Three statements."""
    access.application_for(membership, pk, May.MANAGE_CANDIDATES)
    Application.objects.select_for_update().only("pk").get(pk=pk)
    return access.application_for(membership, pk, May.MANAGE_CANDIDATES)
