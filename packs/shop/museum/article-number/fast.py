from catalogue.models import Variant


def found_by_number(typed):
    """The article with this number, in whatever case it was typed at the till."""
    variant = Variant.objects.select_related("product").get(sku__iexact=typed)
    return [(variant.sku, variant.product.name, variant.name, variant.stock)]
