"""Pages of lists by cursors: the last page costs what the first does, and what is added meanwhile moves nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from djudge.web.api.problems import QueryError
from djudge.web.common.paging import SIZE, Order, Page

if TYPE_CHECKING:  # views read the settings, which name what stands here
    from rest_framework.views import APIView

#: Rows of a page at most.
MOST: Final = 200

#: The newest first, or the oldest: ids are UUIDv7 and sorted by when they were made.
BY_AGE: Final[Mapping[str, Order]] = {
    "-created_at": Order(("id",), descending=True),
    "created_at": Order(("id",)),
}

#: What an address may say to any list.
PARAMETERS: Final = ("cursor", "limit", "ordering")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list that is sorted in one of its orders, and on which side of it the page lies."""

    ordering: str
    side: str
    place: str

    def __str__(self) -> str:
        """Opaque: nobody builds one, and what is in it may change."""
        return base64.urlsafe_b64encode(f"{self.ordering} {self.side} {self.place}".encode()).decode().rstrip("=")

    @classmethod
    def read(cls, told: str) -> Cursor | None:
        """None for what is none."""
        try:
            text = base64.urlsafe_b64decode(told.encode() + b"=" * (-len(told) % 4)).decode()
            ordering, side, place = text.split(" ", 2)
        except (ValueError, binascii.Error):
            return None
        return cls(ordering, side, place) if side in ("after", "before") and "\0" not in place else None


class Cursors(BasePagination):
    """`cursor`, `limit` and `ordering`, over the same key sets as the pages' lists (`common.paging`).

    DRF's own cursor compares one column and counts rows where values repeat: beyond a thousand it goes round in
    circles. A view names its `orders`; the first is the usual one.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """The rows of the page. One statement. QueryError for a cursor, limit or order that is none."""
        self._request = request
        orders: Mapping[str, Order] = view.orders  # type: ignore[union-attr]
        cursor = self._cursor(request, orders, queryset.model)
        self._ordering = cursor.ordering if cursor else self._asked_order(request, orders)
        asked = {cursor.side: cursor.place} if cursor else {}
        self._page: Page[Any] = orders[self._ordering].page(queryset, asked, self._limit(request))
        return list(self._page)

    def get_paginated_response(self, data: Any) -> Response:
        """With addresses of the neighbours; how many there are in all nobody counts."""
        links = {"next": self._link("after", self._page.after), "previous": self._link("before", self._page.before)}
        return Response({**links, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the schema."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """For the schema."""
        orders = list(view.orders)  # type: ignore[attr-defined]
        return [
            _parameter("cursor", "Where the page begins: from `next` or `previous`.", {"type": "string"}),
            _parameter(
                "limit", "How many at most.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": SIZE}
            ),
            _parameter("ordering", "Sorted by.", {"type": "string", "enum": orders, "default": orders[0]}),
        ]

    def _cursor(self, request: Request, orders: Mapping[str, Order], model: type[Model]) -> Cursor | None:
        told = request.query_params.get("cursor")
        if told is None:
            return None
        cursor = Cursor.read(told)
        if cursor is None or cursor.ordering not in orders or not orders[cursor.ordering].knows(model, cursor.place):
            raise QueryError(_("This is no cursor of this list: take it from `next` or `previous`."), "cursor")
        if request.query_params.get("ordering", cursor.ordering) != cursor.ordering:
            raise QueryError(_("This cursor belongs to another order."), "ordering")
        return cursor

    def _asked_order(self, request: Request, orders: Mapping[str, Order]) -> str:
        asked = request.query_params.get("ordering", next(iter(orders)))
        if asked not in orders:
            raise QueryError(_("This list is sorted by one of %(every)s.") % {"every": ", ".join(orders)}, "ordering")
        return asked

    def _limit(self, request: Request) -> int:
        told = request.query_params.get("limit", str(SIZE))
        if not (told.isascii() and told.isdigit() and len(told) < 5 and 1 <= int(told) <= MOST):
            raise QueryError(_("Please say a number from 1 to %(most)s.") % {"most": MOST}, "limit")
        return int(told)

    def _link(self, side: str, place: str) -> str | None:
        if not place:
            return None
        cursor = Cursor(self._ordering, side, place)
        return str(replace_query_param(self._request.build_absolute_uri(), "cursor", str(cursor)))


def _parameter(name: str, says: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": says, "schema": schema}
