"""The beginning of the API: what there is, who asks, and what is not there."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter

from djudge.web.api.endpoints import Endpoint, Guarded
from djudge.web.api.scopes import Scope
from djudge.web.organizations.models import Role
from djudge.web.organizations.permissions import May, allowed_to


class Router(DefaultRouter):
    """DRF's router with path converters, and with a root of ours."""

    include_format_suffixes = False
    include_root_view = False

    def __init__(self) -> None:
        super().__init__(use_regex_path=False)


class PersonView(serializers.Serializer[Any]):
    """Somebody of the team."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()


class TeamView(serializers.Serializer[Any]):
    """The team."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class MeView(serializers.Serializer[Any]):
    """Who asks: the person, the team, what they may do there, and what the token was made for."""

    person = PersonView()
    team = TeamView()
    role = serializers.ChoiceField(choices=Role.choices)
    may = serializers.ListField(
        child=serializers.ChoiceField(choices=[(each.name.lower(), each.value) for each in May])
    )
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))


class Me(Endpoint):
    """Who asks."""

    scopes: ClassVar = {"list": None}
    pagination_class = None
    filter_backends = ()
    serializer_class = MeView

    @extend_schema(operation_id="me", summary="Who you are here", responses=forced_singular_serializer(MeView))  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        """The person, the team that the token or session is for, and what both allow. No statement more."""
        mine = self.membership
        facts = {
            "person": mine.user,
            "team": mine.team,
            "role": mine.role,
            "may": sorted(each.name.lower() for each in allowed_to(mine.role)),
            "scopes": sorted(self.asker.scopes),
        }
        return Response(MeView(facts).data)


class Nothing(Guarded):
    """Addresses below /api/v1/ at which there is nothing: told to members only, and in the API's own shape."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Guests hear that they are guests; everybody else that there is nothing."""
        super().initial(request, *args, **kwargs)
        raise Http404(_("There is nothing at this address. All of them end with a slash."))
