"""Baskets of buyers who have signed in, to be looked at."""

from django.contrib import admin
from django.db.models import Count

from basket.models import Basket, BasketLine


class BasketLineInline(admin.TabularInline):
    model = BasketLine
    extra = 0
    autocomplete_fields = ["variant"]


@admin.register(Basket)
class BasketAdmin(admin.ModelAdmin):
    list_display = ["owner", "filled_with"]
    list_select_related = ["owner"]
    search_fields = ["owner__username"]
    autocomplete_fields = ["owner"]
    inlines = [BasketLineInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(variants=Count("lines"))

    @admin.display(description="variants", ordering="variants")
    def filled_with(self, basket):
        return basket.variants


@admin.register(BasketLine)
class BasketLineAdmin(admin.ModelAdmin):
    list_display = ["basket", "variant", "quantity"]
    list_select_related = ["basket__owner", "variant"]
    search_fields = ["basket__owner__username", "variant__sku"]
    autocomplete_fields = ["basket", "variant"]
