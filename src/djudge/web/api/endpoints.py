"""What all endpoints have in common: who asks, for what, how often, and that nothing unknown is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from djudge.web.api import creating
from djudge.web.api.access import Asker
from djudge.web.api.creating import Created
from djudge.web.api.paging import BY_AGE
from djudge.web.api.scopes import Scope
from djudge.web.common.paging import Order
from djudge.web.organizations.models import Membership


class Guarded(APIView):
    """A view that counts guests, too: DRF counts nobody whom it has refused already, and tokens could be guessed."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Throttled in the place of NotAuthenticated for who comes too often."""
        try:
            super().initial(request, *args, **kwargs)
        except (NotAuthenticated, AuthenticationFailed):
            self.check_throttles(request)
            raise


class Endpoint(Guarded, GenericViewSet[Any]):
    """A resource. `scopes` names what each action needs of a token, `orders` how its list may be sorted."""

    scopes: ClassVar[Mapping[str, Scope | None]] = {}
    orders: ClassVar[Mapping[str, Order]] = BY_AGE
    lookup_value_converter = "uuid"
    http_method_names: ClassVar = ["get", "post", "put", "patch", "head"]  # type: ignore[misc]

    @property
    def asker(self) -> Asker:
        """Who asks; views run for nobody else."""
        assert isinstance(self.request.auth, Asker)
        return self.request.auth

    @property
    def membership(self) -> Membership:
        """With which membership."""
        assert self.asker.membership is not None
        return self.asker.membership

    def read[Value: serializers.BaseSerializer[Any]](self, kind: type[Value], **more: Any) -> dict[str, Any]:
        """What was sent, by a serializer; ValidationError with its fields."""
        found = kind(data=self.request.data, context=self.get_serializer_context(), **more)
        found.is_valid(raise_exception=True)
        fields: dict[str, Any] = found.validated_data
        return fields

    def create_once(self, make: Callable[[], Created]) -> Response:
        """A creation that may come with an `Idempotency-Key`."""
        return creating.create(self.request, self.membership, make)


def named[Thing](field: str, door: Callable[[], Thing]) -> Thing:
    """Something that a field of the body names, by its door: what is not there is a mistake in that field."""
    try:
        return door()
    except Http404 as error:
        raise ValidationError({field: [_("There is none with this id.")]}) from error
