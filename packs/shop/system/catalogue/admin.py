"""The back office: every table, each list with a fixed number of queries however many rows it shows."""

from django.contrib import admin

from catalogue.models import Brand, Category, Product, ProductImage, Rating, Tag, Variant
from catalogue.templatetags.shop import money

admin.site.site_header = "Stallhouse"
admin.site.site_title = "Stallhouse"
admin.site.index_title = "Back office"


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name", "parent", "slug", "position"]
    list_editable = ["position"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Brand)
class BrandAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class VariantInline(admin.TabularInline):
    model = Variant
    extra = 0


class ProductImageInline(admin.TabularInline):
    model = ProductImage
    extra = 0


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "sku", "brand", "category", "cost", "published"]
    list_per_page = 50
    list_filter = ["published", "category"]
    list_select_related = ["brand", "category"]
    show_full_result_count = False
    search_fields = ["name", "sku__iexact"]
    autocomplete_fields = ["brand", "category", "tags"]
    prepopulated_fields = {"slug": ["name"]}
    date_hierarchy = "added_at"
    inlines = [VariantInline, ProductImageInline]
    actions = ["publish", "take_down"]

    @admin.display(description="price", ordering="price")
    def cost(self, product):
        return money(product.price, product.currency)

    @admin.action(description="Publish the selected products", permissions=["change"])
    def publish(self, request, queryset):
        self.message_user(request, f"{queryset.update(published=True)} published.")

    @admin.action(description="Take the selected products down", permissions=["change"])
    def take_down(self, request, queryset):
        self.message_user(request, f"{queryset.update(published=False)} taken down.")


@admin.register(Variant)
class VariantAdmin(admin.ModelAdmin):
    list_display = ["sku", "name", "product", "price_override", "stock"]
    list_select_related = ["product"]
    list_editable = ["stock"]
    show_full_result_count = False
    search_fields = ["sku", "product__name"]
    autocomplete_fields = ["product"]


@admin.register(ProductImage)
class ProductImageAdmin(admin.ModelAdmin):
    list_display = ["product", "drawing", "alt", "is_main", "position"]
    list_filter = ["is_main"]
    list_select_related = ["product"]
    show_full_result_count = False
    search_fields = ["product__name", "drawing"]
    autocomplete_fields = ["product"]


@admin.register(Rating)
class RatingAdmin(admin.ModelAdmin):
    list_display = ["product", "stars", "author", "created_at"]
    list_filter = ["stars"]
    list_select_related = ["product"]
    show_full_result_count = False
    search_fields = ["product__name", "author"]
    autocomplete_fields = ["product"]
    date_hierarchy = "created_at"
