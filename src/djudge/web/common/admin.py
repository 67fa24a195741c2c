"""How the back office lists things: newest first, by pages, with as many statements for many rows as for few."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest


class RecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Ids and moments are never changed by hand; relations are looked up and not listed whole."""

    list_per_page = 50
    show_full_result_count = False
    readonly_fields: ClassVar[tuple[str, ...]] = ("id", "created_at")

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Every relation to something that can be searched for."""
        return [
            field.name
            for field in self.model._meta.get_fields()
            if isinstance(field, models.ForeignKey | models.OneToOneField) and self._searchable(field)
        ]

    def _searchable(self, field: Any) -> bool:
        found = self.admin_site._registry.get(field.remote_field.model)
        return bool(found and found.search_fields)


class ReadOnlyAdmin(RecordAdmin):
    """To be read: nobody adds, changes or removes one here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never; looking is what `view` allows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
