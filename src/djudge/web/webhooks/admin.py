"""The back office of webhooks, to be read. Secrets are not shown, not even encrypted."""

from __future__ import annotations

from django.contrib import admin

from djudge.web.common.admin import ReadOnlyAdmin
from djudge.web.webhooks.models import Attempt, Delivery, Endpoint


@admin.register(Endpoint)
class EndpointAdmin(ReadOnlyAdmin):
    """Which systems teams want told, and which of them answer."""

    list_display = ("host", "team", "is_on", "off_because", "failures", "failing_since")
    list_filter = ("is_on", "off_because")
    list_select_related = ("team",)
    search_fields = ("address", "team__name")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What was told."""

    list_display = ("event", "endpoint", "state", "attempts", "last_status", "created_at", "next_try_at")
    list_filter = ("state", "event")
    list_select_related = ("endpoint",)
    search_fields = ("event_id", "endpoint__address")
    date_hierarchy = "created_at"


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    """Each try, with what was answered."""

    list_display = ("delivery", "status", "trouble", "milliseconds", "created_at")
    list_select_related = ("delivery",)
    search_fields = ("trouble", "answer")
    date_hierarchy = "created_at"
