"""Payments, and what the provider told: records, to be read."""

from django.contrib import admin

from orders.admin import ReadOnly
from payments.models import Payment, ProviderEvent


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "provider_id", "status", "amount", "refunded", "created_at"]
    list_filter = ["status"]
    list_select_related = ["order"]
    show_full_result_count = False
    search_fields = ["provider_id", "order__public_id__startswith"]
    date_hierarchy = "created_at"


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["event_id", "kind", "provider_id", "received_at", "processed_at"]
    list_filter = ["kind"]
    show_full_result_count = False
    search_fields = ["event_id", "provider_id"]
    date_hierarchy = "received_at"
