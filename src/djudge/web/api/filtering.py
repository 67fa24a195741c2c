"""What an address may ask a list for. What is misspelled is refused: a filter that is ignored shows too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from rest_framework.request import Request

from djudge.web.api.paging import PARAMETERS
from djudge.web.api.problems import QueryError

if TYPE_CHECKING:  # views read the settings, which name what stands here
    from rest_framework.views import APIView


class TruthField(forms.NullBooleanField):
    """`true` or `false`, and nothing that is taken for neither."""

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]
        """ValidationError for any other word."""
        if value is None or isinstance(value, bool):
            return value
        raise forms.ValidationError(_("Please say true or false."))


class TruthWidget(forms.TextInput):
    """The words as they are in JSON."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """True, False, or what was sent instead."""
        return {"true": True, "false": False}.get(data.get(name), data.get(name))


class TruthFilter(filters.BooleanFilter):
    """Yes or no; the library's own takes every other word for "all of them"."""

    field_class = TruthField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": TruthWidget, **kwargs})


class Filters(filters.DjangoFilterBackend):
    """django-filter, with every parameter known and valid, or refused by its name."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """The rows that were asked for. No statement, but one for each row that is named by its id."""
        filterset = self.get_filterset(request, queryset, view)
        known = {*(filterset.filters if filterset else ()), *PARAMETERS}
        for name, values in request.query_params.lists():
            if name not in known:
                raise QueryError(_("This list has no parameter of that name."), name)
            if len(values) > 1 or not values[0]:
                raise QueryError(_("Please say one value, or leave the parameter out."), name)
        if filterset is None:
            return queryset
        for name, errors in filterset.errors.items():
            raise QueryError(" ".join(str(each) for each in errors), name)
        found: QuerySet[Any] = filterset.qs
        return found
