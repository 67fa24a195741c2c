"""Counts that end: how many there are, up to a thousand, at the same cost whether there are more or not."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import IntegerField, QuerySet, Subquery

#: Whoever sees this number reads "or more".
MOST: Final = 1000


class Counted(Subquery):
    """A subquery's rows, counted as far as MOST: for an annotation beside each row of a page.

    The subquery's order should be an index's own, so that it is read no further than it is counted.
    """

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, queryset: QuerySet[Any], **extra: Any) -> None:
        super().__init__(queryset.values("pk")[:MOST], **extra)


def counted(queryset: QuerySet[Any]) -> int:
    """The rows of a queryset, counted as far as MOST. One statement."""
    return queryset.values("pk")[:MOST].count()
