"""Interviews as they were planned, and what raters filed about them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from djudge.web.api.endpoints import Endpoint
from djudge.web.api.fields import Choice, Said, Text, Truth, Whole
from djudge.web.api.filtering import TruthFilter
from djudge.web.api.opinions import AuthorView
from djudge.web.api.problems import NotNowError
from djudge.web.api.scopes import Scope
from djudge.web.interviews import access, actions, selectors
from djudge.web.interviews.forms import ScorecardForm
from djudge.web.interviews.models import Anchor, Interview, Kit, Rating, Scorecard


class RatingView(serializers.ModelSerializer[Rating]):
    """One question with its answer."""

    anchor = serializers.ChoiceField(choices=Anchor.choices, allow_blank=True)
    ticked = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Rating
        fields = (
            "position", "question_id", "text", "because", "listen_for", "bullet", "was_asked", "ticked", "anchor",
            "anchor_text", "quote",
        )  # fmt: skip


class ScorecardView(serializers.ModelSerializer[Scorecard]):
    """A scorecard as it is shown."""

    application = serializers.UUIDField(source="interview.application_id")
    kit = serializers.ChoiceField(choices=Kit.choices, source="interview.kit")
    rater = AuthorView(allow_null=True)
    ratings = RatingView(many=True)

    class Meta:
        model = Scorecard
        fields = ("id", "created_at", "interview", "application", "kit", "rater", "filed_at", "remarks", "ratings")


class AnswerFields(Said):
    """What you made of the answer to one question, in its position on the card."""

    position = Whole(min_value=1, max_value=1000)
    was_asked = Truth(default=True)
    ticked = serializers.ListField(child=Text(max_length=100), required=False, max_length=50)
    anchor = Choice(choices=Anchor.choices, required=False, allow_blank=True)
    quote = Text(max_length=4000, required=False, allow_blank=True)


class ScorecardFields(Said):
    """Your answers. Questions that you leave out stay as they are."""

    remarks = Text(max_length=4000, required=False, allow_blank=True)
    answers = AnswerFields(many=True, required=False)


class ScorecardFilters(filters.FilterSet):
    """Which scorecards."""

    application = filters.UUIDFilter(field_name="interview__application")
    interview = filters.UUIDFilter(field_name="interview")
    is_filed = TruthFilter(field_name="filed_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Scorecard
        fields = ("application", "interview", "is_filed")


@extend_schema_view(list=extend_schema(summary="Scorecards", responses=ScorecardView))
class Scorecards(ListModelMixin, Endpoint):
    """Your own scorecards, and what others filed: not before you have filed yours on the same candidate."""

    scopes: ClassVar = {
        "list": Scope.READ_NOTES, "retrieve": Scope.READ_NOTES,
        "partial_update": Scope.WRITE_NOTES, "file": Scope.WRITE_NOTES,
    }  # fmt: skip
    queryset = Scorecard.objects.none()
    serializer_class = ScorecardView
    filterset_class = ScorecardFilters

    def get_queryset(self) -> QuerySet[Scorecard]:
        """Two statements for a page of them."""
        told = selectors.filed_ratings(self.membership).filter(scorecard=OuterRef("pk"))
        found = Scorecard.objects.filter(interview__in=access.interviews_for(self.membership))
        found = found.filter(Q(rater=self.membership.user_id) | Exists(told))
        return found.select_related("rater", "interview").prefetch_related("ratings")

    @extend_schema(summary="A scorecard", responses=ScorecardView)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One of them. Two statements."""
        return Response(ScorecardView(self._one(self.get_queryset(), pk)).data)

    @extend_schema(summary="Keep answers", request=ScorecardFields, responses=ScorecardView)
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Keep what you have so far, complete or not. Nobody else sees it before it is filed."""
        return self._written(pk, is_filed=False)

    @extend_schema(summary="File a scorecard", request=ScorecardFields, responses=ScorecardView)
    @action(detail=True, methods=["post"])
    def file(self, request: Request, pk: uuid.UUID) -> Response:
        """Hand it in, complete: from now on it counts, others see it, and nobody changes it."""
        return self._written(pk, is_filed=True)

    def _written(self, pk: uuid.UUID, *, is_filed: bool) -> Response:
        said = self.read(ScorecardFields)
        card = self._one(self.get_queryset().filter(rater=self.membership.user_id), pk)
        if card.interview.cancelled_at is not None:
            raise NotNowError(_("This interview was cancelled."))
        form = ScorecardForm(_as_sent(card, said), scorecard=card, is_filed=is_filed)
        if not form.is_valid():
            raise ValidationError(_by_answer(form))
        write = actions.file if is_filed else actions.save
        try:
            write(scorecard=card, answers=form.answers(), remarks=form.cleaned_data["remarks"])
        except actions.FiledError as error:
            raise NotNowError(str(error)) from error
        return self.retrieve(self.request, pk)

    def _one(self, found: QuerySet[Scorecard], pk: uuid.UUID) -> Scorecard:
        card = found.filter(pk=pk).first()
        if card is None:
            raise Http404
        return card


def _as_sent(card: Scorecard, said: Mapping[str, Any]) -> QueryDict:
    """What was said, over what stands on the card, as the page's form sends it: both are held to the same."""
    answers = {each["position"]: each for each in said.get("answers", ())}
    if unknown := set(answers) - {rating.position for rating in card.ratings.all()}:
        raise ValidationError({"answers": [_("There is no question at %(position)s.") % {"position": min(unknown)}]})
    form = QueryDict(mutable=True)
    form["remarks"] = said.get("remarks", card.remarks)
    for rating in card.ratings.all():
        answer = answers.get(rating.position, {})
        form.setlist(f"heard-{rating.position}", answer.get("ticked", rating.ticked))
        form[f"quote-{rating.position}"] = answer.get("quote", rating.quote)
        form[f"anchor-{rating.position}"] = answer.get("anchor", rating.anchor)
        if not answer.get("was_asked", rating.was_asked):
            form[f"skip-{rating.position}"] = "on"
    return form


_NAMES = {"heard": "ticked", "quote": "quote", "anchor": "anchor", "skip": "was_asked"}


def _by_answer(form: ScorecardForm) -> dict[str, Any]:
    """The form's mistakes by the names that the API has for them."""
    found: dict[str, Any] = {}
    for name, errors in form.errors.items():
        part, _dash, position = name.partition("-")
        where = f"answers.{position}.{_NAMES[part]}" if position else name.replace("__all__", "non_field_errors")
        found[where] = [str(each) for each in errors]
    return found


class RaterView(serializers.Serializer[Scorecard]):
    """Who listens, and whether they have filed; what, is told by scorecards alone."""

    rater = AuthorView(allow_null=True)
    filed_at = serializers.DateTimeField(allow_null=True)


class InterviewView(serializers.ModelSerializer[Interview]):
    """A conversation as it was planned, with who listens."""

    kit = serializers.ChoiceField(choices=Kit.choices)
    raters = RaterView(many=True, source="scorecards")

    class Meta:
        model = Interview
        fields = ("id", "created_at", "application", "kit", "minutes", "at", "cancelled_at", "raters")


class InterviewFilters(filters.FilterSet):
    """Which interviews."""

    application = filters.UUIDFilter(field_name="application")

    class Meta:
        model = Interview
        fields = ("application",)


@extend_schema_view(list=extend_schema(summary="Interviews", responses=InterviewView))
class Interviews(ListModelMixin, Endpoint):
    """Interviews of candidates whom you may see. They are planned on the pages."""

    scopes: ClassVar = {"list": Scope.READ_NOTES, "retrieve": Scope.READ_NOTES}
    queryset = Interview.objects.none()
    serializer_class = InterviewView
    filterset_class = InterviewFilters

    def get_queryset(self) -> QuerySet[Interview]:
        """Two statements for a page of them."""
        cards = Prefetch("scorecards", Scorecard.objects.select_related("rater"))
        return access.interviews_for(self.membership).prefetch_related(cards)

    @extend_schema(summary="An interview", responses=InterviewView)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One of them. Two statements."""
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        return Response(InterviewView(found).data)
