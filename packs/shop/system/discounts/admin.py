"""Discount codes."""

from django.contrib import admin

from discounts.models import Code


@admin.register(Code)
class CodeAdmin(admin.ModelAdmin):
    list_display = ["word", "percent", "amount", "minimum", "first_day", "last_day"]
    list_filter = ["first_day", "last_day"]
    search_fields = ["word"]
    autocomplete_fields = ["not_for_brands", "not_for_tags"]
