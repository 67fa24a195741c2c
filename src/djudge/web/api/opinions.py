"""What people wrote about applications: notes, and decisions with their reasons."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from djudge.web.accounts.models import User
from djudge.web.api.creating import Created
from djudge.web.api.endpoints import Endpoint, named
from djudge.web.api.fields import Choice, Id, Said, Text, Whole
from djudge.web.api.scopes import Scope
from djudge.web.hiring import access, actions
from djudge.web.hiring.models import Application, Decision, Note
from djudge.web.organizations.permissions import May


class AuthorView(serializers.ModelSerializer[User]):
    """Who wrote it."""

    class Meta:
        model = User
        fields = ("id", "name")


class NoteView(serializers.ModelSerializer[Note]):
    """A note as it is shown."""

    author = AuthorView(allow_null=True)

    class Meta:
        model = Note
        fields = ("id", "created_at", "application", "author", "text", "rating")


class NoteFields(Said):
    """A note, with a rating from 1 (no) to 4 (yes) where you give one."""

    application = Id()
    text = Text(max_length=10_000)
    rating = Whole(min_value=1, max_value=4, required=False, allow_null=True)


class DecisionView(serializers.ModelSerializer[Decision]):
    """A decision as it is shown."""

    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    by = AuthorView(allow_null=True)

    class Meta:
        model = Decision
        fields = ("id", "created_at", "application", "outcome", "reason", "message", "by")


class DecisionFields(Said):
    """What you decide, why, and what the candidate is told by mail. Nobody is rejected without a word."""

    application = Id()
    outcome = Choice(choices=Decision.Outcome.choices)
    reason = Text(max_length=4000)
    message = Text(max_length=4000, required=False, allow_blank=True)


class NoteFilters(filters.FilterSet):
    """Which notes."""

    application = filters.UUIDFilter(field_name="application")
    author = filters.UUIDFilter(field_name="author")

    class Meta:
        model = Note
        fields = ("application", "author")


class DecisionFilters(filters.FilterSet):
    """Which decisions."""

    application = filters.UUIDFilter(field_name="application")
    outcome = filters.ChoiceFilter(choices=Decision.Outcome.choices)

    class Meta:
        model = Decision
        fields = ("application", "outcome")


class OfApplications(ListModelMixin, Endpoint):
    """What stands beside an application: listed, fetched, and written by those who may."""

    view: type[serializers.BaseSerializer[Any]]

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One of them. One statement."""
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        return Response(self.view(found).data)

    def application(self, application_id: uuid.UUID, what: May) -> Application:
        """The one that a body names, if the asker may do this about it."""
        return named("application", lambda: access.application_for(self.membership, application_id, what))

    def made(self, row: Note | Decision, name: str) -> Created:
        """What was written, with its address."""
        return Created(self.view(row).data, reverse(name, args=[row.pk]), 201, row.application.candidate_id)


@extend_schema_view(
    list=extend_schema(summary="Notes", responses=NoteView),
    retrieve=extend_schema(summary="A note", responses=NoteView),
)
class Notes(OfApplications):
    """What people wrote about applications that you may see. Nobody changes a note."""

    scopes: ClassVar = {"list": Scope.READ_NOTES, "retrieve": Scope.READ_NOTES, "create": Scope.WRITE_NOTES}
    queryset = Note.objects.none()
    serializer_class = view = NoteView
    filterset_class = NoteFilters

    def get_queryset(self) -> QuerySet[Note]:
        """One statement for a page of them."""
        return Note.objects.filter(application__in=access.applications_for(self.membership)).select_related("author")

    @extend_schema(summary="Write a note", request=NoteFields, responses={201: NoteView})
    def create(self, request: Request) -> Response:
        """In your name."""
        said = self.read(NoteFields)

        def make() -> Created:
            application = self.application(said["application"], May.WRITE_NOTES)
            note = actions.add_note(
                actor=self.membership.user, application=application, text=said["text"], rating=said.get("rating")
            )
            return self.made(note, "api:note-detail")

        return self.create_once(make)


@extend_schema_view(
    list=extend_schema(summary="Decisions", responses=DecisionView),
    retrieve=extend_schema(summary="A decision", responses=DecisionView),
)
class Decisions(OfApplications):
    """What people decided, the latest one holds. A program writes down a decision of yours; it makes none."""

    scopes: ClassVar = {
        "list": Scope.READ_CANDIDATES, "retrieve": Scope.READ_CANDIDATES, "create": Scope.WRITE_DECISIONS,
    }  # fmt: skip
    queryset = Decision.objects.none()
    serializer_class = view = DecisionView
    filterset_class = DecisionFilters

    def get_queryset(self) -> QuerySet[Decision]:
        """One statement for a page of them."""
        return Decision.objects.filter(application__in=access.applications_for(self.membership)).select_related("by")

    @extend_schema(summary="Write down a decision", request=DecisionFields, responses={201: DecisionView})
    def create(self, request: Request) -> Response:
        """Whoever decides has opened the evidence before, on the pages or by `report` or `level`."""
        said = self.read(DecisionFields)

        def make() -> Created:
            application = self.application(said["application"], May.DECIDE)
            decision = actions.decide(
                actor=self.membership.user, application=application, outcome=said["outcome"],
                reason=said["reason"], message=said.get("message", ""),
            )  # fmt: skip
            return self.made(decision, "api:decision-detail")

        return self.create_once(make)
