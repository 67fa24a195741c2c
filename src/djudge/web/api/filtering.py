"""What an address may ask a list for. What is misspelled is refused: a filter that is ignored shows too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from djudge.web.api.paging import PARAMETERS
from djudge.web.api.problems import QueryError

if TYPE_CHECKING:  # views read the settings, which name what stands here
    from rest_framework.views import APIView


class Filters(DjangoFilterBackend):
    """django-filter, with every parameter known and valid, or refused by its name."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """The rows that were asked for. No statement, but one for each row that is named by its id."""
        filterset = self.get_filterset(request, queryset, view)
        known = {*(filterset.filters if filterset else ()), *PARAMETERS}
        for name in request.query_params:
            if name not in known:
                raise QueryError(_("This list has no parameter of that name."), name)
        if filterset is None:
            return queryset
        for name, errors in filterset.errors.items():
            raise QueryError(" ".join(str(each) for each in errors), name)
        return filterset.qs
