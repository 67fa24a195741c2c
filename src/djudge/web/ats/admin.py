"""The back office of applicant tracking systems: to be read."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from djudge.web.ats.models import AshbyKey, Complaint, Order
from djudge.web.common.admin import ReadOnlyAdmin


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """What was sent from elsewhere."""

    list_display = ("id", "system", "application_id", "told", "attempts", "trouble", "ended_at")
    list_filter = ("system",)
    search_fields = ("application__candidate__name",)
    exclude: ClassVar = ("key",)


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    """What systems did not like."""

    list_display = ("about", "system", "team", "created_at")
    list_select_related = ("team",)
    search_fields = ("about",)


@admin.register(AshbyKey)
class AshbyKeyAdmin(ReadOnlyAdmin):
    """Which teams have one."""

    list_display = ("team", "by", "created_at")
    list_select_related = ("team", "by")
    search_fields = ("team__name",)
    exclude: ClassVar = ("key",)
