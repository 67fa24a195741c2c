"""Orders in the back office: what was agreed with a buyer is read here and not rewritten; statuses go step by step."""

from django.contrib import admin, messages

from catalogue.templatetags.shop import money
from orders.models import Order, OrderEvent, OrderLine, Reservation
from orders.states import IllegalChange, Status, change_status


class ReadOnly:
    """Rows that are a record: nobody adds, changes or deletes them by hand."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class OrderLineInline(ReadOnly, admin.TabularInline):
    model = OrderLine
    extra = 0
    fields = ["sku", "name", "brand", "unit_price", "quantity", "tracking"]


class OrderEventInline(ReadOnly, admin.TabularInline):
    model = OrderEvent
    extra = 0
    fields = ["at", "before", "after", "by"]


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["number", "buyer", "status", "cost", "placed_at"]
    list_filter = ["status", "country"]
    list_select_related = ["buyer"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["buyer__username", "name", "public_id__startswith"]
    date_hierarchy = "placed_at"
    inlines = [OrderLineInline, OrderEventInline]
    actions = ["cancel", "refund"]
    readonly_fields = [
        "number", "public_id", "buyer", "status", "placed_at", "code", "currency", "subtotal", "discount", "total",
    ]  # fmt: skip

    @admin.display(description="total", ordering="total")
    def cost(self, order):
        return money(order.total, order.currency)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description="Cancel the selected orders", permissions=["change"])
    def cancel(self, request, queryset):
        self._change_all(request, queryset, Status.CANCELLED)

    @admin.action(description="Mark the selected orders as refunded", permissions=["change"])
    def refund(self, request, queryset):
        self._change_all(request, queryset, Status.REFUNDED)

    def _change_all(self, request, orders, after):
        done = 0
        for order in orders.order_by("pk"):
            try:
                change_status(order, after, by=request.user)
                done += 1
            except IllegalChange as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
        self.message_user(request, f"{done} changed.")


@admin.register(OrderLine)
class OrderLineAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "sku", "name", "brand", "unit_price", "quantity"]
    list_select_related = ["order", "brand"]
    show_full_result_count = False
    search_fields = ["sku", "name"]


@admin.register(Reservation)
class ReservationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "variant", "quantity", "expires_at", "state"]
    list_filter = ["state"]
    list_select_related = ["order", "variant"]
    show_full_result_count = False
    search_fields = ["variant__sku"]


@admin.register(OrderEvent)
class OrderEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "before", "after", "by", "at"]
    list_filter = ["after"]
    list_select_related = ["order", "by"]
    show_full_result_count = False
    search_fields = ["order__public_id__startswith"]
