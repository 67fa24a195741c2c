"""Pages of long lists: each begins after a row and not after a number of rows, so the last one costs what the first
does, and somebody who is added meanwhile moves nobody over the edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

#: Rows of a page.
SIZE: Final = 50

_BETWEEN: Final = "~"


@dataclass(frozen=True, slots=True)
class Page[Row: Model]:
    """Some rows of a list. `before` and `after` name the places where its neighbours begin; empty: there is none."""

    object_list: Sequence[Row]
    before: str = ""
    after: str = ""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)


@dataclass(frozen=True, slots=True)
class Order:
    """By which fields a list is sorted, all in one direction. Together they are unique, and an index has them."""

    fields: tuple[str, ...]
    descending: bool = False

    def page[Row: Model](self, rows: QuerySet[Row], asked: Mapping[str, str], size: int = SIZE) -> Page[Row]:
        """The page that an address asks for by `after` or `before`; the first one for anything else. One statement."""
        if place := self._place(rows.model, asked.get("before", "")):
            found = list(self._beyond(rows, place, backwards=True)[: size + 1])
            return self._page(found[:size][::-1], has_before=len(found) > size, has_after=True)
        place = self._place(rows.model, asked.get("after", ""))
        found = list(self._beyond(rows, place, backwards=False)[: size + 1])
        return self._page(found[:size], has_before=bool(place), has_after=len(found) > size)

    def knows(self, model: type[Model], told: str) -> bool:
        """Whether this can be a place in such a list."""
        return bool(self._place(model, told))

    def sorted[Row: Model](self, rows: QuerySet[Row], *, backwards: bool = False) -> QuerySet[Row]:
        """The list in this order."""
        sign = "-" if self.descending != backwards else ""
        return rows.order_by(*(f"{sign}{name}" for name in self.fields))

    def _beyond[Row: Model](self, rows: QuerySet[Row], place: tuple[Any, ...], *, backwards: bool) -> QuerySet[Row]:
        """Compared as a row, which an index answers; a chain of ORs would be read from the day's first on."""
        if place:
            lookup = TupleLessThan if self.descending != backwards else TupleGreaterThan
            rows = rows.filter(lookup(Tuple(*self.fields), place))
        return self.sorted(rows, backwards=backwards)

    def _page[Row: Model](self, rows: Sequence[Row], *, has_before: bool, has_after: bool) -> Page[Row]:
        if not rows:
            return Page(rows)
        return Page(rows, self._told(rows[0]) if has_before else "", self._told(rows[-1]) if has_after else "")

    def _told(self, row: Model) -> str:
        return _BETWEEN.join(field.value_to_string(row) for field in self._of(type(row)))

    def _place(self, model: type[Model], told: str) -> tuple[Any, ...]:
        """The place that was told, or none where it can't be one: addresses are typed by anybody."""
        words, fields = told.split(_BETWEEN), self._of(model)
        if len(words) != len(fields):
            return ()
        try:
            place = tuple(field.to_python(word) for field, word in zip(fields, words, strict=True))
        except ValidationError:
            return ()
        return () if None in place else place

    def _of(self, model: type[Model]) -> list[Field[Any, Any]]:
        every: dict[str, Field[Any, Any]] = {field.name: field for field in model._meta.fields}
        return [every[name] for name in self.fields]
